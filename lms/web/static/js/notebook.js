/** What was played since the server's last answer: in memory, and in the outbox so that a killed app loses nothing. */

import { canChain } from "./chain.js";
import * as outbox from "./outbox.js";
import { Ranges } from "./ranges.js";

const LONGEST_GAP_MS = 600000;
const WRITE_EVERY_MS = 4000;
const WORTH_MS = 1500;
const SLACK_MS = 250;

/** Integer ms since the answer. The picture's clock and the phone's differ by moments: those are not worth a verdict. */
function told({ a, b, from, to }, answeredAt) {
  const start = Math.max(0, Math.round(from - answeredAt));
  const took = Math.round(to - from);
  const short = b - a - took;
  return [a, b, start, start + (short > 0 && short <= SLACK_MS ? b - a : took)];
}

/** A run up to ten minutes after the answer; what was played later is not counted. */
function within([a, b, start, end]) {
  const room = LONGEST_GAP_MS - start;
  return end <= LONGEST_GAP_MS ? [a, b, start, end] : [a, a + Math.round(((b - a) * room) / (end - start)), start, LONGEST_GAP_MS];
}

export class Notebook {
  constructor(lesson) {
    Object.assign(this, { lesson, ranges: new Ranges(), record: null, asked: null, answeredAt: 0, writtenAt: 0, limit: 0 });
  }

  /** An answer came: what is played from now on hangs on its nonce. */
  begin({ session, seq, nonce, durationMs }, total_ms) {
    if (this.record) outbox.drop(this.record);
    const record = { session, after_seq: seq - 1, nonce, lesson: this.lesson, total_ms, sealed: false };
    Object.assign(this, { record: canChain() ? record : null, asked: null, answeredAt: performance.now(), limit: durationMs });
  }

  /** The words for a line that fails: no session yet, kept on the phone, too long, or a browser that cannot keep it. */
  get trouble() {
    if (!this.limit) return "waiting";
    if (!canChain()) return "retrying";
    return performance.now() - this.answeredAt > LONGEST_GAP_MS ? "over" : "keeping";
  }

  start(at) {
    this.ranges.start(at, performance.now());
  }

  extend(at) {
    this.ranges.extend(at, performance.now());
    if (performance.now() - this.writtenAt > WRITE_EVERY_MS) this.write();
  }

  /** The next stretch to report; the body that `report` makes of it is kept until it is answered. */
  take(report) {
    const run = this.ranges.take(this.limit);
    if (!run) return null;
    this.asked = { body: report(run), run: told(run, this.answeredAt) };
    this.write();
    return this.asked.body;
  }

  /** The line failed, not just the page was left: worth a word when it is made up for. */
  fail() {
    if (this.asked) this.asked.failed = true;
    this.write();
  }

  get runs() {
    const runs = this.ranges.all.map((run) => told(Object.assign({}, run, { b: Math.min(run.b, this.limit) }), this.answeredAt));
    return runs.filter(([a, b, start]) => b > a && start < LONGEST_GAP_MS).map(within);
  }

  write() {
    this.writtenAt = performance.now();
    const { runs } = this;
    if (!this.record || !(runs.length || this.asked)) return;
    Object.assign(this.record, { runs, pending: this.asked });
    if (!outbox.put(this.record)) this.record = null;
  }

  /** All that is not told yet, as a record to be delivered; null where it is too little, or bound to nothing. */
  close(before = []) {
    const [record, runs] = [this.record, before.concat(this.runs)];
    if (!record || runs.reduce((sum, [a, b]) => sum + b - a, 0) < WORTH_MS) return null;
    this.ranges.forget();
    this.record = null;
    return outbox.put(Object.assign(record, { runs, pending: null, sealed: true })) ? record : null;
  }

  /** The session is over; what was just refused for its number only was played all the same. */
  abandon(played, isSealed) {
    if (isSealed && !this.close(played && this.asked ? [this.asked.run] : []) && this.record) outbox.drop(this.record);
    this.ranges.forget();
    Object.assign(this, { record: null, asked: null, limit: 0 });
  }
}
