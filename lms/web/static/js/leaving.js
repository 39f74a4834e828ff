/** Whoever signs out leaves no words of hers on this machine: drafts of forms, names and files of unfinished uploads.
    Study and exam answers that still wait for a line stay: they hold no name, and losing them would cost her time. */

import { attempt, drop, keysOf } from "./storage.js";

const DRAFTS = "form:";
const UPLOADS = "kangxue-uploads"; // as upload-list.js names it

document.addEventListener("submit", (event) => {
  const action = event.target.getAttribute("action") || "";
  if (!/\/logout$/.test(action)) return;
  keysOf(DRAFTS).forEach(drop);
  attempt(() => indexedDB.deleteDatabase(UPLOADS), null);
});
