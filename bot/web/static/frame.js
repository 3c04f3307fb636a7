/* The chat page inside a commune's page. Only three words pass between them, never what is said. */
(() => {
  "use strict";

  const page = window.parent;
  if (page === window) return;
  const tell = (word) => page.postMessage({ motcua: word }, "*");
  const wantsKeyboard = () => !window.matchMedia("(pointer: coarse)").matches;

  document.addEventListener("keydown", (event) => {
    // Escape while a Vietnamese word is being composed belongs to the keyboard.
    if (event.key === "Escape" && !event.isComposing && event.keyCode !== 229) tell("close");
  });

  window.addEventListener("message", (event) => {
    if (event.source !== page || !event.data || event.data.motcua !== "focus") return;
    if (wantsKeyboard()) document.getElementById("question").focus();
  });

  tell("ready");
})();
