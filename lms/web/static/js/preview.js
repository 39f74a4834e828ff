/** A trainer's look at a finished video: no study, no recording, the browser's own buttons. */

import { open, prepare } from "./source.js";

document.querySelectorAll("[data-preview]").forEach((box) => {
  const video = box.querySelector("video");
  const button = box.querySelector("[data-preview-play]");
  const fail = () => {
    box.querySelector("[data-preview-said]").textContent = button.dataset.sayFailed;
    button.hidden = false;
  };
  button.removeAttribute("disabled");
  button.addEventListener("click", async () => {
    button.hidden = true;
    try {
      await prepare(video, box.dataset.hlsSrc);
      open(video, video.dataset.hls, 0, fail);
      video.controls = true;
      await video.play();
      video.focus();
    } catch (refused) {
      if (refused && refused.name !== "NotAllowedError") fail();
    }
  });
});
