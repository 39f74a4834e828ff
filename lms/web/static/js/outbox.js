/** What is not yet told to the server, kept on this phone so that a killed app loses nothing. */

const PREFIX = "study-gap:";
const KEPT_MS = 7 * 86400000;

const keyOf = (record) => `${PREFIX}${record.session}:${record.after_seq}`;

/** Storage may be forbidden or full; then the memory of the page has to do. */
function attempt(act, otherwise) {
  try {
    return act();
  } catch (forbidden) {
    return otherwise;
  }
}

const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)), null);

/** Whether another page of this phone has taken the record up meanwhile: told twice, it would contradict itself. */
function isTaken(record) {
  const there = record.written && attempt(() => localStorage.getItem(keyOf(record)), "");
  return there === null || (Boolean(there) && JSON.parse(there).sealed === true && !record.sealed);
}

/** Writes a record {session, after_seq, nonce, lesson, runs, pending, sealed}; false when it is another page's now. */
export function put(record) {
  if (isTaken(record)) return false;
  const written = Object.assign(record, { written: Date.now() });
  attempt(() => localStorage.setItem(keyOf(record), JSON.stringify(written)), null);
  return true;
}

export function drop(record) {
  attempt(() => localStorage.removeItem(keyOf(record)), null);
}

/** The records that other sessions left, oldest first; what is too old is thrown away. */
export function left(session) {
  const keys = attempt(() => Object.keys(localStorage), []).filter((key) => key.indexOf(PREFIX) === 0);
  const records = keys.map(read).filter((record) => record && record.session !== session);
  const [fresh, old] = [true, false].map((wanted) => records.filter((one) => Date.now() - one.written < KEPT_MS === wanted));
  old.forEach(drop);
  return fresh.sort((one, other) => one.written - other.written);
}
