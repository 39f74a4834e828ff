/** Keeps what is picked in a quiz on this phone until it is handed in: a call, an empty battery, a lost line cost nothing. */

const PREFIX = "quiz-draft:";
const KEPT_MS = 7 * 86400000;

/** Storage may be forbidden or full; then the page itself has to do. */
function attempt(act) {
  try {
    return act();
  } catch (forbidden) {
    return null;
  }
}

const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)));
const drop = (key) => attempt(() => localStorage.removeItem(key));
const boxes = (form) => Array.from(form.querySelectorAll("input[type=radio], input[type=checkbox]"));

/** What is picked, as [name, value] pairs. */
const picked = (form) => boxes(form).filter((box) => box.checked).map((box) => [box.name, box.value]);

function keep(form, key) {
  attempt(() => localStorage.setItem(key, JSON.stringify({ at: Date.now(), picked: picked(form) })));
}

/** Ticks what was picked before, unless the page came back from the server with its own. */
function restore(form, key) {
  const draft = read(key);
  if (!draft || !Array.isArray(draft.picked) || picked(form).length) return;
  const wanted = draft.picked.map((pair) => pair.join("="));
  boxes(form).forEach((box) => (box.checked = wanted.indexOf(`${box.name}=${box.value}`) >= 0));
  const said = form.querySelector("[data-draft-said]");
  if (said) said.hidden = !picked(form).length;
}

function sweep() {
  const keys = attempt(() => Object.keys(localStorage)) || [];
  const old = (key) => Date.now() - ((read(key) || {}).at || 0) > KEPT_MS;
  keys.filter((key) => key.indexOf(PREFIX) === 0 && old(key)).forEach(drop);
}

sweep();
document.querySelectorAll("[data-draft-done]").forEach((place) => drop(PREFIX + place.dataset.draftDone));
document.querySelectorAll("form[data-draft]").forEach((form) => {
  const key = PREFIX + form.dataset.draft;
  restore(form, key);
  form.addEventListener("change", () => keep(form, key));
});
