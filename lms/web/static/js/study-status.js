/** Shows the state of study time. Every sentence stands in the page; nothing is worded or worked out here. */

const MINUTE_MS = 60000;
const NOTICEABLE_MS = 3000;
const WORTH_SAYING_MS = 5000;
const SAID_FOR_MS = 30000;

export class StudyStatus {
  /** `root` is [data-study]; `onResume` is called when the person asks to go on here. */
  constructor(root, onResume) {
    Object.assign(this, { root, shown: null, live: root.querySelector("[data-study-state]") });
    this.live.addEventListener("click", (event) => {
      if (event.target.closest("[data-study-resume]")) onResume();
    });
  }

  /** Puts the words for a state into the live region; a state already shown is not read out again. */
  state(name, body) {
    if (name === this.shown) return;
    const words = this.root.querySelector(`template[data-when="${name}"]`);
    if (!words) return;
    this.shown = name;
    this.root.dataset.state = name;
    this.live.textContent = "";
    this.live.appendChild(document.importNode(words.content, true));
    const message = this.live.querySelector("[data-study-message]");
    if (message && body && body.message) message.textContent = body.message;
  }

  /** The server's totals after an answer: {credited_total_ms, required_ms, verdict}. */
  totals(body) {
    this.root.dispatchEvent(new CustomEvent("study:answer", { bubbles: true, detail: body }));
    this.verdict(body.lesson_done || !this.missed(body) ? null : body.verdict);
    const bar = this.root.querySelector("[data-study-bar]");
    const total = this.root.querySelector("[data-study-total]");
    const left = body.required_ms - body.credited_total_ms;
    bar.max = body.required_ms;
    bar.value = Math.min(body.credited_total_ms, body.required_ms);
    total.textContent = (left > 0 ? total.dataset.sayLeft : total.dataset.sayEnough)
      .replace("{done}", this.time(body.credited_total_ms, Math.floor))
      .replace("{left}", this.time(left, Math.ceil));
  }

  /** So much of what was played without a line has been counted now. */
  madeUp(ms) {
    if (ms < WORTH_SAYING_MS) return;
    const line = this.root.querySelector("[data-study-made-up]");
    line.textContent = line.dataset.say.replace("{time}", this.time(ms, Math.floor));
    line.hidden = false;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => (line.hidden = true), SAID_FOR_MS);
  }

  /** Whether a noticeable part of what was just played earned nothing; moments lost on the way are not worth a word. */
  missed(body) {
    const gained = body.credited_total_ms - (this.total || 0);
    this.total = body.credited_total_ms;
    return body.claimed_ms - gained > NOTICEABLE_MS;
  }

  time(ms, whole) {
    const seconds = whole(ms / 1000);
    return this.root.dataset.sayTime
      .replace("{m}", Math.floor((seconds * 1000) / MINUTE_MS))
      .replace("{s}", seconds % 60);
  }

  /** Why the last stretch earned nothing, where the page has a sentence for it. */
  verdict(code) {
    const note = this.root.querySelector("[data-study-note]");
    const words = code && this.root.querySelector(`template[data-verdict="${code}"]`);
    note.textContent = words ? words.content.textContent.trim() : "";
    note.hidden = !words;
  }
}
