/** Asks the server about uploads, and sends parts. Nothing is thrown: no answer at all is status 0. */

const PATIENCE_MS = 30000;
const STALLED_MS = 60000;

function csrfToken() {
  const meta = document.querySelector('meta[name="csrf-token"]');
  return meta ? meta.content : "";
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch (notJson) {
    return null;
  }
}

/** XMLHttpRequest, because fetch does not tell how much has been sent. `watch` gets (bytes sent, function that aborts). */
function send(method, url, body, headers, watch) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    let timer = 0;
    const patience = (ms) => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), ms);
    };
    const end = (status) => {
      clearTimeout(timer);
      done({ status, body: parsed(request.responseText || "") });
    };
    request.open(method, url);
    Object.keys(headers).forEach((name) => request.setRequestHeader(name, headers[name]));
    request.upload.onprogress = (event) => {
      patience(STALLED_MS);
      if (watch) watch(event.loaded, () => request.abort());
    };
    request.onload = () => end(request.status);
    request.onerror = request.onabort = () => end(0);
    patience(PATIENCE_MS + (body instanceof Blob ? STALLED_MS : 0));
    if (watch) watch(0, () => request.abort());
    request.send(body);
  });
}

const asJson = (method, url, body) =>
  send(method, url, body ? JSON.stringify(body) : null, { "Content-Type": "application/json", "X-CSRFToken": csrfToken() });

/** Begins an upload, or finds the one that was begun. */
export const begin = (api, asked) => asJson("POST", api, asked);

export const look = (api, id) => asJson("GET", `${api}/${id}`);

export const complete = (api, id) => asJson("POST", `${api}/${id}/completion`);

export const drop = (api, id) => asJson("DELETE", `${api}/${id}`);

/** Sends one part where the server said; where that is the storage service itself, tells the server afterwards. */
export async function sendPart(api, id, part, blob, sha256, watch) {
  if (!part.direct) {
    const headers = { "Content-Type": "application/octet-stream", "X-CSRFToken": csrfToken() };
    if (sha256) headers["X-Part-SHA256"] = sha256;
    return send("PUT", part.url, blob, headers, watch);
  }
  const put = await send("PUT", part.url, blob, {}, watch);
  if (put.status === 0 || put.status >= 400) return { status: put.status === 403 ? 503 : put.status, body: null };
  return asJson("POST", `${api}/${id}/parts`, { number: part.number, sha256: sha256 || null });
}
