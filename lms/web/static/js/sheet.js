/** The sheet with a question: three big answers, reading aloud, and the honest “I am called away”. */

import { Speaker, canSpeak, voiceFor } from "./speech.js";

const READ_IN = "zh-CN";
const isEnglish = () => document.documentElement.lang.indexOf("en") === 0;

export class Sheet {
  /** `onAnswer({option})` or `onAnswer({busy: true})`. */
  constructor(panel, onAnswer) {
    Object.assign(this, { panel, onAnswer, before: null, speaker: null });
    const part = (name) => panel.querySelector(`[data-check-${name}]`);
    Object.assign(this, { box: part("sheet"), stem: part("stem"), options: part("options"), button: part("speak"), line: part("trouble") });
    part("busy").addEventListener("click", () => onAnswer({ busy: true }));
    panel.addEventListener("keydown", (event) => event.key === "Tab" && this.keepFocus(event));
    if (canSpeak) this.bindSpeech();
  }

  bindSpeech() {
    this.speaker = new Speaker((speaking) => this.button.setAttribute("aria-pressed", String(speaking)));
    this.button.addEventListener("click", () => {
      if (this.button.getAttribute("aria-pressed") === "true") this.speaker.stop();
      else this.speaker.speak(this.sentences, READ_IN);
    });
  }

  open({ stem, stem_en, options }) {
    this.sentences = [stem].concat(options);
    this.stem.textContent = (isEnglish() && stem_en) || stem;
    this.options.textContent = "";
    options.forEach((words, option) => this.options.appendChild(this.row(words, option)));
    this.trouble(false);
    this.button.hidden = !(this.speaker && voiceFor(READ_IN));
    if (this.panel.hidden) this.before = document.activeElement;
    this.panel.hidden = false;
    this.box.scrollTop = 0;
    this.box.focus();
  }

  row(words, option) {
    const made = document.importNode(this.panel.querySelector("template").content, true).querySelector("button");
    made.querySelector("[data-check-words]").textContent = words;
    made.addEventListener("click", () => this.onAnswer({ option }));
    return made;
  }

  /** One was picked, or none: the others rest until the answer is there. */
  picked(option) {
    Array.from(this.options.children).forEach((button, at) => button.setAttribute("aria-pressed", String(at === option)));
    this.panel.setAttribute("data-sending", "");
    if (this.speaker) this.speaker.stop();
  }

  /** No line: the answer is sent again and again. */
  trouble(isThere) {
    this.line.hidden = !isThere;
  }

  close() {
    if (this.speaker) this.speaker.stop();
    this.panel.hidden = true;
    this.panel.removeAttribute("data-sending");
    if (this.before && this.before !== document.body) this.before.focus();
  }

  /** Tab goes round inside: what lies under the sheet cannot be reached by a finger either. */
  keepFocus(event) {
    const stops = Array.from(this.box.querySelectorAll("button")).filter((button) => !button.hidden);
    const [first, last] = [stops[0], stops[stops.length - 1]];
    const from = document.activeElement;
    const next = event.shiftKey ? (from === first || from === this.box ? last : null) : from === last ? first : null;
    if (!next) return;
    event.preventDefault();
    next.focus();
  }
}
