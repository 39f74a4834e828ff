/** The uploads on a page: each with its row, two of them at a time. */

import { refresh } from "./library.js";
import { forget, keep } from "./upload-list.js";
import { Row } from "./upload-row.js";
import { Upload } from "./upload.js";

const AT_ONCE = 2;
const ACTIVE = ["sending", "waiting", "checking"];

export class Desk {
  constructor(box) {
    Object.assign(this, { box, all: new Map(), account: box.dataset.account });
  }

  /** A file that is here already goes on; one that a reload lost takes up its place again. */
  enter(file, { key, organisation, paused }) {
    const known = this.all.get(key);
    if (known && !known.lost) return void known.upload.start();
    if (known) known.row.remove();
    const upload = new Upload(file, { api: this.box.dataset.api, organisation, key, tell: () => this.told(key) });
    const row = new Row(this.box, file.name, (act) => this.act(key, act));
    this.all.set(key, { upload, row, file });
    this.note(key, paused);
    upload.set(paused ? "paused" : "queued");
  }

  /** The browser did not keep the file: it has to be chosen once more. */
  miss({ key, name, size }) {
    const row = new Row(this.box, name, () => this.end(key));
    this.all.set(key, { row, lost: true, upload: { state: "lost" } });
    row.show({ state: "lost", sent: 0, size, message: "" });
  }

  /** Writes down what a reload has to know. */
  note(key, paused) {
    const { file, upload } = this.all.get(key);
    keep({ key, organisation: upload.organisation, account: this.account, name: file.name, size: file.size, paused, file });
  }

  act(key, act) {
    const { upload } = this.all.get(key);
    if (act === "pause" || act === "resume") this.note(key, act === "pause");
    if (act === "pause") upload.pause();
    if (act === "resume" && upload.state === "waiting") upload.rest.end();
    else if (act === "resume") upload.start();
    if (act === "cancel") upload.cancel();
    if (act === "close") this.end(key);
  }

  told(key) {
    const here = this.all.get(key);
    if (!here) return;
    const { state } = here.upload;
    if (state === "cancelled") return void this.end(key);
    here.row.show(here.upload);
    if (state === "done") {
      forget(key);
      refresh();
    }
    if (ACTIVE.indexOf(state) < 0) this.next();
  }

  end(key) {
    this.all.get(key).row.remove();
    this.all.delete(key);
    forget(key);
    this.next();
  }

  /** Those in one of these states. */
  in(states) {
    return Array.from(this.all.values(), ({ upload }) => upload).filter(({ state }) => states.indexOf(state) >= 0);
  }

  next() {
    const free = Math.max(AT_ONCE - this.in(ACTIVE).length, 0);
    this.in(["queued"]).slice(0, free).forEach((upload) => upload.start());
  }
}
