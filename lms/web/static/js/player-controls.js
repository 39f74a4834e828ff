/** The big buttons under the video. Each carries data-player-do with the name of what it does. */

const STEP_SECONDS = 10;

function captions(video) {
  return video.textTracks.length ? video.textTracks[0] : null;
}

/** Captions stand below the picture, where they cover nothing of the slide, and stay when only the sound plays. */
function stripOf(box, video) {
  const strip = box.querySelector("[data-player-caption]") || document.createElement("p");
  const track = captions(video);
  if (!track) return strip;
  track.mode = "hidden";
  track.addEventListener("cuechange", () => {
    strip.textContent = Array.from(track.activeCues || [], (cue) => cue.text).join("\n");
  });
  return strip;
}

function acts(video, player, strip) {
  return {
    toggle: () => (video.paused ? player.start() : video.pause()),
    retry: () => player.start(),
    reload: () => window.location.reload(),
    back: () => {
      video.currentTime = Math.max(0, video.currentTime - STEP_SECONDS);
    },
    forward: () => {
      video.currentTime = Math.min(video.duration || 0, video.currentTime + STEP_SECONDS);
    },
    sound: (button) => {
      const on = press(button);
      player.listenOnly(on);
    },
    captions: (button) => {
      strip.hidden = !press(button);
    },
  };
}

/** Turns a toggle button over and answers whether it is now on. */
function press(button) {
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  return on;
}

/** Reflects playing or paused in the play button's own words. */
function draw(box, video) {
  const playing = !video.paused && !video.ended;
  box.dataset.playing = String(playing);
  box.querySelectorAll("[data-when-playing]").forEach((part) => (part.hidden = !playing));
  box.querySelectorAll("[data-when-paused]").forEach((part) => (part.hidden = playing));
}

/** Shows the words for "network", "expired" or "unplayable"; null takes them away. */
export function showProblem(box, kind) {
  const panel = box.querySelector("[data-player-problem]");
  const words = kind && box.querySelector(`template[data-problem="${kind}"]`);
  panel.textContent = "";
  if (words) panel.appendChild(document.importNode(words.content, true));
}

/** Ties the buttons inside `box` to a player {video, start, listenOnly}. */
export function bindControls(box, player) {
  const video = player.video;
  const doing = acts(video, player, stripOf(box, video));
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-player-do]");
    if (button) doing[button.dataset.playerDo](button);
  });
  box.addEventListener("change", (event) => {
    const rate = Number(event.target.value);
    if (event.target.matches("[data-player-speed]")) Object.assign(video, { defaultPlaybackRate: rate, playbackRate: rate });
  });
  ["play", "pause", "ended"].forEach((name) => video.addEventListener(name, () => draw(box, video)));
  draw(box, video);
  box.querySelectorAll("[data-player-do]").forEach((button) => button.removeAttribute("disabled"));
}
