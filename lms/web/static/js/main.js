/** What every page has. Components that need a script of their own bring it along. */

const first = document.querySelector("[data-focus]");
if (first) first.focus();

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

/** A form sent twice by an impatient finger is sent once; after a while, or on coming back, it is free again. */
const SENT_FOR_MS = 8000;
const free = (form) => form.removeAttribute("data-sent");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method") !== "post") return;
  if (form.hasAttribute("data-sent")) event.preventDefault();
  form.setAttribute("data-sent", "");
  setTimeout(() => free(form), SENT_FOR_MS);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));
