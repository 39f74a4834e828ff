/** A button that copies its data-copy text and says so. */

const SAID_FOR_MS = 2500;

/** For browsers without the clipboard API, and pages that are not on https. */
function copyOldWay(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.setAttribute("readonly", "");
  field.className = "visually-hidden";
  document.body.appendChild(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  return copied;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (notAllowed) {
    return copyOldWay(text);
  }
}

async function copy(button) {
  const words = button.querySelector("[data-copy-words]");
  const before = words.textContent;
  words.textContent = (await copied(button.dataset.copy)) ? button.dataset.sayCopied : button.dataset.sayFailed;
  button.disabled = true;
  setTimeout(() => {
    words.textContent = before;
    button.disabled = false;
  }, SAID_FOR_MS);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
