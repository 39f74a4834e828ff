/** An examiner's sheet: running points, ticks that survive a dead line, and sending that can be done again. */

import { filledEarly } from "./early.js";
import { forget, keep, recall } from "./form-memory.js";

function tally(form) {
  const steps = Array.from(form.querySelectorAll("[data-step]"));
  const ticked = steps.map((step) => step.querySelector("input:checked"));
  const points = steps.reduce((sum, step, place) => {
    const done = ticked[place] && ticked[place].value === "1";
    return sum + (done ? Number(step.dataset.step) : 0);
  }, 0);
  const line = form.querySelector("[data-tally]");
  const marked = ticked.filter(Boolean).length;
  line.textContent = line.dataset.say.replace("{marked}", marked).replace("{all}", steps.length).replace("{points}", points);
  line.hidden = false;
}

function begin() {
  const done = document.querySelector("[data-sheet-done]");
  if (done) forget(done.dataset.sheetDone);
  const form = document.querySelector("form[data-sheet]");
  if (!form) return;
  const early = filledEarly(form.elements);
  if (!("sheetSaid" in form.dataset)) recall(form.dataset.sheet, form, early);
  if (early.length) keep(form.dataset.sheet, form);
  tally(form);
}

/** Shows the answer's page in place of this one, which a dead line cannot take away. */
function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  document.getElementById("main").innerHTML = page.getElementById("main").innerHTML;
  window.scrollTo(0, 0);
  document.getElementById("main").focus();
  begin();
}

async function send(form) {
  const button = form.querySelector("button[type=submit]");
  const offline = form.querySelector("[data-sheet-offline]");
  button.disabled = true;
  offline.hidden = true;
  try {
    const sent = { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual" };
    const answer = await fetch(form.action, sent);
    if (answer.status >= 500) throw new Error("try again");
    if (answer.type === "opaqueredirect") window.location.assign(form.dataset.sheetNext);
    else show(await answer.text());
  } catch (noLine) {
    offline.hidden = false;
    offline.scrollIntoView({ block: "nearest" });
  }
  button.disabled = false;
}

function changed(event) {
  const form = event.target.closest("form[data-sheet]");
  if (!form) return;
  keep(form.dataset.sheet, form);
  tally(form);
}

document.addEventListener("input", changed);
document.addEventListener("change", changed);
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-sheet], form[data-sheet-send]")) return;
  event.preventDefault();
  send(event.target);
});
begin();
