/** Carries a study session's reports to the server, one at a time: the next nonce is in the answer to the last. */

import { catchUp, deliver } from "./gap.js";
import { Lease, isMixUp, wasPlayedAllTheSame } from "./lease.js";
import { postUntilAnswered } from "./retry.js";

const LATE_MS = 3000;

const isLate = (began) => performance.now() - began > LATE_MS;

export class Courier {
  /** `session` is the StudySession it works for. */
  constructor(session, target, advisory) {
    Object.assign(this, { session, advisory, notebook: session.notebook, owed: [], empty: null, busy: false, reopened: false });
    this.lease = new Lease(target, () => session.lineFailed());
  }

  /** Has a report without content sent first. */
  greet(at) {
    this.empty = this.lease.held ? { a: at, b: at } : null;
  }

  get hasWork() {
    return !this.lease.held || this.empty || this.owed.length > 0 || this.notebook.ranges.waiting.length;
  }

  async pump(force) {
    const { session } = this;
    if (this.busy || session.halted || !(force || session.playing || this.notebook.ranges.waiting.length)) return;
    this.busy = true;
    while (!session.halted && this.hasWork) await this.step();
    this.busy = false;
  }

  step() {
    if (!this.lease.held) return this.open();
    return this.owed.length ? this.deliver(this.owed.shift()) : this.beat();
  }

  async open() {
    await this.makeUp();
    const began = performance.now();
    const answer = await this.lease.open();
    if (answer.status >= 300) return this.refused(answer);
    if (isLate(began)) this.notebook.ranges.forget(); // there was no session that could have counted it
    this.answered(answer, 0);
    this.makeUp();
  }

  async beat() {
    const began = performance.now();
    const report = (range) => this.lease.report(range, this.advisory());
    const body = this.empty ? report(this.empty) : this.notebook.take(report);
    this.empty = null;
    if (!body) return;
    const answer = await this.lease.beat(body);
    if (answer.status >= 300) return this.refused(answer);
    // A late report used up wall time that belongs to what was played meanwhile: that is told as a chain.
    if (isLate(began)) this.owe(this.notebook.close());
    this.reopened = false;
    this.answered(answer, body.b - body.a);
  }

  answered(answer, claimed) {
    this.notebook.begin(this.lease, answer.body.credited_total_ms);
    this.session.answered(answer.body, claimed);
  }

  owe(record) {
    if (record) this.owed.push(record);
  }

  async deliver(record) {
    const began = performance.now();
    const result = await deliver(record, (url, body) => postUntilAnswered(url, body, {}, () => this.session.lineFailed()));
    if (isLate(began)) this.owe(this.notebook.close());
    this.session.madeUp(result ? [result] : []);
  }

  /** Tells what earlier sessions of this phone could not tell. */
  async makeUp() {
    if (this.making) return this.making;
    this.making = catchUp(this.lease.session);
    const results = await this.making;
    this.making = null;
    if (results.length) this.session.madeUp(results);
  }

  /** A mix-up of numbers is mended once by a new session; everything else waits for the person. */
  refused(answer) {
    const mend = isMixUp(answer) && !this.reopened;
    this.notebook.abandon(wasPlayedAllTheSame(answer), answer.status !== 401);
    Object.assign(this, { reopened: mend, owed: [] });
    this.lease.drop();
    if (mend) return;
    this.session.halt(answer);
    this.makeUp();
  }
}
