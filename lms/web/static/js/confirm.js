/** A link to a confirmation page opens the same question as a dialog, where the browser knows dialogs. */

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-confirm]");
  const dialog = opener && document.getElementById(opener.dataset.confirm);
  if (dialog && dialog.showModal) {
    event.preventDefault();
    dialog.showModal();
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer && closer.closest("dialog")) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
});
