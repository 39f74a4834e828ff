/** Larger letters, remembered on this phone. Runs in the head, before the first paint, so that nothing jumps. */
(function () {
  var root = document.documentElement;
  var KEY = "text-size";

  function remembered() {
    try {
      return localStorage.getItem(KEY);
    } catch (forbidden) {
      return null;
    }
  }

  function show(size) {
    if (size === "large") root.setAttribute("data-text", "large");
    else root.removeAttribute("data-text");
    Array.prototype.forEach.call(document.querySelectorAll("[data-text-size]"), function (button) {
      button.setAttribute("aria-pressed", String(size === "large"));
    });
  }

  function toggle() {
    var size = root.getAttribute("data-text") === "large" ? "normal" : "large";
    show(size);
    try {
      localStorage.setItem(KEY, size);
    } catch (forbidden) {
      return;
    }
  }

  // A browser without modules gets the page without script.
  if ("noModule" in document.createElement("script")) root.classList.add("js");
  show(remembered());
  document.addEventListener("DOMContentLoaded", function () {
    show(remembered());
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-text-size]")) toggle();
  });
})();
