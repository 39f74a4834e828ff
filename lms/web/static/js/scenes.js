/** Small pictures of the video, fetched when she opens them; a tap goes to that place. */

const CUE = /(?:(\d+):)?(\d\d):(\d\d)\.\d{3} --> .*\r?\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

const twoDigits = (number) => String(number).padStart(2, "0");
const clock = (seconds) => `${Math.floor(seconds / 60)}:${twoDigits(seconds % 60)}`;

/** What the WebVTT index of a sprite says: [{seconds, sheet, x, y, width, height}]. */
export function scenesOf(text) {
  return Array.from(text.matchAll(CUE), ([, hours, minutes, seconds, sheet, ...box]) => {
    const [x, y, width, height] = box.map(Number);
    return { seconds: Number(hours || 0) * 3600 + Number(minutes) * 60 + Number(seconds), sheet, x, y, width, height };
  });
}

function pictureOf(scene, words, url) {
  const button = document.createElement("button");
  const picture = document.createElement("span");
  const label = document.createElement("span");
  button.type = "button";
  button.className = "scene";
  button.dataset.seconds = String(scene.seconds);
  button.setAttribute("aria-label", words.replace("{time}", clock(scene.seconds)));
  Object.assign(picture.style, {
    width: `${scene.width}px`,
    height: `${scene.height}px`,
    backgroundImage: `url("${new URL(scene.sheet, url).href}")`,
    backgroundPosition: `-${scene.x}px -${scene.y}px`,
  });
  label.textContent = clock(scene.seconds);
  button.append(picture, label);
  return button;
}

async function fill(details) {
  const url = new URL(details.dataset.scenes, window.location.href);
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const scenes = scenesOf(await answer.text());
  if (!scenes.length) throw new Error("empty");
  const row = details.querySelector("[data-scene-row]");
  row.append(...scenes.map((scene) => pictureOf(scene, details.dataset.sceneWords, url)));
}

/** Ties the small pictures inside `box` to `goTo(seconds)`. */
export function bindScenes(box, goTo) {
  const details = box.querySelector("[data-scenes]");
  if (!details) return;
  const show = (name, shown) => (details.querySelector(`[data-scenes-${name}]`).hidden = !shown);
  let filling = null;
  details.addEventListener("toggle", () => {
    if (!details.open || filling) return;
    show("wait", true);
    show("failed", false);
    filling = fill(details)
      .catch(() => {
        filling = null;
        show("failed", true);
      })
      .finally(() => show("wait", false));
  });
  details.addEventListener("click", (event) => {
    const button = event.target.closest("[data-seconds]");
    if (!button) return;
    details.querySelectorAll("[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
    button.setAttribute("aria-current", "true");
    goTo(Number(button.dataset.seconds));
    box.querySelector("video").scrollIntoView({ block: "nearest" });
  });
}
