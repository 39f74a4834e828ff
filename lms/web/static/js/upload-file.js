/** What is asked of a file itself: a piece of it, the hash of a piece, a name by which it is known again. */

const HEAD_BYTES = 65536;

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The bytes of a piece; throws where the file has gone or changed meanwhile. */
const bytesOf = (blob) => new Response(blob).arrayBuffer();

/** SHA-256 in hexadecimal, or null where the browser cannot (pages that are not on https). */
async function sha256(bytes) {
  return window.crypto && crypto.subtle ? hex(await crypto.subtle.digest("SHA-256", bytes)) : null;
}

/** A piece in memory with its hash, so that what is sent is what was hashed. */
export async function piece(file, offset, size) {
  const bytes = await bytesOf(file.slice(offset, offset + size));
  if (bytes.byteLength !== size) throw new Error("the file has changed");
  return { blob: new Blob([bytes]), hash: await sha256(bytes) };
}

/** FNV-1a, for browsers without crypto.subtle: it need only tell this person's files apart. */
function fnv(text) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

/** The same file for the same library has the same key, also after the page was loaded anew. */
export async function keyOf(file, library) {
  const head = await bytesOf(file.slice(0, HEAD_BYTES));
  const about = `${library}|${file.name}|${file.size}|${file.lastModified}`;
  const told = new TextEncoder().encode(about);
  const whole = new Uint8Array(told.length + head.byteLength);
  whole.set(told);
  whole.set(new Uint8Array(head), told.length);
  return (await sha256(whole)) || `plain-${fnv(about)}-${fnv(hex(head))}`;
}
