/** Buttons that mark text: put before its line, or around what is chosen. */

function mark(area, before, after) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const lineStart = after ? from : value.lastIndexOf("\n", from - 1) + 1;
  const inner = value.slice(lineStart, to);
  area.setRangeText(before + inner + after, lineStart, to, "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Shows the bar, which does nothing without script. */
export function bindMarks(bar, area) {
  if (!bar || !area) return;
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.mark) mark(area, button.dataset.mark, "");
    else mark(area, button.dataset.wrap, button.dataset.wrap);
  });
}
