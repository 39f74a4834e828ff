/** Speaks sentence by sentence, where the phone has a voice: long texts stop by themselves after some seconds on many. */

export const canSpeak = "speechSynthesis" in window;

export const voiceFor = (language) =>
  window.speechSynthesis.getVoices().filter((voice) => voice.lang.replace("_", "-").indexOf(language.slice(0, 2)) === 0)[0];

export class Speaker {
  /** `onState(speaking)` is called when it starts and stops, `onSentence()` at each sentence. */
  constructor(onState, onSentence = () => {}) {
    Object.assign(this, { onState, onSentence, turn: 0 });
    window.addEventListener("pagehide", () => this.stop());
  }

  speak(sentences, language) {
    this.turn += 1;
    window.speechSynthesis.cancel();
    this.onState(true);
    this.next(sentences, language, this.turn);
  }

  stop() {
    this.turn += 1;
    this.onState(false);
    window.speechSynthesis.cancel();
  }

  next(left, language, turn) {
    if (turn !== this.turn) return;
    if (!left.length) return this.stop();
    const words = new SpeechSynthesisUtterance(left[0]);
    Object.assign(words, { lang: language, voice: voiceFor(language), rate: 0.95 });
    words.onend = () => this.next(left.slice(1), language, turn);
    words.onerror = () => turn === this.turn && this.stop();
    this.onSentence();
    window.speechSynthesis.speak(words);
  }
}
