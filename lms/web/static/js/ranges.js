/** What was played and is not yet told: one range still growing, at most one waiting to be sent. */

const length = (range) => range.b - range.a;

/** Two ranges that touch are one; of two apart, the longer stays. */
function merged(one, other) {
  if (!one) return other;
  if (one.b === other.a) return { a: one.a, b: other.b };
  if (other.b === one.a) return { a: other.a, b: one.b };
  return length(other) > length(one) ? other : one;
}

/** Content positions in integer milliseconds; every range is [a, b). */
export class Ranges {
  constructor() {
    this.growing = null;
    this.waiting = null;
  }

  /** Continuous play begins at `at`. */
  start(at) {
    this.cut();
    this.growing = { a: at, b: at };
  }

  /** Continuous play has come as far as `at`. */
  extend(at) {
    if (this.growing && at > this.growing.b) this.growing.b = at;
  }

  /** Continuous play ends where it was last seen. */
  cut() {
    this.split();
    this.growing = null;
  }

  /** What has grown so far waits to be sent; play goes on from there. */
  split() {
    if (!this.growing) return;
    this.keep(this.growing);
    this.growing = { a: this.growing.b, b: this.growing.b };
  }

  /** Puts a range (back) among the waiting. */
  keep(range) {
    if (length(range) > 0) this.waiting = merged(this.waiting, { a: range.a, b: range.b });
  }

  /** The waiting range, cut off at the end of the lesson; null if there is none. */
  take(limit) {
    const range = this.waiting;
    this.waiting = null;
    if (!range || range.a >= limit) return null;
    return { a: range.a, b: Math.min(range.b, limit) };
  }
}
