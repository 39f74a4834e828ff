/** Reads a lesson aloud, sentence by sentence, where the phone has a Chinese voice. */

const SENTENCES = /[^。！？；\n]+[。！？；]?/g;

const voiceFor = (language) =>
  window.speechSynthesis.getVoices().filter((voice) => voice.lang.replace("_", "-").indexOf(language.slice(0, 2)) === 0)[0];

function sentences(article) {
  const blocks = Array.from(article.querySelectorAll("h1, h2, h3, p, li"));
  return blocks.reduce((all, block) => all.concat(block.textContent.match(SENTENCES) || []), []);
}

class ReadAloud {
  constructor(button, article) {
    Object.assign(this, { button, article, turn: 0, language: button.dataset.readAloudLang || "zh-CN" });
    button.addEventListener("click", () => (this.speaking ? this.stop() : this.start()));
    window.addEventListener("pagehide", () => this.stop());
    window.speechSynthesis.addEventListener("voiceschanged", () => this.offer());
    this.offer();
  }

  offer() {
    this.button.hidden = !voiceFor(this.language);
  }

  get speaking() {
    return this.button.getAttribute("aria-pressed") === "true";
  }

  start() {
    this.turn += 1;
    this.button.setAttribute("aria-pressed", "true");
    this.next(sentences(this.article), this.turn);
  }

  stop() {
    this.turn += 1;
    this.button.setAttribute("aria-pressed", "false");
    window.speechSynthesis.cancel();
  }

  /** One sentence after the other: long texts stop by themselves after some seconds on many phones. */
  next(left, turn) {
    if (turn !== this.turn) return;
    if (!left.length) return this.stop();
    const words = new SpeechSynthesisUtterance(left[0]);
    Object.assign(words, { lang: this.language, voice: voiceFor(this.language), rate: 0.95 });
    words.onend = () => this.next(left.slice(1), turn);
    words.onerror = () => turn === this.turn && this.stop();
    this.article.dispatchEvent(new CustomEvent("study:active", { bubbles: true }));
    window.speechSynthesis.speak(words);
  }
}

if ("speechSynthesis" in window) {
  document.querySelectorAll("[data-read-aloud]").forEach((button) => {
    const article = document.querySelector(button.dataset.readAloud);
    if (article) new ReadAloud(button, article);
  });
}
