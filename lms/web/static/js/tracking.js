/** Watches a media element and tells the study session what was really played. */

/** Only continuous play counts: a seek, an empty source or a pause ends the range where play was last seen. */
class Tracking {
  constructor(media, session) {
    Object.assign(this, { media, session, running: false });
    const on = (name, act) => media.addEventListener(name, () => act.call(this));
    on("timeupdate", this.track);
    on("playing", this.track);
    on("seeking", this.cut);
    on("emptied", this.cut);
    on("pause", this.finish);
    on("ended", this.finish);
    document.addEventListener("visibilitychange", () => document.hidden && this.leave());
    window.addEventListener("pagehide", () => this.leave());
  }

  get at() {
    return Math.round(this.media.currentTime * 1000);
  }

  track() {
    if (this.media.paused || this.media.seeking) return;
    if (this.running) this.session.move(this.at);
    else this.session.play(this.at);
    this.running = true;
  }

  /** The page is going away, perhaps for good: what was played is told now. */
  leave() {
    this.track();
    this.session.flush();
  }

  cut() {
    if (this.running) this.session.rest();
    this.running = false;
  }

  finish() {
    if (this.running && !this.media.seeking) this.session.move(this.at);
    this.cut();
  }
}

/** Starts watching; call the answered function to begin a new range where the media now stands. */
export function watch(media, session) {
  const tracking = new Tracking(media, session);
  return () => {
    tracking.running = false;
    tracking.track();
  };
}

/** What is kept beside a heartbeat as evidence; it never changes what is credited. */
export function advisory(media) {
  return { rate: media.playbackRate, visible: !document.hidden, muted: media.muted || media.volume === 0 };
}
