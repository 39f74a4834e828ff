/** Joins a study session to its words on the page. */

import { watchChecks } from "./check.js";
import { StudySession } from "./heartbeat.js";
import { StudyStatus } from "./study-status.js";

const HALTED = ["elsewhere", "login", "stopped"];

/**
 * `root` is [data-study], `target` {enrollment, lesson}. `advisory()` describes the playing, `halt()` is called when
 * nothing is being recorded any more, `resume()` after the person asked to go on here. `hold()` stops for a
 * question and answers whether to go on by itself; `moved(ms)` is called when the server knows of a later place than this page did.
 */
export function join(root, target, { advisory, halt, resume, hold, moved }) {
  const status = new StudyStatus(root, () => {
    session.resume();
    resume();
  });
  const madeUp = (results) => {
    const mine = results.filter((result) => result.lesson === target.lesson);
    mine.forEach(({ body }) => status.totals(body));
    if (mine.length) moved(mine[mine.length - 1].body.position_ms);
    status.madeUp(results.reduce((sum, result) => sum + result.gained_ms, 0));
  };
  const session = new StudySession(target, advisory, {
    state(name, body) {
      status.state(name, body);
      if (HALTED.indexOf(name) >= 0) halt();
    },
    totals: (body) => status.totals(body),
    madeUp,
  });
  session.done = root.dataset.state === "done";
  watchChecks(root, { hold, resume });
  session.courier.makeUp();
  return session;
}
