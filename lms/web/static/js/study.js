/** Joins a study session to its words on the page. */

import { StudySession } from "./heartbeat.js";
import { StudyStatus } from "./study-status.js";

const HALTED = ["elsewhere", "login", "stopped"];

/**
 * `root` is [data-study], `target` {enrollment, lesson}. `advisory()` describes the playing, `halt()` is called when
 * nothing is being recorded any more, `resume()` after the person asked to go on here.
 */
export function join(root, target, { advisory, halt, resume }) {
  const status = new StudyStatus(root, () => {
    session.resume();
    resume();
  });
  const session = new StudySession(target, advisory, {
    state(name, body) {
      status.state(name, body);
      if (HALTED.indexOf(name) >= 0) halt();
    },
    totals: (body) => status.totals(body),
  });
  session.done = root.dataset.state === "done";
  return session;
}
