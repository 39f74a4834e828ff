/** Reads a lesson aloud, sentence by sentence, where the phone has a Chinese voice. */

import { Speaker, canSpeak, voiceFor } from "./speech.js";

const SENTENCES = /[^。！？；\n]+[。！？；]?/g;

function sentences(article) {
  const blocks = Array.from(article.querySelectorAll("h1, h2, h3, p, li, legend, .label, .choice-words"));
  return blocks.reduce((all, block) => all.concat(block.textContent.match(SENTENCES) || []), []);
}

function bind(button, article) {
  const language = button.dataset.readAloudLang || "zh-CN";
  const offer = () => (button.hidden = !voiceFor(language));
  const speaker = new Speaker(
    (speaking) => button.setAttribute("aria-pressed", String(speaking)),
    () => article.dispatchEvent(new CustomEvent("study:active", { bubbles: true }))
  );
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") speaker.stop();
    else speaker.speak(sentences(article), language);
  });
  window.speechSynthesis.addEventListener("voiceschanged", offer);
  offer();
}

if (canSpeak) {
  document.querySelectorAll("[data-read-aloud]").forEach((button) => {
    const article = document.querySelector(button.dataset.readAloud);
    if (article) bind(button, article);
  });
}
