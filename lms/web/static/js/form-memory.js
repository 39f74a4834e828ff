/** What is filled into a form, kept on this phone until it is sent: a call, an empty battery, a lost line cost nothing. */

import { drop, keysOf, read, write } from "./storage.js";

const PREFIX = "form:";
const KEPT_MS = 7 * 86400000;
const TOKEN = "csrf_token"; // belongs to the page

/** What is filled in, as [name, value] pairs. */
const filled = (form) => Array.from(new FormData(form)).filter(([name]) => name !== TOKEN);

export function keep(name, form) {
  write(PREFIX + name, { at: Date.now(), fields: filled(form) });
}

/** Puts what was kept back into the form, but not over `early`, which is newer; says whether there was anything. */
export function recall(name, form, early = []) {
  const kept = read(PREFIX + name);
  if (!kept) return false;
  const newer = early.map((field) => field.name);
  Array.from(form.elements).filter((field) => newer.indexOf(field.name) < 0).forEach((field) => {
    const values = kept.fields.filter((pair) => pair[0] === field.name).map((pair) => pair[1]);
    if (field.type === "radio" || field.type === "checkbox") field.checked = values.indexOf(field.value) >= 0;
    else if (values.length) field.value = values[0];
  });
  return true;
}

/** It is sent: nothing of it stays here. */
export function forget(name) {
  drop(PREFIX + name);
}

keysOf(PREFIX).forEach((key) => {
  if (Date.now() - ((read(key) || {}).at || 0) > KEPT_MS) drop(key);
});
