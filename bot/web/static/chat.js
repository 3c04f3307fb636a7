/* Một Cửa's chat page. Plain ES2015 and fetch, so that old phones follow; text never becomes HTML. */
(() => {
  "use strict";

  const SAY = {
    waiting: "Đang tra thủ tục",
    offline: "Chưa gửi được: mạng đang chậm hoặc bị ngắt. Câu hỏi của bạn vẫn còn đây.",
    failed: "Chưa có câu trả lời. Câu hỏi của bạn vẫn còn đây.",
    restored: "Câu hỏi này chưa có câu trả lời.",
    retry: "Gửi lại",
    chooseOne: "Chọn một việc",
    chooseCase: "Xem riêng cho trường hợp của bạn",
    askFurther: "Hỏi tiếp",
    papers: "giấy tờ",
    copy: "Sao chép",
    copied: "Đã sao chép",
    notCopied: "Không sao chép được",
    print: "In ra giấy",
    about: "Thủ tục mã ",
    restarted: "Đã bắt đầu lại. Mời bạn gõ câu hỏi.",
    youAsked: "Bạn hỏi: ",
    answered: "Một Cửa trả lời:",
    newTab: " (mở trang mới)",
    openProcedure: "Mở trang thủ tục trên Cổng Dịch vụ công Quốc gia",
    openDossier: "Mở trang tra cứu hồ sơ",
    sizes: ["thường", "to", "rất to"],
  };
  const LONGEST = 4000; // characters sent; the assistant reads less and says so
  const FILLED = 1200; // a message this long was cut at a platform's limit and goes on in the next
  const PATIENCE = 20000; // milliseconds
  const FRESH = 3600000; // milliseconds for which the server surely knows what was last said
  const KEPT_ITEMS = 80;
  const DOSSIER_PAGE = /^https:\/\/dichvucong\.gov\.vn\/tra-cuu-ho-so/;
  const PROCEDURE_PAGE = /^https:\/\/dichvucong\.gov\.vn\/(thu-tuc-hanh-chinh|tra-cuu-thu-tuc)\//;
  const LINK = /https:\/\/[^\s<>"«»()]*[^\s<>"«»().,;:!?]/g;

  const at = (id) => document.getElementById(id);
  const log = at("log");
  const input = at("question");
  const sendButton = at("send");

  /* ---- what the page remembers: the conversation in this tab, the letter size in this browser ---- */

  let conversation = { id: null, items: [], at: 0 };
  let isWaiting = false;

  const keep = (storage, key, value) => {
    try { storage().setItem(key, value); } catch (_) { /* private mode: the page works without */ }
  };
  const kept = (storage, key) => {
    try { return storage().getItem(key); } catch (_) { return null; }
  };
  const tab = () => window.motcuaTab || window.sessionStorage; // see frame.js
  const browser = () => window.localStorage;

  function saveConversation() {
    conversation.items = conversation.items.slice(-KEPT_ITEMS);
    keep(tab, "motcua", JSON.stringify(conversation));
  }

  function readConversation() {
    try {
      const stored = JSON.parse(kept(tab, "motcua") || "null");
      return stored && Array.isArray(stored.items) ? stored : null;
    } catch (_) {
      return null;
    }
  }

  /* ---- building the page, by DOM methods only ---- */

  function make(tag, className, ...inside) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    inside.forEach((part) => {
      element.appendChild(typeof part === "string" ? document.createTextNode(part) : part);
    });
    return element;
  }

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  function makeButton(className, text, onPress) {
    const button = make("button", className, text);
    button.type = "button";
    button.addEventListener("click", onPress);
    return button;
  }

  function makeLink(url, text) {
    const link = make("a", "", text, make("span", "unseen", SAY.newTab));
    link.href = url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  }

  /** The text as nodes, its https addresses as links. */
  function linked(text) {
    const parts = [];
    let end = 0;
    text.replace(LINK, (url, start) => {
      parts.push(text.slice(end, start), makeLink(url, url));
      end = start + url.length;
      return url;
    });
    parts.push(text.slice(end));
    return parts.filter((part) => part !== "");
  }

  const isLink = (line) => /^https:\/\/\S+$/.test(line);

  function goLink(url) {
    if (PROCEDURE_PAGE.test(url)) return makeLink(url, SAY.openProcedure);
    if (DOSSIER_PAGE.test(url)) return makeLink(url, SAY.openDossier);
    return null;
  }

  /** "Thời hạn: 3 ngày" with the label set off. */
  function labelled(text) {
    const parts = /^([^:]{2,32}:) (.+)$/.exec(text);
    return parts ? [make("b", "", parts[1]), " ", ...linked(parts[2])] : linked(text);
  }

  /** One line as a paragraph whose look follows from its shape. */
  function paragraph(line, isFirst, followsGap) {
    if (isFirst) return make("p", "fact", ...linked(line));
    if (/:$/.test(line)) return make("p", "sub", ...linked(line));
    if (/^Mã \d/.test(line)) return make("p", "meta source", ...linked(line));
    if (/^(\(.*\)$|… )/.test(line)) return make("p", "meta", ...linked(line));
    return make("p", "", ...(followsGap ? labelled(line) : linked(line)));
  }

  /** One message of the bot: lines, "• " lists, numbered steps, the link to the procedure. */
  function sheet(text, isPapers) {
    const lines = text.split("\n").map((line) => line.trim());
    const box = make("div", "sheet");
    let list = null;
    let gap = false;
    let heading = "";
    const add = (element) => {
      if (gap && box.childNodes.length) element.className += " gap";
      gap = false;
      box.appendChild(element);
      return element;
    };
    const addItem = (tag, className, ...inside) => {
      if (!list || list.tagName !== tag.toUpperCase() || gap) list = add(make(tag, className));
      list.appendChild(make("li", "", ...inside));
    };
    lines.forEach((line, place) => {
      const bullet = /^[•–-] (.+)$/.exec(line);
      const step = /^(\d{1,2}[.)]) (.+)$/.exec(line);
      const go = isLink(line) && goLink(line);
      if (bullet) {
        const isTicked = isPapers && !/^Lưu ý/.test(heading);
        addItem("ul", isTicked ? "papers" : "", ...(isTicked ? linked : labelled)(bullet[1]));
        return;
      }
      if (step && lines.length > 1) {
        addItem("ol", "", make("span", "number", step[1]), " ", ...linked(step[2]));
        return;
      }
      list = null;
      if (!line) gap = true;
      else if (go) add(make("p", "go", go));
      else if (!introducesLink(line, lines[place + 1])) {
        heading = line;
        add(paragraph(line, !box.childNodes.length && lines.length > 1, gap));
      }
    });
    return box;
  }

  /** A line such as "Trang thủ tục trên …:" says nothing beside the button that replaces its link. */
  function introducesLink(line, next) {
    return /^Trang .*:$/.test(line) && next && isLink(next) && goLink(next);
  }

  /* ---- the conversation on the page ---- */

  function showMine(text) {
    const words = make("p", "mine-text", make("span", "unseen", SAY.youAsked), text);
    return log.appendChild(make("div", "turn mine", words));
  }

  function showTurn(turn) {
    const box = make("div", "turn bot", make("p", "unseen", SAY.answered));
    joined(turn.messages).forEach((message) => {
      box.appendChild(sheet(message.text, turn.facet === "documents"));
      if (message.choices.length) box.appendChild(choiceButtons(message.choices, turn));
    });
    box.appendChild(tools(turn));
    return log.appendChild(box);
  }

  /** A long answer is cut for platforms with a limit; here it is one again. */
  function joined(messages) {
    const whole = [];
    messages.forEach((message) => {
      const former = whole[whole.length - 1];
      const goesOn = former && former.text.length > FILLED && !/https:\/\/\S+$/.test(former.text);
      if (!goesOn) whole.push({ text: message.text, choices: message.choices });
      else whole[whole.length - 1] = { text: `${former.text}\n${message.text}`, choices: message.choices };
    });
    return whole;
  }

  function choiceButtons(choices, turn) {
    const isList = choices.some((choice) => /^\d+\. /.test(choice.label));
    const group = make("div", `choices ${isList ? "choices-list" : "choices-row"}`);
    const purpose = !isList ? SAY.askFurther : turn.procedure ? SAY.chooseCase : SAY.chooseOne;
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", purpose);
    if (purpose !== SAY.chooseOne) group.appendChild(make("p", "choices-title", purpose));
    choices.forEach((choice) => group.appendChild(choiceButton(choice, turn)));
    return group;
  }

  /** What a button says when the server has forgotten what it stood under. */
  function saysLater(choice, label, isNumbered, procedure) {
    if (!procedure) return label;
    return `${isNumbered ? SAY.papers : choice.says} ${procedure.code}`;
  }

  function choiceButton(choice, turn) {
    const numbered = /^(\d+)\. ([^]+)$/.exec(choice.label);
    const label = numbered ? numbered[2] : choice.label;
    const button = makeButton("choice", "", () => {
      if (isWaiting || button.getAttribute("aria-disabled")) return;
      button.classList.add("is-picked");
      const isFresh = Date.now() - conversation.at < FRESH;
      ask(isFresh ? choice.says : saysLater(choice, label, numbered, turn.procedure), label);
    });
    if (numbered) {
      button.classList.add("is-numbered");
      button.appendChild(make("span", "number", numbered[1]));
    }
    button.appendChild(make("span", "label", label));
    return button;
  }

  /** Only the last answer can be answered. The pressed button keeps the focus until it moves on. */
  function closeChoices() {
    each(".choices", (group) => group.classList.add("is-closed"));
    each(".choice", (button) => {
      if (button !== document.activeElement) {
        button.disabled = true;
        return;
      }
      button.setAttribute("aria-disabled", "true");
      button.addEventListener("blur", () => { button.disabled = true; }, { once: true });
    });
  }

  function tools(turn) {
    const copy = makeButton("quiet", SAY.copy, () => {
      copyText(turn.messages.map((message) => message.text).join("\n\n")).then(
        () => tell(copy, SAY.copied),
        () => tell(copy, SAY.notCopied)
      );
    });
    const row = make("div", "after", copy);
    if (turn.procedure) row.appendChild(makeButton("quiet", SAY.print, () => window.print()));
    return row;
  }

  function tell(button, text) {
    button.textContent = text;
    announce(text);
    setTimeout(() => { button.textContent = SAY.copy; }, 2500);
  }

  function copyText(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const field = make("textarea", "unseen");
    const focused = document.activeElement;
    field.value = text;
    document.body.appendChild(field);
    field.select();
    const isDone = document.execCommand("copy");
    document.body.removeChild(field);
    if (focused) focused.focus();
    return isDone ? Promise.resolve() : Promise.reject(new Error("copy"));
  }

  function announce(text) {
    at("status").textContent = text;
  }

  function showWaiting() {
    const waiting = make("div", "waiting", SAY.waiting, make("i"), make("i"), make("i"));
    waiting.setAttribute("aria-hidden", "true"); // the status line says it to those who listen
    announce(SAY.waiting);
    return log.appendChild(waiting);
  }

  function showFailure(sentence, item) {
    const box = make("div", "turn failed", make("p", "", sentence));
    box.setAttribute("role", "alert");
    box.appendChild(makeButton("retry", SAY.retry, () => { if (!isWaiting) send(item); }));
    return log.appendChild(box);
  }

  function dropFailures() {
    each(".failed", (box) => log.removeChild(box));
  }

  /* ---- asking ---- */

  /** Show what the citizen said and send it; `says` is what a button stands for. */
  function ask(says, shown) {
    const item = { who: "me", says, text: shown };
    conversation.items.push(item);
    saveConversation();
    setTalking(true);
    showMine(shown).classList.add("is-new");
    send(item);
  }

  function send(item) {
    setWaiting(true);
    dropFailures();
    closeChoices();
    const asked = conversation;
    const waiting = showWaiting();
    waiting.scrollIntoView();
    const settle = (show) => {
      if (asked !== conversation) return; // begun anew in the meantime
      log.removeChild(waiting);
      announce("");
      setWaiting(false);
      show();
    };
    post({ text: item.says.slice(0, LONGEST), conversation_id: conversation.id }).then(
      (turn) => settle(() => showAnswer(turn)),
      (problem) => settle(() => showProblem(problem, item))
    );
  }

  function post(body) {
    const canStop = typeof AbortController === "function";
    const stop = canStop ? new AbortController() : null;
    const order = {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    };
    if (stop) order.signal = stop.signal;
    let timer = 0;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        reject(new Error("late"));
        if (stop) stop.abort();
      }, PATIENCE);
    });
    const done = (act) => (value) => { clearTimeout(timer); return act(value); };
    return Promise.race([fetch("api/chat", order).then(readTurn), late]).then(
      done((turn) => turn),
      done((problem) => { throw problem; })
    );
  }

  function readTurn(response) {
    return response.json().catch(() => ({})).then((body) => {
      if (response.ok && Array.isArray(body.messages)) return body;
      const problem = new Error("refused");
      problem.status = response.status;
      problem.detail = typeof body.detail === "string" ? body.detail : SAY.failed;
      throw problem;
    });
  }

  function showAnswer(turn) {
    conversation.id = turn.conversation_id;
    conversation.at = Date.now();
    conversation.items.push({
      who: "bot", messages: turn.messages, facet: turn.facet, procedure: turn.procedure,
    });
    saveConversation();
    showTurn(turn).classList.add("is-new");
    const mine = log.querySelectorAll(".mine");
    mine[mine.length - 1].scrollIntoView();
  }

  function showProblem(problem, item) {
    const sentence = problem.status ? problem.detail : SAY.offline;
    const failure = showFailure(sentence, item);
    if (problem.status >= 400 && problem.status < 500 && !input.value) {
      input.value = item.says; // as it stands it will not be accepted: let it be changed
      growInput();
    }
    failure.scrollIntoView();
  }

  function setWaiting(value) {
    isWaiting = value;
    sendButton.setAttribute("aria-disabled", String(value));
  }

  /* ---- the input ---- */

  let isComposing = false;

  function submit() {
    const text = input.value.trim();
    if (!text || isWaiting) {
      input.focus();
      return;
    }
    input.value = "";
    growInput();
    if (window.matchMedia("(pointer: coarse)").matches) input.blur(); // the keyboard hides the answer
    ask(text, text);
  }

  function growInput() {
    input.style.height = "";
    if (input.value) input.style.height = `${input.scrollHeight + 3}px`;
  }

  function onKey(event) {
    // Enter that ends a Vietnamese word being composed is not meant for us (229: older browsers).
    const composes = isComposing || event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composes) return;
    event.preventDefault();
    submit();
  }

  /* ---- head ---- */

  let size = 0;

  function setSize(step) {
    size = step;
    const root = document.documentElement;
    root.className = step ? `size-${step + 1}` : "";
    at("size").setAttribute("aria-label", `Cỡ chữ: ${SAY.sizes[step]}. Bấm để đổi`);
    at("size").title = `Cỡ chữ: ${SAY.sizes[step]}`;
    keep(browser, "motcua-size", String(step));
    growInput();
    fit();
  }

  /** Head and desk stay in view unless they would leave too little to read between them. */
  function fit() {
    const root = document.documentElement;
    document.body.classList.remove("is-cramped");
    const head = document.querySelector(".band").offsetHeight;
    const isCramped = head + at("desk").offsetHeight > window.innerHeight * 0.45;
    document.body.classList.toggle("is-cramped", isCramped);
    root.style.scrollPaddingTop = isCramped ? "8px" : `${head + 16}px`;
    root.style.scrollPaddingBottom = `${at("desk").offsetHeight + 12}px`;
  }

  function setTalking(value) {
    document.body.classList.toggle("is-talking", value);
    at("restart").hidden = !value;
    fit();
  }

  function restart() {
    conversation = { id: null, items: [], at: 0 };
    saveConversation();
    while (log.firstChild) log.removeChild(log.firstChild);
    setWaiting(false);
    setTalking(false);
    announce(SAY.restarted);
    window.scrollTo(0, 0);
    input.focus();
  }

  /* ---- begin ---- */

  function restore() {
    const stored = readConversation();
    if (!stored || !stored.items.length) return;
    conversation = stored;
    log.setAttribute("aria-live", "off"); // what was read once is not read out again
    stored.items.forEach((item) => {
      if (item.who === "me") showMine(item.text);
      else { closeChoices(); showTurn(item); }
    });
    const last = stored.items[stored.items.length - 1];
    if (last.who === "me") { closeChoices(); showFailure(SAY.restored, last); }
    setTalking(true);
    const mine = log.querySelectorAll(".mine");
    if (mine.length) mine[mine.length - 1].scrollIntoView();
    setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
  }

  /** A poster's code leads here with ?thu-tuc=1.004222: asked once, not again on a reload. */
  function askOfAddress() {
    const code = /[?&]thu-tuc=(\d\.\d{6})(?:&|$)/.exec(window.location.search);
    if (window.location.search) window.history.replaceState(null, "", window.location.pathname);
    if (code) ask(code[1], SAY.about + code[1]);
  }

  function begin() {
    ["tools", "composer", "starters"].forEach((id) => { at(id).hidden = false; });
    at("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
    window.addEventListener("resize", fit);
    input.addEventListener("keydown", onKey);
    input.addEventListener("input", growInput);
    input.addEventListener("compositionstart", () => { isComposing = true; });
    input.addEventListener("compositionend", () => { isComposing = false; });
    at("restart").addEventListener("click", restart);
    at("size").addEventListener("click", () => setSize((size + 1) % SAY.sizes.length));
    each(".starter", (button) => {
      button.addEventListener("click", () => {
        if (!isWaiting) ask(button.textContent, button.textContent);
      });
    });
    setSize(Number(kept(browser, "motcua-size")) % SAY.sizes.length || 0);
    restore();
    askOfAddress();
  }

  if (window.motcuaOpened) window.motcuaOpened.then(begin);
  else begin();
})();
