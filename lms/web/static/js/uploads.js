/** The uploader of the media library: files are chosen or dropped here, and gone on with after a reload. */

import { Desk } from "./upload-desk.js";
import { keyOf } from "./upload-file.js";
import { left } from "./upload-list.js";

/** Whose library files go to: asked only of who teaches for several institutions. */
function organisationOf(form) {
  return form.elements.organisation ? form.elements.organisation.value : "";
}

async function add(desk, file, organisation) {
  let key = `unreadable-${Date.now()}-${file.size}`;
  try {
    key = await keyOf(file, organisation);
  } catch (unreadable) {
    // the upload itself will say so
  }
  desk.enter(file, { key, organisation, paused: false });
}

/** Instead of sending the form: its way is for browsers without script. */
function bindForm(desk, form) {
  const input = form.querySelector("input[type=file]");
  const take = (event) => {
    event.preventDefault();
    const files = Array.from(input.files);
    input.value = "";
    files.forEach((file) => add(desk, file, organisationOf(form)));
  };
  form.addEventListener("submit", take);
  input.addEventListener("change", take);
}

function bindDrop(desk, box, form) {
  box.addEventListener("dragover", (event) => event.preventDefault());
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    Array.from(event.dataTransfer.files).forEach((file) => add(desk, file, organisationOf(form)));
  });
}

async function goOn(desk) {
  (await left(desk.account)).forEach((entry) => {
    if (entry.file) desk.enter(entry.file, entry);
    else desk.miss(entry);
  });
}

document.querySelectorAll("[data-uploads]").forEach(async (box) => {
  const form = box.querySelector("[data-upload-form]");
  const desk = new Desk(box);
  bindForm(desk, form);
  bindDrop(desk, box, form);
  window.addEventListener("beforeunload", (event) => {
    if (!desk.in(["sending", "waiting"]).length) return;
    event.preventDefault();
    event.returnValue = "";
  });
  await goOn(desk);
  box.dataset.ready = "";
});
