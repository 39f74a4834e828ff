/** One file on its way: part after part, again and later where the line fails, until the server has the whole. */

import { begin, complete, drop, look, sendPart } from "./upload-api.js";
import { keyOf, piece } from "./upload-file.js";
import { passes, Rest } from "./upload-wait.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;
const LOOK_EVERY_MS = 1500;

export class Upload {
  /** `tell(upload)` is called whenever `state`, `sent` or `message` changes. */
  constructor(file, { api, organisation, tell, key }) {
    Object.assign(this, { file, api, organisation, tell, key, name: file.name, size: file.size });
    Object.assign(this, { id: null, sent: 0, state: "queued", message: "", abort: null, rest: new Rest(), run: 0 });
  }

  set(state, message = "") {
    Object.assign(this, { state, message });
    this.tell(this);
  }

  /** Runs until it ends or is paused; calling it while it runs changes nothing. */
  async start() {
    if (this.state === "sending" || this.state === "waiting" || this.state === "checking") return;
    const run = (this.run += 1);
    this.set("sending");
    try {
      await this.work(run);
    } catch (unreadable) {
      if (this.run === run) this.set("failed", "unreadable");
    }
  }

  pause() {
    this.run += 1;
    this.set("paused");
    if (this.abort) this.abort();
    this.rest.end();
  }

  async cancel() {
    this.pause();
    if (this.id) await drop(this.api, this.id);
    this.set("cancelled");
  }

  async work(run) {
    if (!this.key) this.key = await keyOf(this.file);
    const asked = { name: this.name, size: this.size, client_key: this.key, organisation: this.organisation || null };
    let view = await this.insist(run, () => begin(this.api, asked));
    while (view && view.state === "open" && view.next.length) view = await this.part(run, view);
    if (view && (view.state === "open" || view.state === "receiving")) view = await this.insist(run, () => complete(this.api, this.id));
    while (view && view.state === "receiving") {
      this.set("checking");
      await this.rest.take(LOOK_EVERY_MS);
      view = await this.insist(run, () => look(this.api, this.id));
    }
    if (view) this.set(view.state === "received" ? "done" : "failed", view.message || "");
  }

  async part(run, view) {
    this.id = view.upload;
    const next = view.next[0];
    const before = Math.min(view.have.length * view.part_size, view.size);
    const { blob, hash } = await piece(this.file, next.offset, next.size);
    const watch = (sent, abort) => {
      Object.assign(this, { abort, sent: before + Math.min(sent, next.size) });
      if (this.run === run) this.tell(this);
      else abort();
    };
    return this.insist(run, () => sendPart(this.api, view.upload, next, blob, hash, watch));
  }

  /** The server's answer, however long it takes; null when it was paused meanwhile or will never be one. */
  async insist(run, ask) {
    for (let wait = FIRST_WAIT_MS; this.run === run; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const answer = await ask();
      this.abort = null;
      if (this.run !== run) return null;
      if (answer.status >= 200 && answer.status < 300 && answer.body) return this.took(answer.body);
      if (!passes(answer)) return this.gaveUp(answer);
      this.set("waiting");
      await this.rest.take(wait * (0.5 + Math.random() / 2));
      if (this.run === run) this.set("sending");
    }
    return null;
  }

  took(view) {
    Object.assign(this, { id: view.upload, sent: view.state === "open" ? Math.min(view.have.length * view.part_size, view.size) : view.size });
    return view;
  }

  gaveUp({ status, body }) {
    this.set("failed", status === 401 ? "login" : (body && body.message) || "unknown");
    return null;
  }
}
