/** What was played and is not yet told: runs of continuous play, each with the time that passed here meanwhile. */

const touches = (one, other) => one.b === other.a;

/** A run {a, b, from, to}: content [a, b) in integer ms, while performance.now() went from `from` to `to`. */
export class Ranges {
  constructor() {
    this.growing = null;
    this.waiting = [];
  }

  /** Continuous play begins at `at`. */
  start(at, now) {
    this.cut();
    this.growing = { a: at, b: at, from: now, to: now };
  }

  /** Continuous play has come as far as `at`. */
  extend(at, now) {
    if (this.growing && at > this.growing.b) Object.assign(this.growing, { b: at, to: now });
  }

  /** Continuous play ends where it was last seen. */
  cut() {
    this.split();
    this.growing = null;
  }

  /** What has grown so far waits to be told; play goes on from there. */
  split() {
    const run = this.growing;
    if (!run || run.b === run.a) return;
    this.waiting.push(run);
    this.growing = { a: run.b, b: run.b, from: run.to, to: run.to };
  }

  /** The first waiting stretch of content, taken out; cut off at the end of the lesson; null if there is none. */
  take(limit) {
    const run = this.waiting.shift();
    if (!run) return null;
    while (this.waiting.length && touches(run, this.waiting[0])) {
      const { b, to } = this.waiting.shift();
      Object.assign(run, { b, to });
    }
    return run.a < limit ? Object.assign(run, { b: Math.min(run.b, limit) }) : this.take(limit);
  }

  /** All that was played so far, waiting or still growing. */
  get all() {
    return this.growing && this.growing.b > this.growing.a ? this.waiting.concat(this.growing) : this.waiting;
  }

  /** All of it is told, or will never be; play goes on from where it is. */
  forget() {
    this.split();
    this.waiting = [];
  }
}
