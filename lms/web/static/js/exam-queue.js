/** Answers on their way to the server: kept on this phone until it has them, told one at a time, in their order. */

import { post } from "./api.js";
import { meansNothing } from "./retry.js";
import { drop, read, write } from "./storage.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;

function newKey() {
  const drawn = new Uint32Array(4);
  crypto.getRandomValues(drawn);
  return Array.from(drawn, (number) => number.toString(16).padStart(8, "0")).join("");
}

export class ExamQueue {
  /** `onState(state, receipt)`: saving, saved, keeping, closed, over, login or failed. */
  constructor(sitting, api, saved, onState) {
    Object.assign(this, { name: `exam:${sitting}`, api, seen: saved, onState, flight: null, wait: FIRST_WAIT_MS, timer: null });
    this.waiting = read(this.name) || [];
    window.addEventListener("online", () => this.flush());
  }

  get isEmpty() {
    return this.waiting.length === 0;
  }

  /** Keeps an answer and sends it as soon as it can be; `seen` is what this phone knew the server to have. */
  put(place, fields) {
    this.waiting.push({ place, fields, key: newKey(), seen: this.seen, at: Date.now() });
    this.keep();
    this.onState("saving"); // at once: what was saved before says nothing of this answer
    this.flush();
  }

  keep() {
    if (this.isEmpty) drop(this.name);
    else write(this.name, this.waiting);
  }

  /** Settles when nothing waits any more or the line is down; who asks in the middle of a flight waits for its end. */
  flush() {
    if (this.flight) return this.flight;
    clearTimeout(this.timer);
    if (this.isEmpty) return Promise.resolve(); // a flight with nothing in it would take up what comes before it has ended
    this.flight = this.drain().then(() => (this.flight = null));
    return this.flight;
  }

  async drain() {
    let goesOn = true;
    while (goesOn && !this.isEmpty) goesOn = await this.send(this.waiting[0]);
  }

  async send(one) {
    const { place, fields, key, seen, at } = one;
    const sent = Date.now();
    const answer = await post(`${this.api}/answers`, { place, fields, key, seen, held_ms: Math.max(0, sent - at) });
    one.flew = Math.max(one.flew || 0, Date.now() - sent);
    if (meansNothing(answer)) return this.later(Math.max(answer.retryAfterMs, this.wait));
    if (answer.status === 401) return this.stop("login");
    this.waiting.shift();
    this.follow(one);
    this.keep();
    this.wait = FIRST_WAIT_MS;
    if (answer.status < 300) {
      this.seen = Math.max(this.seen, answer.body.number);
      this.onState("saved", Object.assign({ place }, answer.body));
      return true;
    }
    const code = answer.body && answer.body.code;
    this.onState({ exam_closed: "closed", exam_time_over: "over" }[code] || "failed", { place });
    return true;
  }

  /** The server takes an answer as given as long before it arrived as it was kept, its time on the way left out: so what
      was given to the same question meanwhile counts as given after that. */
  follow({ place, at, flew }) {
    this.waiting.filter((one) => one.place === place).forEach((one) => (one.at = Math.max(one.at, at + flew)));
  }

  later(ms) {
    this.onState("keeping");
    this.timer = setTimeout(() => this.flush(), ms);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
    return false;
  }

  stop(state) {
    this.onState(state);
    return false;
  }
}
