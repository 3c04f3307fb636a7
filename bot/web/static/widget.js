/* Một Cửa on any page: <script src="https://HOST/widget.js" defer></script>
   A page with a content security policy needs only: script-src https://HOST; frame-src https://HOST.
   All of it lives in a shadow root; the page's own elements, styles and names are left alone. */
(() => {
  "use strict";

  const STYLE = "STYLE";
  const SAY = "WORDS";
  const NAME = "motcua-widget";
  const TALK = "motcua-widget-talk";
  const LONGEST = 1000000; // characters of a sealed conversation
  const SVG = "http://www.w3.org/2000/svg";
  const ICONS = {
    open: [
      ["M13 9h38a9 9 0 0 1 9 9v22a9 9 0 0 1-9 9H33L19 60V49h-6a9 9 0 0 1-9-9V18a9 9 0 0 1 9-9z", "bubble"],
      ["M21 41V27a11 11 0 0 1 22 0v14", "arch"],
      ["M26 41V27a7 7 0 0 1 3.4-6L38 26v19z", "leaf"],
    ],
    close: [["M16 16L48 48M48 16L16 48", "cross"]],
  };

  const script = document.currentScript;
  if (!script || !script.src) return;
  const base = new URL(".", script.src);

  let isOpen = false;
  let frame = null;
  const host = document.createElement(NAME);
  const root = host.attachShadow ? host.attachShadow({ mode: "open" }) : null;
  const small = window.matchMedia("(max-width: 600px), (max-height: 480px)");
  const opener = make("button", "opener", icon("open"), icon("close"), make("span", "words", SAY.open));
  const closer = make("button", "closer", icon("close"));
  const aside = make("a", "", SAY.new_page);
  const panel = make("dialog", "panel", make("p", "waiting", SAY.waiting, make("br"), aside), closer);

  /* ---- building, by DOM methods only: a page may forbid everything else ---- */

  function make(tag, className, ...inside) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    inside.forEach((part) => {
      element.appendChild(typeof part === "string" ? document.createTextNode(part) : part);
    });
    return element;
  }

  function icon(name) {
    const picture = document.createElementNS(SVG, "svg");
    set(picture, { viewBox: "0 0 64 64", class: `icon icon-${name}`, "aria-hidden": "true", focusable: "false" });
    ICONS[name].forEach(([d, part]) => {
      picture.appendChild(set(document.createElementNS(SVG, "path"), { d, class: part }));
    });
    return picture;
  }

  function set(element, attributes) {
    Object.keys(attributes).forEach((name) => element.setAttribute(name, attributes[name]));
    return element;
  }

  function addStyle() {
    if ("adoptedStyleSheets" in root && "replaceSync" in CSSStyleSheet.prototype) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
      return;
    }
    // Browsers before 2023; a strict page then also needs style-src https://HOST.
    root.appendChild(set(make("link"), { rel: "stylesheet", href: new URL("widget.css", base).href }));
  }

  function addFrame() {
    frame = set(make("iframe", "frame"), {
      title: SAY.label, allow: "clipboard-write", referrerpolicy: "no-referrer",
      src: new URL("widget", base).href, name: kept(TALK),
    });
    panel.appendChild(frame);
  }

  /* ---- open and closed; remembered for this tab ---- */

  function keep(name, value) {
    try { window.sessionStorage.setItem(name, value); } catch (_) { /* private mode: works without */ }
  }

  function kept(name) {
    try { return window.sessionStorage.getItem(name) || ""; } catch (_) { return ""; }
  }

  /** Beside the page where there is room; over all of it, and alone, on a small screen. */
  function place() {
    if (!isOpen) return;
    if (panel.close && panel.hasAttribute("open")) panel.close();
    if (small.matches && panel.showModal) panel.showModal();
    else panel.setAttribute("open", "");
  }

  function show() {
    isOpen = true;
    if (!frame) addFrame();
    opener.setAttribute("aria-expanded", "true");
    place();
    keep(NAME, "open");
  }

  function hide() {
    isOpen = false;
    opener.setAttribute("aria-expanded", "false");
    if (panel.close) panel.close();
    else panel.removeAttribute("open");
    keep(NAME, "");
    opener.focus();
  }

  function enter() {
    frame.focus();
    frame.contentWindow.postMessage({ motcua: "focus" }, base.origin);
  }

  function onPress() {
    if (isOpen) {
      hide();
      return;
    }
    show();
    if (panel.classList.contains("is-ready")) enter();
    else closer.focus();
  }

  /** The conversation, where the browser lets our frame keep nothing; only the frame can read it. */
  function keepSealed(sealed) {
    if (typeof sealed === "string" && sealed.length < LONGEST) keep(TALK, sealed);
  }

  /** Words from our frame and from nobody else. */
  function onMessage(event) {
    const isOurs = frame && event.source === frame.contentWindow && event.origin === base.origin;
    if (!isOurs || !event.data) return;
    if (event.data.motcua === "close" && isOpen) hide();
    if (event.data.motcua === "keep") keepSealed(event.data.sealed);
    if (event.data.motcua !== "ready") return;
    panel.classList.add("is-ready");
    if (root.activeElement === closer) enter();
  }

  function onKey(event) {
    if (event.key !== "Escape" || !isOpen) return;
    event.preventDefault();
    event.stopPropagation();
    hide();
  }

  /* ---- begin ---- */

  function begin() {
    if (!root || document.querySelector(NAME)) return;
    set(host, { lang: "vi" });
    set(opener, {
      type: "button", "aria-label": SAY.label, "aria-expanded": "false", "aria-controls": "panel",
    });
    set(closer, { type: "button", "aria-label": SAY.close });
    set(panel, { id: "panel", "aria-label": SAY.label });
    set(aside, { href: base.href, target: "_blank", rel: "noopener noreferrer" });
    addStyle();
    root.appendChild(opener);
    root.appendChild(panel);
    opener.addEventListener("click", onPress);
    closer.addEventListener("click", hide);
    host.addEventListener("keydown", onKey);
    panel.addEventListener("cancel", (event) => { event.preventDefault(); hide(); });
    panel.addEventListener("close", () => { if (isOpen && !panel.open) hide(); });
    window.addEventListener("message", onMessage);
    if (small.addEventListener) small.addEventListener("change", place);
    document.body.appendChild(host);
    if (kept(NAME) === "open") show();
  }

  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
