/** The staff menu on a phone: a button shows and hides the list, which without script simply stands open. */

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-menu]");
  if (!button) return;
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  document.getElementById(button.dataset.menu).classList.toggle("is-open", open);
});
