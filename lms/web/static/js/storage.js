/** This phone's storage, which may be forbidden or full: then the memory of the page has to do. */

export function attempt(act, otherwise) {
  try {
    return act();
  } catch (forbidden) {
    return otherwise;
  }
}

export const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)), null);
export const write = (key, value) => attempt(() => localStorage.setItem(key, JSON.stringify(value)), null);
export const drop = (key) => attempt(() => localStorage.removeItem(key), null);
export const keysOf = (prefix) => attempt(() => Object.keys(localStorage), []).filter((key) => key.indexOf(prefix) === 0);
