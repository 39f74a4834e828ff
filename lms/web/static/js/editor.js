/** A file on the trainer's desk: saves itself while she types, shows what learners will see, marks text by buttons. */

import { filledEarly } from "./early.js";
import { bindMarks } from "./marks.js";

const PAUSE_MS = 2000;
const AGAIN_MS = 10000;

const editor = document.querySelector("[data-editor]");
const form = document.querySelector("[data-editor-form]");
const said = document.querySelector("[data-editor-said]");
const frame = document.querySelector("[data-preview]");
let timer = 0;
let wanted = false;
let flight = null;
let stopped = false;

function say(name) {
  if (said) said.textContent = name ? editor.dataset[name] : "";
}

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(begin, ms);
}

/** The frame is loaded anew where the reader stood in it. */
function refreshPreview() {
  if (!frame || !frame.contentWindow) return;
  const top = frame.contentWindow.scrollY;
  frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, top), { once: true });
  frame.contentWindow.location.reload();
}

async function send() {
  const options = { method: "POST", credentials: "same-origin", headers: { Accept: "application/json" } };
  const response = await fetch(editor.dataset.save, Object.assign({ body: new FormData(form) }, options));
  return { status: response.status, body: response.ok ? await response.json() : null };
}

/** A new row of a quiz or practice list has no place on the page before it is loaded anew, so those save by hand only. */
async function save() {
  if (stopped || !wanted) return;
  wanted = false;
  say("saySaving");
  try {
    const { status, body } = await send();
    if (body) {
      form.elements.revision.value = body.revision;
      say(wanted ? "saySaving" : "saySaved");
      refreshPreview();
    } else if (status === 409) {
      stopped = true;
      say("sayConflict");
    } else {
      throw new Error(String(status));
    }
  } catch (unreachable) {
    wanted = true;
    say("sayOffline");
    later(AGAIN_MS);
  }
  if (wanted && !stopped) later(PAUSE_MS);
}

function begin() {
  if (!flight) flight = save().then(() => (flight = null));
}

/** Saved by hand while it was saving itself: after that, or her own words would stand against her own. */
async function submitted(event) {
  stopped = true;
  wanted = false;
  if (!flight) return;
  event.preventDefault();
  event.stopPropagation();
  await flight;
  if (form.requestSubmit) form.requestSubmit(event.submitter);
  else form.submit();
}

if (editor && form && form.dataset.editorForm !== undefined) {
  const area = form.querySelector("textarea[name=body], textarea[name=text]");
  bindMarks(form.querySelector("[data-toolbar]"), area);
  const typed = () => {
    wanted = true;
    if (!flight) say(null); // what was saved before says nothing of this
    later(PAUSE_MS);
  };
  if (area) form.addEventListener("input", typed);
  if (area && filledEarly(form.elements).length) typed();
  form.addEventListener("submit", submitted);
  window.addEventListener("beforeunload", (event) => wanted && !stopped && event.preventDefault());
}
