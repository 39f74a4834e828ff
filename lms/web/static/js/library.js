/** The list of the media library fetches itself again while something in it is still being made. */

const EVERY_MS = 3000;
const LONGEST_MS = 30000;
let timer = 0;

const region = () => document.querySelector("[data-library]");

/** What has not changed, and what somebody is just using by keyboard, is left alone. */
function show(inside) {
  const list = region();
  if (list.dataset.shown === inside) return;
  const used = list.contains(document.activeElement) && document.activeElement.id;
  list.dataset.shown = inside;
  list.innerHTML = inside;
  const again = used && document.getElementById(used);
  if (again) again.focus();
}

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(() => refresh(ms), ms);
}

/** Asks now; goes on asking while the answer says that something is on its way. */
export async function refresh(pause = EVERY_MS) {
  if (!region()) return;
  if (document.hidden) return void later(EVERY_MS);
  try {
    const answer = await fetch(region().dataset.library, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } });
    if (answer.ok) show(await answer.text());
    if (!answer.ok && answer.status < 500 && answer.status !== 429) return;
    if (region().querySelector("[data-unsettled]")) later(answer.ok ? EVERY_MS : Math.min(pause * 2, LONGEST_MS));
  } catch (unreachable) {
    later(Math.min(pause * 2, LONGEST_MS));
  }
}

if (region() && region().querySelector("[data-unsettled]")) later(EVERY_MS);
