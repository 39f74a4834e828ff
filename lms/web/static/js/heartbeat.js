/** Tells the server which ranges were played; what they are worth is the server's word alone. */

import { Courier } from "./courier.js";
import { whyHalted } from "./lease.js";
import { Notebook } from "./notebook.js";

const STALE_MS = 60000;

export class StudySession {
  /** `target` {enrollment, lesson}; `advisory()` → {rate, visible, muted}; `tell` {state(name, body), totals(body), madeUp(results)}. */
  constructor(target, advisory, tell) {
    Object.assign(this, { target, tell, halted: null, playing: false, done: false, retrying: false, beatAt: 0, nextBeatMs: 20000 });
    this.notebook = new Notebook(target.lesson);
    this.courier = new Courier(this, target, advisory);
  }

  /** Continuous play starts at content position `at` (integer ms). */
  play(at) {
    if (this.halted) return;
    Object.assign(this, { playing: true, beatAt: performance.now() });
    // After a long rest an empty report comes first: what follows must hang on an answer of now.
    if (performance.now() - this.notebook.answeredAt > STALE_MS) this.courier.greet(at);
    this.notebook.start(at);
    this.say();
    this.courier.pump();
  }

  /** Play has continuously come to `at`; a heartbeat leaves when one is due. */
  move(at) {
    this.notebook.extend(at);
    if (this.playing && performance.now() - this.beatAt >= this.nextBeatMs) this.flush();
  }

  /** Continuous play ended (pause, seek, end) where it was last told. */
  rest() {
    this.playing = false;
    this.notebook.ranges.cut();
    this.say();
    this.flush();
  }

  /** Sends what was played so far: when due, and when the page is being hidden. */
  flush() {
    this.beatAt = performance.now();
    this.notebook.ranges.split();
    this.notebook.write();
    this.courier.pump();
  }

  /** The person asked to go on here after a halt: a new session, never without that. */
  resume() {
    this.halted = null;
    this.say();
    this.courier.pump(true);
  }

  lineFailed() {
    this.notebook.fail();
    this.retrying = true;
    this.say();
  }

  answered(body, claimed_ms) {
    Object.assign(this, { retrying: false, done: this.done || body.lesson_done === true });
    this.nextBeatMs = body.next_beat_ms || this.nextBeatMs;
    this.tell.totals(Object.assign({ claimed_ms }, body));
    this.say();
  }

  /** What was played without a line has its verdicts now. */
  madeUp(results) {
    this.retrying = false;
    if (results.length) this.tell.madeUp(results);
    this.say();
  }

  halt(answer) {
    Object.assign(this, { halted: whyHalted(answer), playing: false, retrying: false });
    this.notebook.ranges.cut();
    this.say(answer.body);
  }

  say(body) {
    const going = this.done ? "done" : this.playing ? "recording" : "paused";
    this.tell.state(this.halted || (this.retrying ? this.notebook.trouble : going), body);
  }
}
