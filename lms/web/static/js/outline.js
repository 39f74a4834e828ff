/** Lessons are dragged into another place; the same as the arrow buttons, which stay for keyboard and touch. */

let dragged = null;

const said = document.querySelector("[data-outline-said]");

function say(name) {
  if (said) said.textContent = said.dataset[name];
}

function token() {
  return document.querySelector('meta[name="csrf-token"]').content;
}

async function tell(row, list) {
  const place = [...list.children].indexOf(row);
  const body = new URLSearchParams({ csrf_token: token(), module: list.dataset.module, place: String(place) });
  try {
    const response = await fetch(row.dataset.move, { method: "POST", credentials: "same-origin", body });
    if (!response.ok) throw new Error(String(response.status));
    say("say");
    location.reload(); // the arrows name their neighbours
  } catch (failed) {
    say("sayFailed");
  }
}

function rowAfter(list, y) {
  const rows = [...list.children].filter((row) => row !== dragged);
  return rows.find((row) => y < row.getBoundingClientRect().top + row.offsetHeight / 2) || null;
}

document.querySelectorAll("[data-lessons]").forEach((list) => {
  list.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    list.insertBefore(dragged, rowAfter(list, event.clientY));
  });
  list.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const row = dragged;
    dragged = null;
    tell(row, list);
  });
});

document.querySelectorAll("[data-path]").forEach((row) => {
  if (!row.querySelector("form")) return; // in review nothing moves
  row.draggable = true;
  row.addEventListener("dragstart", (event) => {
    dragged = row;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.dataset.path);
  });
});
