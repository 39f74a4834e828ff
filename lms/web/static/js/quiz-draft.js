/** Keeps what is picked in a quiz on this phone until it is handed in. */

import { filledEarly } from "./early.js";
import { forget, keep, recall } from "./form-memory.js";

const nameOf = (key) => `quiz:${key}`;
const isPicked = (form) => form.querySelector("input:checked") !== null;
const cameFilled = (form) => form.querySelector("input[checked]") !== null;

/** Ticks what was picked before, unless the page came back from the server with its own. */
function restore(form, name) {
  const early = filledEarly(form.elements);
  if (!cameFilled(form) && recall(name, form, early)) form.querySelector("[data-draft-said]").hidden = !isPicked(form);
  if (early.length) keep(name, form);
}

document.querySelectorAll("[data-draft-done]").forEach((place) => forget(nameOf(place.dataset.draftDone)));
document.querySelectorAll("form[data-draft]").forEach((form) => {
  const name = nameOf(form.dataset.draft);
  restore(form, name);
  form.addEventListener("change", () => keep(name, form));
});
