/** Opens an HLS playlist on a media element: hls.js where MediaSource exists, the browser itself elsewhere. */

const SCRIPT_FAILED = "network";
const ENDED_WITHIN_MS = 2000;

/** Chrome's own HLS stalls; iPhones have no MediaSource, and newer Safari plays HLS best itself. */
function playsItself(video) {
  const ownKind = !("MediaSource" in window) || "ManagedMediaSource" in window;
  return ownKind && video.canPlayType("application/vnd.apple.mpegurl") !== "";
}

let loading = null;

function load(src) {
  const script = document.createElement("script");
  script.src = src;
  return new Promise((done, failed) => {
    script.onload = done;
    script.onerror = failed;
    document.head.appendChild(script);
  });
}

/** Loads hls.js once if this browser needs it; a failed load can be tried again. */
export function prepare(video, hlsSrc) {
  if (window.Hls || playsItself(video)) return Promise.resolve();
  if (!loading) {
    loading = load(hlsSrc);
    loading.catch(() => {
      loading = null;
    });
  }
  return loading;
}

/** True when `open` can be called at once, inside the tap, as phones want it for play(). */
export const isPrepared = (video) => Boolean(window.Hls) || playsItself(video);

function openHere(video, url, atSeconds, fail) {
  const begin = () => {
    video.currentTime = atSeconds;
  };
  const broken = () => fail(video.error && video.error.code === 2 ? "network" : "unplayable");
  video.addEventListener("loadedmetadata", begin, { once: true });
  video.addEventListener("error", broken);
  video.src = url;
  return () => {
    video.removeEventListener("loadedmetadata", begin);
    video.removeEventListener("error", broken);
    video.removeAttribute("src");
    video.load();
  };
}

/** hls.js has tried again by itself before an error is fatal. */
function kindOf(data, Hls) {
  const status = data.response && data.response.code;
  if (status === 401 || status === 403 || status === 410) return "expired";
  return data.type === Hls.ErrorTypes.NETWORK_ERROR ? "network" : "unplayable";
}

function openWithHls(video, url, atSeconds, fail) {
  const Hls = window.Hls;
  let mended = false;
  // No worker: it would come from a blob: address, which the page's policy refuses; fMP4 hardly needs one.
  const hls = new Hls({ enableWorker: false, startPosition: atSeconds, capLevelToPlayerSize: true, maxMaxBufferLength: 60, backBufferLength: 60 });
  hls.on(Hls.Events.ERROR, (event, data) => {
    if (!data.fatal) return;
    if (data.type !== Hls.ErrorTypes.MEDIA_ERROR || mended) return fail(kindOf(data, Hls));
    mended = true;
    hls.recoverMediaError();
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  return () => hls.destroy();
}

/** Opens `url` at a position; calls `fail("network" | "expired" | "unplayable")`; answers a function that closes it. */
export function open(video, url, atSeconds, fail) {
  if (playsItself(video)) return openHere(video, url, atSeconds, fail);
  if (window.Hls && window.Hls.isSupported()) return openWithHls(video, url, atSeconds, fail);
  fail(window.Hls ? "unplayable" : SCRIPT_FAILED);
  return () => {};
}

/** In seconds: where a film goes on that was left at `ms`; one that was seen to its end begins anew. */
export function placeOf(video, ms) {
  return Number(video.dataset.durationMs) - ms < ENDED_WITHIN_MS ? 0 : ms / 1000;
}

/** A browser may refuse to play without a tap; the button is still there for one. */
export function play(video) {
  const playing = video.play();
  if (playing) playing.catch(() => video.pause());
}
