/** What is not yet told to the server, kept on this phone so that a killed app loses nothing. */

import * as storage from "./storage.js";

const PREFIX = "study-gap:";
const KEPT_MS = 7 * 86400000;

const keyOf = (record) => `${PREFIX}${record.session}:${record.after_seq}`;

/** Whether another page of this phone has taken the record up meanwhile: told twice, it would contradict itself. */
function isTaken(record) {
  const there = record.written && storage.attempt(() => localStorage.getItem(keyOf(record)), "");
  return there === null || (Boolean(there) && JSON.parse(there).sealed === true && !record.sealed);
}

/** Writes a record {session, after_seq, nonce, lesson, runs, pending, sealed}; false when it is another page's now. */
export function put(record) {
  if (isTaken(record)) return false;
  storage.write(keyOf(record), Object.assign(record, { written: Date.now() }));
  return true;
}

export function drop(record) {
  storage.drop(keyOf(record));
}

/** The records that other sessions left, oldest first; what is too old is thrown away. */
export function left(session) {
  const records = storage.keysOf(PREFIX).map(storage.read).filter((record) => record && record.session !== session);
  const [fresh, old] = [true, false].map((wanted) => records.filter((one) => Date.now() - one.written < KEPT_MS === wanted));
  old.forEach(drop);
  return fresh.sort((one, other) => one.written - other.written);
}
