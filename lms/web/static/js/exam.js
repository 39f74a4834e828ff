/** A paper: one question at a time, each answer saved as it is given, the time as the server tells it. */

import { post } from "./api.js";
import { filledEarly } from "./early.js";
import { fieldsOf, read, restore } from "./exam-fields.js";
import { ExamQueue } from "./exam-queue.js";

const root = document.querySelector("[data-exam]");
const form = root.querySelector("[data-exam-form]");
const head = root.querySelector(".exam-head");
const state = root.querySelector("[data-exam-state]");
const left = root.querySelector("[data-exam-left]");
const questions = Array.from(root.querySelectorAll("[data-exam-question]"));

let at = 0;
let until = performance.now() + Number(root.dataset.leftMs);
let isEnding = false;
let isHandingIn = false;

function say(which) {
  head.dataset.state = which;
  state.textContent = root.querySelector(`template[data-exam-say="${which}"]`).content.textContent;
}

function answered(which, receipt) {
  if (which === "saved") until = performance.now() + receipt.left_ms;
  if (queue.isEmpty) isHandingIn = false;
  const told = { saved: queue.isEmpty ? "saved" : "saving", keeping: isHandingIn ? "waiting" : "keeping" };
  say(told[which] || which);
  if (which === "closed" || which === "over") setTimeout(() => location.assign(root.dataset.result), 1500);
}

const queue = new ExamQueue(root.dataset.sitting, root.dataset.api, Number(root.dataset.saved), answered);

function show(place, focus) {
  at = Math.min(Math.max(place, 0), questions.length - 1);
  questions.forEach((section, number) => (section.hidden = number !== at));
  root.querySelector('[data-exam-go="-1"]').disabled = at === 0;
  root.querySelector('[data-exam-go="1"]').disabled = at === questions.length - 1;
  if (focus) questions[at].querySelector("h2").focus();
  if (focus) window.scrollTo(0, 0);
}

async function end() {
  isEnding = true;
  if (document.activeElement) document.activeElement.blur(); // what is being typed counts as given
  say("over");
  await queue.flush();
  await post(`${root.dataset.api}/closings`, {});
  setTimeout(() => location.assign(root.dataset.result), 500);
}

function tick() {
  const seconds = Math.max(0, Math.ceil((until - performance.now()) / 1000));
  left.textContent = left.dataset.say.replace("{m}", Math.floor(seconds / 60)).replace("{s}", seconds % 60);
  if (!seconds && !isEnding) end();
}

function waitToHandIn() {
  isHandingIn = true;
  say("waiting");
}

const give = (section) => queue.put(Number(section.dataset.examQuestion), read(section));

form.addEventListener("change", (event) => {
  const section = event.target.closest("[data-exam-question]");
  if (section) give(section);
});
form.addEventListener("submit", (event) => event.preventDefault());
root.querySelectorAll("[data-exam-go]").forEach((button) => {
  button.addEventListener("click", () => show(at + Number(button.dataset.examGo), true));
});
root.querySelector("[data-exam-hand-in]").addEventListener("click", async (event) => {
  event.preventDefault();
  await queue.flush();
  if (queue.isEmpty) location.assign(event.target.closest("button").dataset.examHandIn);
  else waitToHandIn();
});
root.querySelector("[data-exam-plain]").hidden = true;
const early = filledEarly(form.elements).map(({ name }) => name);
queue.waiting.forEach(({ place, fields }) => restore(questions[place], fields, early));
queue.flush();
questions.filter((section) => fieldsOf(section).some(({ name }) => early.indexOf(name) >= 0)).forEach(give);
const asked = questions.findIndex((section) => `#${section.id}` === location.hash);
const first = questions.findIndex((section) => !section.hasAttribute("data-answered"));
show(Math.max(asked >= 0 ? asked : first, 0), false);
setInterval(tick, 1000);
tick();
