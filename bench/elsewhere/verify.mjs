/**
 * Verifies what a site hands out with libraries that are not ours, and that they refuse its forgeries: the document and
 * its status by Digital Bazaar's vc, the token and the QR code by jose. README.md says how.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL, fileURLToPath } from "node:url";
import path from "node:path";

const folder = path.resolve(process.argv[2]);
const here = createRequire(pathToFileURL(path.join(process.cwd(), "package.json")));
const load = async (name) => import(pathToFileURL(here.resolve(name)));
const read = (name) => readFileSync(path.join(folder, name), "utf8").trim();
const contexts = fileURLToPath(new URL("../../lms/adapters/contexts/", import.meta.url));
const context = (name) => JSON.parse(readFileSync(path.join(contexts, name), "utf8"));
const did = JSON.parse(read("did.json"));

const pinned = {
  "https://www.w3.org/ns/credentials/v2": context("credentials-v2.json"),
  "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": context("open-badges-3.0.3.json"),
  "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": context("open-badges-extensions.json"),
  [did.id]: did,
};
did.verificationMethod.forEach((method) => {
  pinned[method.id] = { "@context": "https://w3id.org/security/multikey/v1", ...method };
});

const vc = await load("@digitalbazaar/vc");
const statuses = await load("@digitalbazaar/vc-bitstring-status-list");
const { DataIntegrityProof } = await load("@digitalbazaar/data-integrity");
const { cryptosuite } = await load("@digitalbazaar/eddsa-rdfc-2022-cryptosuite");
const jose = await load("jose");

/** Loads what is pinned, and the status list `list` under its own name; nothing else. */
const loader = (list) => async (url) => {
  const document = url === list.id ? list : pinned[url];
  if (!document) throw new Error(`not at hand: ${url}`);
  return { contextUrl: null, documentUrl: url, document, tag: "static" };
};

async function fits(credential, list) {
  const told = { credential, suite: new DataIntegrityProof({ cryptosuite }), documentLoader: loader(list) };
  const found = await vc.verifyCredential({ ...told, checkStatus: statuses.checkStatus });
  if (!found.verified && process.env.VERBOSE) console.log(JSON.stringify(found, null, 1));
  return found.verified && found.statusResult.results.every((each) => each.status === false);
}

const keys = JSON.parse(read("jwks.json")).keys;
const byKid = async (header) => {
  const kid = String(header.kid).split("#").pop();
  return jose.importJWK(keys.find((key) => key.kid === kid), header.alg);
};

const refuses = async (opened) => {
  try { return !(await opened()); } catch { return true; }
};
const asToken = (text) => jose.jwtVerify(text, byKid, { algorithms: ["RS256"], issuer: did.id });
const asCode = (text) => jose.compactVerify(text, byKid, { algorithms: ["Ed25519"] });

let failed = 0;
const say = (what, good) => {
  failed += good ? 0 : 1;
  console.log(`${good ? "ok  " : "FAIL"} ${what}`);
};

async function sayRefused(what, forged, read) {
  const passed = [];
  for (const each of forged) if (!(await refuses(() => read(each)))) passed.push(each);
  if (process.env.VERBOSE) passed.forEach((each) => console.log(JSON.stringify(each)));
  say(`${forged.length - passed.length} of ${forged.length} ${what} refused`, !passed.length);
}

const document = JSON.parse(read("credential.json"));
const list = JSON.parse(read("status.json"));
say("document with its status, @digitalbazaar/vc", await fits(document, list));
say("once withdrawn, refused", !(await fits(document, JSON.parse(read("withdrawn.json")))));
say("with a changed status list, refused", !(await fits(document, { ...list, validFrom: "2020-01-01T00:00:00Z" })));
const token = await asToken(read("credential.jwt"));
say("token, jose", token.payload.jti === document.id);
const code = await asCode(read("qr.txt").split("#").pop());
say("QR code, jose", JSON.parse(new TextDecoder().decode(code.payload)).v === 1);
const forged = JSON.parse(read("forged.json"));
await sayRefused("forged documents, @digitalbazaar/vc,", forged.documents, (each) => fits(each, list));
await sayRefused("forged tokens, jose,", forged.tokens, asToken);
await sayRefused("forged QR codes, jose,", forged.compacts, asCode);
process.exit(failed ? 1 : 0);
