/** A calm countdown: seen every second, told to a screen reader at its start, at 60 and at 20 seconds. */

const TOLD_AT = [60, 20];

export class Countdown {
  /** `panel` holds [data-check-left] (data-say with {s}), [data-check-bar] and [data-check-said]. */
  constructor(panel, onOver) {
    const [left, bar, said] = ["left", "bar", "said"].map((name) => panel.querySelector(`[data-check-${name}]`));
    Object.assign(this, { left, bar, said, onOver, timer: null });
  }

  start(ms) {
    this.stop();
    this.until = performance.now() + ms;
    this.bar.max = ms;
    this.untold = TOLD_AT.filter((seconds) => seconds * 1000 < ms);
    this.said.textContent = this.words(Math.ceil(ms / 1000));
    this.timer = setInterval(() => this.draw(), 1000);
    this.draw();
  }

  stop() {
    clearInterval(this.timer);
  }

  words(seconds) {
    return this.left.dataset.say.replace("{s}", seconds);
  }

  draw() {
    const ms = Math.max(0, this.until - performance.now());
    const seconds = Math.ceil(ms / 1000);
    this.bar.value = ms;
    this.left.textContent = this.words(seconds);
    if (seconds <= this.untold[0]) this.said.textContent = this.words(this.untold.shift());
    if (ms > 0) return;
    this.stop();
    this.onOver();
  }
}
