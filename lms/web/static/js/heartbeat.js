/** Tells the server which ranges were played; what they are worth is the server's word alone. */

import { Lease, isMixUp, whyHalted } from "./lease.js";
import { Ranges } from "./ranges.js";

export class StudySession {
  /** `target` {enrollment, lesson}; `advisory()` → {rate, visible, muted}; `tell` {state(name, body), totals(body)}. */
  constructor(target, advisory, tell) {
    Object.assign(this, { advisory, tell, ranges: new Ranges(), halted: null, beatAt: 0, nextBeatMs: 20000 });
    Object.assign(this, { playing: false, done: false, busy: false, retrying: false, reopened: false });
    this.lease = new Lease(target, () => this.lineFailed());
  }

  /** Continuous play starts at content position `at` (integer ms). */
  play(at) {
    if (this.halted) return;
    this.playing = true;
    this.beatAt = performance.now();
    this.ranges.start(at);
    this.say();
    this.pump();
  }

  /** Play has continuously come to `at`; a heartbeat leaves when one is due. */
  move(at) {
    this.ranges.extend(at);
    if (this.playing && performance.now() - this.beatAt >= this.nextBeatMs) this.flush();
  }

  /** Continuous play ended (pause, seek, end) where it was last told. */
  rest() {
    this.playing = false;
    this.ranges.cut();
    this.say();
    this.pump();
  }

  /** Sends what was played so far: when due, and when the page is being hidden. */
  flush() {
    this.beatAt = performance.now();
    this.ranges.split();
    this.pump();
  }

  /** The person asked to go on here after a halt: a new session, never without that. */
  resume() {
    Object.assign(this, { halted: null, reopened: false });
    this.say();
    this.pump(true);
  }

  /** One request at a time: the next nonce is in the answer to the last. */
  async pump(force) {
    if (this.busy || this.halted || !(force || this.playing || this.ranges.waiting)) return;
    this.busy = true;
    while (!this.halted && (!this.lease.held || this.ranges.waiting)) await this.step();
    this.busy = false;
  }

  async step() {
    if (!this.lease.held) return this.settle(await this.lease.open(), null);
    const range = this.ranges.take(this.lease.durationMs);
    return range && this.settle(await this.lease.beat(range, this.advisory()), range);
  }

  lineFailed() {
    this.retrying = true;
    this.say();
  }

  settle(answer, range) {
    this.retrying = false;
    if (answer.status >= 300) return void this.refused(answer, range);
    this.nextBeatMs = answer.body.next_beat_ms || this.nextBeatMs;
    this.done = this.done || answer.body.lesson_done === true;
    if (range) this.reopened = false;
    this.tell.totals(Object.assign({ claimed_ms: range ? range.b - range.a : 0 }, answer.body));
    this.say();
  }

  /** A mix-up of numbers is mended once by a new session; everything else waits for the person. */
  refused(answer, range) {
    this.lease.drop();
    if (this.reopened || !isMixUp(answer)) return void this.halt(answer);
    this.reopened = true;
    if (range) this.ranges.keep(range);
  }

  halt(answer) {
    Object.assign(this, { halted: whyHalted(answer), playing: false, ranges: new Ranges() });
    this.say(answer.body);
  }

  say(body) {
    const going = this.done ? "done" : this.playing ? "recording" : "paused";
    this.tell.state(this.halted || (this.retrying ? "retrying" : going), body);
  }
}
