/**
 * Reads the text of a record's QR code and tells whether one of the issuer's keys signed it. Asks no network.
 *
 * The text is a compact JWS (RFC 7515) with Ed25519. Each part must be written as an encoder writes it, and the second
 * half of the signature must be below the order of the curve: else two texts would have one signature.
 */

const FORMAT = 1;
const ORDER = [
  0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

function fromBinary(raw) {
  const found = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) found[i] = raw.charCodeAt(i);
  return found;
}

/** The bytes of base64url; null where it is not written as an encoder would. */
export function bytesOf(part) {
  if (!/^[A-Za-z0-9_-]+$/.test(part) || part.length % 4 === 1) return null;
  const padded = part.replace(/-/g, "+").replace(/_/g, "/") + "==".slice(0, (4 - (part.length % 4)) % 4);
  const raw = atob(padded);
  return btoa(raw) === padded ? fromBinary(raw) : null;
}

function objectOf(bytes) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (unreadable) {
    return null;
  }
}

function isReduced(signature) {
  for (let i = 31; i >= 0; i -= 1) {
    if (signature[32 + i] !== ORDER[i]) return signature[32 + i] < ORDER[i];
  }
  return false;
}

/** The key that the header names, if it is one of ours; `keys`: kid → base64url of the public key. */
function keyOf(header, keys) {
  if (!header || Object.keys(header).sort().join() !== "alg,kid" || header.alg !== "Ed25519") return null;
  return Object.prototype.hasOwnProperty.call(keys, header.kid) ? bytesOf(keys[header.kid]) : null;
}

/** `{facts}`, or `{fault}`: shape (no code of ours), foreign (another's key), changed (not what was signed). */
export function read(text, keys, nacl) {
  const parts = String(text).replace(/\s+/g, "").split("#").pop().split(".");
  const bytes = parts.map(bytesOf);
  if (parts.length !== 3 || bytes.some((each) => each === null)) return { fault: "shape" };
  const header = objectOf(bytes[0]);
  if (!header) return { fault: "shape" };
  const key = keyOf(header, keys);
  if (!key) return { fault: "foreign" };
  const signature = bytes[2];
  const signed = fromBinary(`${parts[0]}.${parts[1]}`);
  const fits = signature.length === 64 && isReduced(signature) && nacl.sign.detached.verify(signed, signature, key);
  if (!fits) return { fault: "changed" };
  const facts = objectOf(bytes[1]);
  return facts && facts.v === FORMAT ? { facts } : { fault: "shape" };
}
