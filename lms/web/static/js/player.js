/** The lesson video: opens its source when wanted, keeps the place, and says in words what went wrong. */

import { bindControls, showProblem } from "./player-controls.js";
import { bindScenes } from "./scenes.js";
import { isPrepared, open, placeOf, play, prepare } from "./source.js";
import { join } from "./study.js";
import { advisory, watch } from "./tracking.js";

class Player {
  constructor(box, study) {
    Object.assign(this, { box, video: box.querySelector("[data-player]"), close: null, soundOnly: false });
    const { enrollment, lesson, positionMs } = this.video.dataset;
    this.at = placeOf(this.video, Number(positionMs));
    // Where nothing is recorded the video stops: playing on would promise what is not so.
    this.session = join(study, { enrollment, lesson }, {
      advisory: () => advisory(this.video),
      halt: () => this.video.pause(),
      resume: () => this.start(this.restart()),
      hold: () => this.hold(),
      moved: (ms) => this.close || (this.at = placeOf(this.video, ms)),
    });
    this.restart = watch(this.video, this.session);
    bindControls(box, this);
    bindScenes(box, (seconds) => this.goTo(seconds));
  }

  /** To another place, playing from there. */
  goTo(seconds) {
    if (this.close) this.video.currentTime = seconds;
    else this.at = seconds;
    this.start();
  }

  /** Waits for her; answers whether it was playing. */
  hold() {
    const playing = !this.video.paused;
    this.video.pause();
    return playing;
  }

  /** Plays; the first time it loads what this browser needs to play at all. */
  start() {
    showProblem(this.box, null);
    if (this.close) play(this.video);
    else if (isPrepared(this.video)) this.begin();
    else this.prepareAndBegin();
  }

  async prepareAndBegin() {
    this.box.dataset.busy = "";
    try {
      await prepare(this.video, this.box.dataset.hlsSrc);
      this.begin();
    } catch (scriptMissing) {
      showProblem(this.box, "network");
    }
    delete this.box.dataset.busy;
  }

  begin() {
    const { hls, audio } = this.video.dataset;
    this.video.controls = true;
    this.box.dataset.started = "";
    this.close = open(this.video, this.soundOnly ? audio : hls, this.at, (kind) => this.failed(kind));
    play(this.video);
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
    showProblem(this.box, kind);
  }
}

document.querySelectorAll("[data-player-box]").forEach((box) => {
  const player = new Player(box, document.querySelector("[data-study]"));
  prepare(player.video, box.dataset.hlsSrc).catch(() => {});
});
