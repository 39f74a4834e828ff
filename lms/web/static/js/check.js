/** A presence check in mid-lesson: one question in a sheet over the page. Every sentence stands in the page. */

import { Countdown } from "./countdown.js";
import { postUntilAnswered } from "./retry.js";
import { Sheet } from "./sheet.js";

const CHALLENGES = "/api/v1/study/challenges";
const SAID_FOR_MS = 20000;
const GOES_ON = ["passed", "wrong", "late", "unsent"];

/** Whether a question stands over the page, or the lesson waits for her after one. */
export const isAsking = () => document.querySelector("[data-check]:not([hidden]), [data-check-go]") !== null;

function outcomeOf(answer) {
  if (answer.status < 300) return answer.body.outcome;
  return answer.status === 409 ? "late" : "unsent";
}

class Checks {
  constructor(root, { hold, resume }) {
    Object.assign(this, { root, hold, resume, asked: null, sending: false, seen: [] });
    this.told = root.querySelector("[data-check-result]");
    this.sheet = new Sheet(root.querySelector("[data-check]"), (body) => this.answer(body));
    this.countdown = new Countdown(this.sheet.panel, () => this.finish(this.asked, this.sending ? "unsent" : "missed"));
    root.addEventListener("study:answer", (event) => {
      if (root.dataset.state === "recording" && this.told.querySelector("[data-check-go]")) this.tell(null); // she has gone on by herself
      this.offer(event.detail.challenge);
    });
    this.told.addEventListener("click", (event) => event.target.closest("[data-check-go]") && this.goOn());
  }

  /** Every answer repeats the question while it is open; it is asked once on this page. */
  offer(challenge) {
    if (!challenge || this.seen.indexOf(challenge.id) >= 0) return;
    this.seen.push(challenge.id);
    this.goesOn = this.hold() || (!this.sheet.panel.hidden && this.goesOn);
    Object.assign(this, { asked: challenge.id, sending: false });
    this.tell(null);
    this.sheet.open(challenge);
    this.countdown.start(challenge.respond_within_ms);
  }

  /** `body` is {option} or {busy}: the same again until the server has it, even after the time is over. */
  async answer(body) {
    const id = this.asked;
    if (this.sending) return;
    this.sending = true;
    this.sheet.picked(body.option);
    const answer = await postUntilAnswered(`${CHALLENGES}/${id}/answers`, body, {}, () => this.sheet.trouble(id === this.asked));
    this.finish(id, outcomeOf(answer));
  }

  finish(id, outcome) {
    if (id !== this.asked) return void (this.asked === null && this.tell(outcome)); // the words come after all
    this.asked = null;
    this.countdown.stop();
    this.sheet.close();
    this.tell(outcome);
    if (this.goesOn && GOES_ON.indexOf(outcome) >= 0) this.resume();
    const button = this.told.querySelector("[data-check-go]");
    if (button) button.focus();
  }

  goOn() {
    this.tell(null);
    this.resume();
  }

  /** Words that wait for nothing give their room back to the lesson after a while. */
  tell(outcome) {
    clearTimeout(this.saying);
    if (GOES_ON.indexOf(outcome) >= 0) this.saying = setTimeout(() => this.tell(null), SAID_FOR_MS);
    const words = outcome && this.root.querySelector(`template[data-check-when="${outcome}"]`);
    this.told.textContent = "";
    if (words) this.told.appendChild(document.importNode(words.content, true));
  }
}

/** Asks on this page. `hold()` stops the lesson and answers whether it shall go on by itself, `resume()` goes on. */
export function watchChecks(root, lesson) {
  return new Checks(root, lesson);
}
