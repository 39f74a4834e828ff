/** The lesson video: opens its source when wanted, keeps the place, and says in words what went wrong. */

import { bindControls } from "./player-controls.js";
import { isPrepared, open, prepare } from "./source.js";
import { join } from "./study.js";
import { advisory, watch } from "./tracking.js";

const ENDED_WITHIN_MS = 2000;

class Player {
  constructor(box, study) {
    Object.assign(this, { box, video: box.querySelector("[data-player]"), close: null, soundOnly: false });
    const { enrollment, lesson, positionMs, durationMs } = this.video.dataset;
    this.at = Number(durationMs) - Number(positionMs) < ENDED_WITHIN_MS ? 0 : Number(positionMs) / 1000;
    // Where nothing is recorded the video stops: playing on would promise what is not so.
    this.session = join(study, { enrollment, lesson }, {
      advisory: () => advisory(this.video),
      halt: () => this.video.pause(),
      resume: () => this.goOnHere(),
    });
    this.restart = watch(this.video, this.session);
    bindControls(box, this);
  }

  goOnHere() {
    this.restart();
    this.start();
  }

  /** Plays; the first time it loads what this browser needs to play at all. */
  start() {
    this.problem(null);
    if (this.close) this.play();
    else if (isPrepared(this.video)) this.begin();
    else this.prepareAndBegin();
  }

  async prepareAndBegin() {
    this.box.dataset.busy = "";
    try {
      await prepare(this.video, this.box.dataset.hlsSrc);
      this.begin();
    } catch (scriptMissing) {
      this.problem("network");
    }
    delete this.box.dataset.busy;
  }

  begin() {
    const { hls, audio } = this.video.dataset;
    this.video.controls = true;
    this.box.dataset.started = "";
    this.close = open(this.video, this.soundOnly ? audio : hls, this.at, (kind) => this.failed(kind));
    this.play();
  }

  /** A browser may refuse to play without a tap; the button is still there for one. */
  play() {
    const playing = this.video.play();
    if (playing) playing.catch(() => this.video.pause());
  }

  /** Lets go of the source but not of the place. */
  shut() {
    this.at = this.video.currentTime || this.at;
    this.video.pause();
    if (this.close) this.close();
    this.close = null;
  }

  /** Goes on at the same place with the sound alone, or with the picture again. */
  listenOnly(soundOnly) {
    const playing = this.close && !this.video.paused;
    this.soundOnly = soundOnly;
    this.shut();
    if (playing) this.start();
  }

  failed(kind) {
    this.shut();
    this.problem(kind);
  }

  /** Shows the words for "network", "expired" or "unplayable"; null takes them away. */
  problem(kind) {
    const panel = this.box.querySelector("[data-player-problem]");
    const words = kind && this.box.querySelector(`template[data-problem="${kind}"]`);
    panel.textContent = "";
    if (words) panel.appendChild(document.importNode(words.content, true));
  }
}

document.querySelectorAll("[data-player-box]").forEach((box) => {
  const player = new Player(box, document.querySelector("[data-study]"));
  prepare(player.video, box.dataset.hlsSrc).catch(() => {});
});
