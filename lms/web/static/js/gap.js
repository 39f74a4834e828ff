/** Delivers what was played without a line: a sealed record as a chain, and what earlier visits left behind. */

import { post } from "./api.js";
import { linked } from "./chain.js";
import { HEARTBEATS, wasPlayedAllTheSame } from "./lease.js";
import * as outbox from "./outbox.js";
import { meansNothing } from "./retry.js";

export const BATCHES = "/api/v1/study/batches";
const MOST_PARTS = 100;

const once = (url, body) => post(url, body);
const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
/** Not now, or not she: the record waits for a better moment, or for its owner. */
const isForLater = (answer) => meansNothing(answer) || /^(401|403|404)$/.test(String(answer.status));

/** What became of a chain, as the words on the page need it. */
function settled(record, answers) {
  const parts = [].concat(...answers.map((answer) => answer.body.parts));
  const lost = parts.filter((part) => part.verdict !== "credited")[0];
  const claimed_ms = sum(record.runs.map(([a, b]) => b - a));
  const body = Object.assign({ claimed_ms, verdict: lost && lost.verdict }, answers[answers.length - 1].body);
  return { lesson: record.lesson, gained_ms: sum(parts.map((part) => part.credited_ms)), body };
}

/** Uploads a sealed record; null when it was refused, or has to wait. `send(url, body)` answers like `post`. */
export async function deliver(record, send) {
  const parts = await linked(record.nonce, record.lesson, record.runs);
  const { session, after_seq } = record;
  const chain = { session, after_seq, head: parts[parts.length - 1].hash, count: parts.length };
  const answers = [];
  for (let from = 0; from < parts.length; from += MOST_PARTS) {
    const answer = await send(BATCHES, Object.assign({ parts: parts.slice(from, from + MOST_PARTS) }, chain));
    if (isForLater(answer)) return null;
    if (answer.status < 300) answers.push(answer);
  }
  outbox.drop(record);
  return answers.length ? settled(record, answers) : null;
}

/** The unanswered report first: if the server knows it, it must not be told a second time as part of the chain. */
async function report(record, done) {
  const { pending } = record;
  const answer = pending && (await once(HEARTBEATS, pending.body));
  if (answer && isForLater(answer)) return false;
  if (answer && wasPlayedAllTheSame(answer)) record.runs.unshift(pending.run);
  if (answer && answer.status < 300) {
    const gained_ms = pending.failed ? answer.body.credited_total_ms - record.total_ms : 0;
    done.push({ lesson: record.lesson, gained_ms, body: answer.body });
  }
  return outbox.put(Object.assign(record, { pending: null, sealed: true }));
}

/** Tells what earlier sessions of this phone could not tell, one try each; answers what became of it. */
export async function catchUp(session) {
  const done = [];
  for (const record of outbox.left(session)) {
    if (!(await report(record, done))) continue;
    if (record.runs.length) done.push(await deliver(record, once));
    else outbox.drop(record);
  }
  return done.filter(Boolean);
}
