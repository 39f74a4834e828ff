/** The uploads of this browser that are not finished, kept in IndexedDB so that a reload goes on with them. */

const BASE = "kangxue-uploads";
const SHELF = "files";
const LARGEST_KEPT = 300 * 1024 * 1024; // the browser makes a copy: larger files are chosen again

function open() {
  return new Promise((done, failed) => {
    const request = indexedDB.open(BASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(SHELF, { keyPath: "key" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

async function inShelf(mode, act) {
  const base = await open();
  try {
    return await new Promise((done, failed) => {
      const work = base.transaction(SHELF, mode);
      const request = act(work.objectStore(SHELF));
      work.oncomplete = () => done(request.result);
      work.onerror = work.onabort = () => failed(work.error);
    });
  } finally {
    base.close();
  }
}

/** Storage may be forbidden or full; then the upload lives as long as the page. */
async function attempt(mode, act, otherwise) {
  try {
    return await inShelf(mode, act);
  } catch (forbidden) {
    return otherwise;
  }
}

/** Keeps {key, organisation, account, name, size, paused, file}; the file itself only while it is small enough. */
export async function keep(entry) {
  const light = Object.assign({}, entry, { file: entry.size <= LARGEST_KEPT ? entry.file : null });
  const kept = await attempt("readwrite", (shelf) => shelf.put(light), null);
  if (kept === null && light.file) await attempt("readwrite", (shelf) => shelf.put(Object.assign(light, { file: null })), null);
}

export const forget = (key) => attempt("readwrite", (shelf) => shelf.delete(key), null);

/** What this account left here; another person's uploads on the same machine are none of her business. */
export async function left(account) {
  const all = await attempt("readonly", (shelf) => shelf.getAll(), []);
  return all.filter((entry) => entry.account === account);
}
