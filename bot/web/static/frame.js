/* The chat page inside a commune's page, run before the chat itself. Few words pass between the two
   pages, and never what is said: the page around us may keep it for us, but only sealed. */
(() => {
  "use strict";

  const page = window.parent;
  if (page === window) return;
  const tell = (word, sealed) => page.postMessage({ motcua: word, sealed }, "*");
  const wantsKeyboard = () => !window.matchMedia("(pointer: coarse)").matches;
  let opened = Promise.resolve();

  function mayStore() {
    try { return Boolean(window.sessionStorage); } catch (_) { return false; }
  }

  /* Some browsers deny storage to a frame of another site. Then the page around us keeps the
     conversation for its tab, under a key that only we can read: it lies in the browser's cache of
     our site, is made by the server for this browser alone and is gone after two hours. */
  function keepSealed() {
    const subtle = window.crypto.subtle;
    const key = fetch("widget-key", { cache: "force-cache" })
      .then((response) => response.arrayBuffer())
      .then((raw) => subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]));
    let talk = null;
    let last = Promise.resolve();
    window.motcuaTab = {
      getItem: () => talk,
      setItem: (_, value) => {
        talk = value;
        last = last.then(() => key).then((k) => seal(k, value)).then(
          (sealed) => tell("keep", sealed),
          () => {} // not kept, as in private mode
        );
      },
    };
    return key.then((k) => unseal(k, window.name)).then((value) => { talk = value; }, () => {});
  }

  function seal(key, text) {
    const iv = window.crypto.getRandomValues(new Uint8Array(12));
    return window.crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(text))
      .then((hidden) => letters(iv) + letters(new Uint8Array(hidden)));
  }

  function unseal(key, sealed) {
    const iv = bytes(sealed.slice(0, 16));
    return window.crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, bytes(sealed.slice(16)))
      .then((text) => new TextDecoder().decode(text));
  }

  function letters(raw) {
    let text = "";
    raw.forEach((byte) => { text += String.fromCharCode(byte); });
    return window.btoa(text);
  }

  function bytes(text) {
    return Uint8Array.from(window.atob(text), (letter) => letter.charCodeAt(0));
  }

  document.addEventListener("keydown", (event) => {
    // Escape while a Vietnamese word is being composed belongs to the keyboard.
    if (event.key === "Escape" && !event.isComposing && event.keyCode !== 229) tell("close");
  });

  window.addEventListener("message", (event) => {
    if (event.source !== page || !event.data || event.data.motcua !== "focus") return;
    if (wantsKeyboard()) document.getElementById("question").focus({ preventScroll: true });
  });

  if (!mayStore() && window.crypto && window.crypto.subtle) {
    opened = keepSealed();
    window.motcuaOpened = opened; // the chat begins when what was kept is there again
  }
  document.addEventListener("DOMContentLoaded", () => opened.then(() => tell("ready")));
})();
