/** How an upload stands on the page: a bar, a sentence, its buttons; changes of state are said aloud once. */

const BUTTONS = {
  queued: ["cancel"],
  sending: ["pause", "cancel"],
  waiting: ["pause", "resume", "cancel"],
  checking: [],
  paused: ["resume", "cancel"],
  failed: ["resume", "cancel"],
  lost: ["cancel"],
  done: ["close"],
};

const megabytes = (bytes) => (bytes / 1048576).toFixed(bytes < 10485760 ? 1 : 0);

export class Row {
  /** `box` holds the templates; `act(name)` is called for the buttons. */
  constructor(box, name, act) {
    this.box = box;
    this.node = box.querySelector("template[data-upload-row]").content.firstElementChild.cloneNode(true);
    this.part("name").textContent = name;
    this.node.querySelectorAll("[data-upload-do]").forEach((button) => {
      button.setAttribute("aria-label", `${button.textContent.trim()}：${name}`);
      button.addEventListener("click", () => act(button.dataset.uploadDo));
    });
    this.said = "";
    this.name = name;
    box.querySelector("[data-upload-list]").appendChild(this.node);
  }

  part(name) {
    return this.node.querySelector(`[data-upload-${name}]`);
  }

  words(state) {
    const found = this.box.querySelector(`template[data-upload-say="${state}"]`);
    return found ? found.content.textContent.trim() : "";
  }

  /** A failure is told in our own words where we have some, else in the server's. */
  sentence(upload) {
    const told = upload.message && (this.words(`failed-${upload.message}`) || upload.message);
    const filled = { done: megabytes(upload.sent), total: megabytes(upload.size), message: told };
    return this.words(upload.state).replace(/\{(\w+)\}/g, (whole, name) => filled[name] || "");
  }

  show(upload) {
    const sentence = this.sentence(upload);
    this.node.dataset.state = upload.state;
    this.part("bar").value = upload.size ? upload.sent / upload.size : 0;
    this.part("words").textContent = sentence;
    const wanted = BUTTONS[upload.state] || [];
    this.node.querySelectorAll("[data-upload-do]").forEach((button) => {
      button.hidden = wanted.indexOf(button.dataset.uploadDo) < 0;
    });
    if (this.said !== upload.state) this.say(upload.state, sentence);
  }

  say(state, sentence) {
    this.said = state;
    this.box.querySelector("[data-upload-said]").textContent = `${this.name}：${sentence}`;
  }

  /** Leaves; the focus goes where there is still something to do. */
  remove() {
    const had = this.node.contains(document.activeElement);
    this.node.remove();
    if (had) this.box.querySelector("[data-upload-form] input[type=file]").focus();
  }
}
