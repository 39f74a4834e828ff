/** A region fetches itself again from its data-poll address until what comes says data-poll-done. */

const USUAL_SECONDS = 3;
const LONGEST_SECONDS = 30;

/** {inside} of the region; {} when there is no answer this time; {gone} when asking again makes no sense. */
async function ask(url) {
  try {
    const response = await fetch(url, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } });
    if (response.ok) return { inside: await response.text() };
    return { gone: response.status < 500 && response.status !== 429 };
  } catch (unreachable) {
    return {};
  }
}

function later(region, seconds) {
  setTimeout(() => refresh(region, seconds), seconds * 1000);
}

async function refresh(region, seconds) {
  const usual = Number(region.dataset.pollSeconds) || USUAL_SECONDS;
  if (document.hidden) return void later(region, usual);
  const { inside, gone } = await ask(region.dataset.poll);
  if (gone) return;
  if (inside === undefined) return void later(region, Math.min(seconds * 2, LONGEST_SECONDS));
  show(region, inside);
  if (!region.querySelector("[data-poll-done]")) later(region, usual);
}

/** What has not changed is left alone, so that it is not read out again. */
function show(region, inside) {
  if (region.dataset.polled === inside) return;
  region.dataset.polled = inside;
  region.innerHTML = inside;
}

document.querySelectorAll("[data-poll]").forEach((region) => {
  if (!region.querySelector("[data-poll-done]")) later(region, Number(region.dataset.pollSeconds) || USUAL_SECONDS);
});
