/** When the same again makes sense, and how long to wait before it. */

/** No line, a tired server, a part that changed on the way. */
export const passes = ({ status, body }) =>
  status === 0 || status === 408 || status === 429 || status >= 500 || Boolean(body && body.code === "upload_part_changed");

export class Rest {
  constructor() {
    this.end = () => {};
  }

  /** Waits; the line coming back, or `end()`, ends the wait. */
  take(ms) {
    return new Promise((done) => {
      const timer = setTimeout(() => this.end(), ms);
      this.end = () => {
        clearTimeout(timer);
        window.removeEventListener("online", this.end);
        this.end = () => {};
        done();
      };
      window.addEventListener("online", this.end);
    });
  }
}
