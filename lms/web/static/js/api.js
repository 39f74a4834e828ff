/** Talks to the server in JSON. Nothing is thrown: no answer at all is status 0. */

const PATIENCE_MS = 20000;

function csrfToken() {
  const meta = document.querySelector('meta[name="csrf-token"]');
  return meta ? meta.content : "";
}

async function readBody(response) {
  try {
    return await response.json();
  } catch (notJson) {
    return null;
  }
}

/** Retry-After in milliseconds, from seconds or from an HTTP date; 0 without one. */
function retryAfterMs(response) {
  const told = response.headers.get("Retry-After");
  if (!told) return 0;
  const ms = /^\d+$/.test(told) ? Number(told) * 1000 : Date.parse(told) - Date.now();
  return ms > 0 ? ms : 0;
}

/** A request hanging on a bad line is given up, so that it can be tried again. */
function withPatience(start) {
  if (!("AbortController" in window)) return start(undefined);
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), PATIENCE_MS);
  const stop = () => clearTimeout(timer);
  const answer = start(control.signal);
  answer.then(stop, stop);
  return answer;
}

/**
 * Posts `body` as JSON and answers {status, body, retryAfterMs}.
 * `headers` are added; `keepalive` lets the request outlive the page.
 */
export async function post(url, body, { headers = {}, keepalive = false } = {}) {
  const sent = Object.assign(
    { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
    headers
  );
  const options = { method: "POST", credentials: "same-origin", headers: sent, body: JSON.stringify(body), keepalive };
  try {
    const response = await withPatience((signal) => fetch(url, Object.assign({ signal }, options)));
    return { status: response.status, body: await readBody(response), retryAfterMs: retryAfterMs(response) };
  } catch (unreachable) {
    return { status: 0, body: null, retryAfterMs: 0 };
  }
}
