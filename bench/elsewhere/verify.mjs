/**
 * Verifies what a running site hands out with libraries that are not ours: the document with Digital Bazaar's
 * jsonld-signatures, the token and the QR code with jose.
 *
 *   npm install jose@6 jsonld-signatures@11 @digitalbazaar/data-integrity@2 @digitalbazaar/eddsa-rdfc-2022-cryptosuite@1
 *   node bench/elsewhere/verify.mjs FOLDER
 *
 * FOLDER holds credential.json, credential.jwt, qr.txt, did.json, jwks.json and status.json as the site answers them.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";

const folder = path.resolve(process.argv[2]);
const here = createRequire(pathToFileURL(path.join(process.cwd(), "package.json")));
const load = async (name) => import(pathToFileURL(here.resolve(name)));
const read = (name) => readFileSync(path.join(folder, name), "utf8").trim();
const contexts = path.join(import.meta.dirname || path.dirname(new URL(import.meta.url).pathname), "../../lms/adapters/contexts");
const context = (name) => JSON.parse(readFileSync(path.join(contexts, name), "utf8"));
const did = JSON.parse(read("did.json"));

const documents = {
  "https://www.w3.org/ns/credentials/v2": context("credentials-v2.json"),
  "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": context("open-badges-3.0.3.json"),
  "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": context("open-badges-extensions.json"),
  [did.id]: did,
};
did.verificationMethod.forEach((method) => {
  documents[method.id] = { "@context": "https://w3id.org/security/multikey/v1", ...method };
});

async function documentLoader(url) {
  if (!(url in documents)) throw new Error(`not at hand: ${url}`);
  return { contextUrl: null, documentUrl: url, document: documents[url], tag: "static" };
}

const jsigs = (await load("jsonld-signatures")).default;
const { DataIntegrityProof } = await load("@digitalbazaar/data-integrity");
const { cryptosuite } = await load("@digitalbazaar/eddsa-rdfc-2022-cryptosuite");
const jose = await load("jose");

async function fits(document) {
  const purpose = new jsigs.purposes.AssertionProofPurpose();
  const found = await jsigs.verify(document, { suite: new DataIntegrityProof({ cryptosuite }), purpose, documentLoader });
  if (!found.verified && process.env.VERBOSE) console.log(found.error, found.error && found.error.errors);
  return found.verified;
}

const told = [];
const say = (what, good) => told.push([what, good]);
const document = JSON.parse(read("credential.json"));
say("document, jsonld-signatures", await fits(document));
say("changed document refused", !(await fits({ ...document, name: "改" })));
say("status list, jsonld-signatures", await fits(JSON.parse(read("status.json"))));
const keys = JSON.parse(read("jwks.json")).keys;
const byKid = async (header) => {
  const kid = header.kid.split("#").pop();
  return jose.importJWK(keys.find((key) => key.kid === kid), header.alg);
};
const token = await jose.jwtVerify(read("credential.jwt"), byKid, { algorithms: ["RS256"], issuer: did.id });
say("token, jose", token.payload.jti === document.id);
const qr = await jose.compactVerify(read("qr.txt").split("#").pop(), byKid);
say("QR code, jose", JSON.parse(new TextDecoder().decode(qr.payload)).v === 1);
told.forEach(([what, good]) => console.log(`${good ? "ok  " : "FAIL"} ${what}`));
process.exit(told.every(([, good]) => good) ? 0 : 1);
