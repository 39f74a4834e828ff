/** A hash chain over what was played without a line, bound to the server's last nonce (study-time.md, Gaps). */

const PIECE_MS = 20000;

/** Browsers hash on https and on localhost only. */
export const canChain = () => Boolean(window.crypto && window.crypto.subtle && window.TextEncoder);

async function sha256(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => (byte + 256).toString(16).slice(1)).join("");
}

/** A run [a, b, start, end] in equal pieces of at most 20 s; its time is taken to have passed evenly. */
function pieces([a, b, start, end]) {
  const count = Math.ceil((b - a) / PIECE_MS);
  const at = (from, to, i) => Math.round(from + ((to - from) * i) / count);
  return Array.from({ length: count }, (_, i) => ({
    a: at(a, b, i),
    b: at(a, b, i + 1),
    mono_start: at(start, end, i),
    mono_end: at(start, end, i + 1),
  }));
}

/** The parts to upload: each carries the hash that binds it to the one before, the first to `seed`. */
export async function linked(seed, lesson, runs) {
  const parts = [];
  let hash = await sha256(seed);
  for (const piece of [].concat(...runs.map(pieces))) {
    const part = Object.assign({ j: parts.length + 1, lesson }, piece);
    hash = await sha256([hash, part.j, lesson, part.a, part.b, part.mono_start, part.mono_end].join(":"));
    parts.push(Object.assign(part, { hash }));
  }
  return parts;
}
