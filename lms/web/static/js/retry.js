/** The same body again, later and later, until there is an answer that means something. */

import { post } from "./api.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;

/** No answer, a tired server, two requests in each other's way, or a success that is not ours (a café's Wi-Fi page). */
export function meansNothing({ status, body }) {
  if (body && body.code === "changed_meanwhile") return true;
  return status < 200 || status === 408 || status === 429 || status >= 500 || (status < 300 && !body);
}

/** Waits; where there was no line at all, only until the line is back. */
function pause(ms, offline) {
  return new Promise((done) => {
    setTimeout(done, ms);
    if (offline) window.addEventListener("online", done, { once: true });
  });
}

/** Answers like `post`; `onFailure` is called before each wait. */
export async function postUntilAnswered(url, body, options, onFailure) {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const answer = await post(url, body, options);
    if (!meansNothing(answer)) return answer;
    onFailure();
    await pause(Math.max(answer.retryAfterMs, wait * (0.5 + Math.random() / 2)), answer.status === 0);
  }
}
