/** One study session with the server: its number, the next sequence number and the next nonce. */

import { postUntilAnswered } from "./retry.js";

const SESSIONS = "/api/v1/study/sessions";
export const HEARTBEATS = "/api/v1/study/heartbeats";

const codeOf = (answer) => (answer.body && answer.body.code) || "";

/** The numbers no longer match, or the session has ended: a new session mends it. */
export const isMixUp = (answer) => /^(nonce_mismatch|seq_gap|session_closed)$/.test(codeOf(answer));

/** Refused for its number, not for what it says: the server does not have it, and it was played. */
export const wasPlayedAllTheSame = (answer) => isMixUp(answer) || codeOf(answer) === "lease_lost";

/** The state to show when a refusal ends the session: only the person can go on. */
export function whyHalted(answer) {
  if (codeOf(answer) === "lease_lost") return "elsewhere";
  return answer.status === 401 ? "login" : "stopped";
}

function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
}

export class Lease {
  /** `target` is {enrollment, lesson}; `onFailure` is called whenever the line fails and a retry follows. */
  constructor(target, onFailure) {
    Object.assign(this, { target, onFailure });
    this.drop();
  }

  drop() {
    Object.assign(this, { session: null, seq: 0, nonce: null, durationMs: 0 });
  }

  get held() {
    return this.session !== null;
  }

  /** Asks for a new session; every retry carries the same key, so that only one is opened. */
  async open() {
    const headers = { "Idempotency-Key": randomKey() };
    const answer = await postUntilAnswered(SESSIONS, this.target, { headers }, this.onFailure);
    if (answer.status < 300) {
      const { session, nonce, duration_ms } = answer.body;
      Object.assign(this, { session, nonce, seq: 1, durationMs: duration_ms });
    }
    return answer;
  }

  /** The body that reports [a, b) as played. */
  report({ a, b }, advisory) {
    return { session: this.session, seq: this.seq, nonce: this.nonce, a, b, advisory };
  }

  /** Sends a report; every retry carries the same sequence number and body. */
  async beat(body) {
    const answer = await postUntilAnswered(HEARTBEATS, body, { keepalive: true }, this.onFailure);
    if (answer.status < 300) Object.assign(this, { seq: this.seq + 1, nonce: answer.body.nonce });
    return answer;
  }
}
