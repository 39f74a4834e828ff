/** What was ticked on a sheet, kept on this phone until it is signed: the name of the sheet → the fields of its form. */

const DAYS = 7;

/** Phones whose storage is closed (private browsing) go on without a memory. */
function storage(act) {
  try {
    return act(window.localStorage);
  } catch (closed) {
    return null;
  }
}

/** Keeps the fields of the form, but for the page's own token. */
export function keep(name, form) {
  const fields = {};
  new FormData(form).forEach((value, field) => {
    if (field !== "csrf_token" && typeof value === "string") fields[field] = value;
  });
  storage((store) => store.setItem(name, JSON.stringify({ at: Date.now(), fields })));
}

/** Puts what was kept back into the form. */
export function recall(name, form) {
  const kept = storage((store) => JSON.parse(store.getItem(name)));
  if (!kept || Date.now() - kept.at > DAYS * 86400000) return;
  Object.keys(kept.fields).forEach((field) => {
    form.querySelectorAll(`[name="${field}"]`).forEach((input) => {
      if (input.type === "radio") input.checked = input.value === kept.fields[field];
      else input.value = kept.fields[field];
    });
  });
}

/** The sheet is signed: nothing of it stays here. */
export function forget(name) {
  storage((store) => store.removeItem(name));
}
