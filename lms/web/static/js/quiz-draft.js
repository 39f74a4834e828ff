/** Keeps what is picked in a quiz on this phone until it is handed in. */

import { forget, keep, recall } from "./form-memory.js";

const nameOf = (key) => `quiz:${key}`;
const isPicked = (form) => form.querySelector("input:checked") !== null;

/** Ticks what was picked before, unless the page came back from the server with its own. */
function restore(form, name) {
  if (isPicked(form) || !recall(name, form)) return;
  form.querySelector("[data-draft-said]").hidden = !isPicked(form);
}

document.querySelectorAll("[data-draft-done]").forEach((place) => forget(nameOf(place.dataset.draftDone)));
document.querySelectorAll("form[data-draft]").forEach((form) => {
  const name = nameOf(form.dataset.draft);
  restore(form, name);
  form.addEventListener("change", () => keep(name, form));
});
