/** A reading lesson earns its time while it is seen and the reader is there. */

import { isAsking } from "./check.js";
import { join } from "./study.js";

const TICK_MS = 1000;
const LONGEST_TICK_MS = 2500; // a phone that slept was not being read
const IDLE_MS = 90000;
const SIGNS_OF_LIFE = ["scroll", "touchstart", "pointerdown", "keydown", "study:active"];

class Reading {
  constructor(article, study) {
    const { enrollment, lesson, positionMs, durationMs } = article.dataset;
    Object.assign(this, { at: Number(positionMs), end: Number(durationMs), running: false, halted: false });
    this.idle = document.querySelector("[data-reading-idle]");
    this.session = join(study, { enrollment, lesson }, {
      advisory: () => ({ rate: 1, visible: !document.hidden, muted: false }),
      halt: () => this.stop(),
      resume: () => this.wake(),
      hold: () => this.hold(),
      moved: (ms) => (this.at = Math.max(this.at, ms)),
    });
    this.listen();
    this.wake();
  }

  listen() {
    const note = () => {
      this.seenAt = performance.now();
    };
    SIGNS_OF_LIFE.forEach((name) => document.addEventListener(name, note, { passive: true }));
    this.idle.addEventListener("click", () => this.wake());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.wake()));
    window.addEventListener("pagehide", () => this.rest());
    window.addEventListener("pageshow", () => this.wake());
    setInterval(() => this.tick(), TICK_MS);
  }

  /** The reader is there (again); only the study session's own button takes it back from another phone. */
  wake() {
    if (document.hidden || this.running || this.session.halted || this.at >= this.end || isAsking()) return;
    Object.assign(this, { running: true, seenAt: performance.now(), tickAt: performance.now() });
    this.idle.hidden = true;
    this.session.play(Math.round(this.at));
  }

  /** The clock rests; she is reading all the time, so it goes on by itself. */
  hold() {
    this.rest();
    return true;
  }

  tick() {
    if (!this.running) return;
    const now = performance.now();
    this.at = Math.min(this.end, this.at + Math.min(now - this.tickAt, LONGEST_TICK_MS));
    this.tickAt = now;
    this.session.move(Math.round(this.at));
    if (this.at >= this.end) this.rest();
    else if (now - this.seenAt > IDLE_MS) this.fallAsleep();
  }

  fallAsleep() {
    this.rest();
    this.idle.hidden = false;
  }

  rest() {
    if (this.running) this.session.rest();
    this.running = false;
  }

  stop() {
    this.running = false;
    this.idle.hidden = true;
  }
}

document.querySelectorAll("[data-reading]").forEach((article) => {
  new Reading(article, document.querySelector("[data-study]"));
});
