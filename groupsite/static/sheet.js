// The run sheet on two telephones: clocks tick here, a second phone follows within two seconds, and a lost connection stops nothing.
// Next, back and the thirty seconds work without a line and are sent when it is back; if somebody else was first, theirs counts and
// this page says so. Everything is in this page's memory alone. Without this file each button is an ordinary form.
(function () {
  "use strict";

  var sheet = document.querySelector("[data-sheet]");
  if (!sheet || !window.fetch || !window.AbortController) return;

  var EVERY_MS = 1000;
  var PATIENCE_MS = 5000;
  var QUIET_MS = 30000;
  var OPEN_TABS_MS = 20000;
  var OFFLINE = "Not connected. The clock goes on, and what you press here is sent when the line is back.";
  var FIRST = "Somebody else pressed a button first. This is where the meeting is now.";
  var REFUSED = "This could not be saved. Please load the page again when you can.";
  var NOT_NOW = "Not connected: this waits until the line is back. Please try again then.";
  var KEPT_OFFLINE = { go: true, quiet: true, speak: true };

  var stateHref = sheet.getAttribute("data-state-href");
  var goneTo = sheet.getAttribute("data-gone-to");
  var line = sheet.querySelector("[data-line]");
  var tabs = window.BroadcastChannel ? new BroadcastChannel("visit") : null;
  var state = JSON.parse(sheet.getAttribute("data-sheet"));
  var ahead = state.now - Date.now();
  var etag = "";
  var pressed = [];
  var base = 0;
  var after = null;
  var isOnline = true;
  var isAsking = false;
  var isOver = false;

  function one(name) {
    return sheet.querySelector("[data-" + name + "]");
  }

  function write(element, words) {
    if (element && element.textContent !== words) element.textContent = words;
  }

  function show(element, isShown) {
    if (element && element.hidden === isShown) element.hidden = !isShown;
  }

  function say(words) {
    write(line, words);
    show(line, Boolean(words));
  }

  function now() {
    return Date.now() + ahead;
  }

  // What is pressed and not sent yet stands on top of what the server said last.
  function shown() {
    var told = { current: state.current, since: state.since, quietUntil: state.quietUntil };
    pressed.forEach(function (press) {
      if (press.fields.do === "go") {
        told.current = indexOf(Number(press.fields.to));
        told.since = press.at;
        told.quietUntil = null;
      } else {
        told.quietUntil = press.fields.do === "quiet" ? press.at + QUIET_MS : null;
      }
    });
    return told;
  }

  function indexOf(position) {
    return state.parts.findIndex(function (part) { return part.position === position; });
  }

  function clockWords(ms) {
    var seconds = Math.round(Math.abs(ms) / 1000);
    return (ms < 0 && seconds ? "-" : "") + Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
  }

  function tick() {
    var told = shown();
    var part = state.parts[told.current];
    var left = part ? told.since + part.minutes * 60000 - now() : 0;
    write(one("left"), part ? clockWords(left) : "–");
    write(one("left-words"), part ? (left < 0 ? "over" : "left in this part") : "");
    one("left").classList.toggle("is-over", Boolean(part) && left < 0);
    var quietLeft = Math.ceil(((told.quietUntil || 0) - now()) / 1000);
    show(one("quiet"), quietLeft > 0);
    show(one("while-speaking"), quietLeft <= 0);
    write(one("quiet-left"), String(Math.max(quietLeft, 0)));
  }

  function render() {
    var told = shown();
    var part = state.parts[told.current];
    var next = state.parts[part ? told.current + 1 : 0];
    var back = part ? state.parts[told.current - 1] : undefined;
    write(one("title"), part ? part.title : "Not begun yet");
    write(one("reader"), part ? part.reader : "");
    show(one("reader"), Boolean(part && part.reader));
    write(one("then"), next ? next.title : "the end");
    aim("next", next, part ? "Next" : "Begin");
    aim("back", back, "Back");
    show(one("when-newcomer"), state.newcomer);
    show(one("when-nobody-new"), !state.newcomer);
    sheet.querySelectorAll("[data-part]").forEach(function (item) { renderPart(item, part); });
    tick();
  }

  function aim(name, part, words) {
    var form = one(name);
    show(one("when-" + name), Boolean(part));
    if (!form || !part) return;
    form.elements.to.value = part.position;
    write(form.querySelector("button"), words);
  }

  function renderPart(item, current) {
    var held = state.parts[indexOf(Number(item.getAttribute("data-part")))];
    show(item, Boolean(held));
    if (!held) return;
    write(item.querySelector("[data-clock]"), held.clock);
    write(item.querySelector("[data-minutes]"), String(held.minutes));
    write(item.querySelector("[data-part-reader]"), held.reader ? ", " + held.reader : "");
    if (held === current) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }

  // The order itself is another: somebody took the format anew.
  function isAnotherOrder(told) {
    return told.parts.some(function (part) {
      var item = sheet.querySelector('[data-part="' + part.position + '"] [data-part-title]');
      return !item || item.textContent !== part.title;
    });
  }

  function take(told) {
    if (isAnotherOrder(told)) return window.location.reload();
    state = told;
    ahead = told.now - Date.now();
    render();
  }

  function lineIs(works) {
    if (works === isOnline) return;
    isOnline = works;
    say(works ? "" : OFFLINE);
  }

  function end() {
    isOver = true;
    document.documentElement.classList.add("is-blank");
    document.title = " ";
    window.location.replace(goneTo);
  }

  // Answers: an Answer of fetch, or nothing when there is no line (or no server behind it).
  function ask(href, options) {
    var patience = new AbortController();
    var timer = setTimeout(function () { patience.abort(); }, PATIENCE_MS);
    var always = { signal: patience.signal, cache: "no-store", redirect: "manual", credentials: "same-origin" };
    return fetch(href, Object.assign(always, options)).then(function (answer) {
      return answer.status >= 500 || answer.status === 429 ? undefined : answer;
    }, function () { return undefined; }).then(function (answer) {
      clearTimeout(timer);
      lineIs(Boolean(answer));
      return answer;
    });
  }

  function look() {
    if (isAsking || isOver || document.hidden) return undefined;
    if (pressed.length) return send();
    isAsking = true;
    return ask(stateHref, { headers: { Accept: "application/json", "If-None-Match": etag } }).then(function (answer) {
      isAsking = false;
      if (!answer || answer.status === 304) return undefined;
      if (answer.type === "opaqueredirect" || !answer.ok) return end();
      etag = answer.headers.get("ETag") || "";
      return answer.json().then(take);
    });
  }

  function post(press, version) {
    press.fields.version = String(version);
    return ask(press.action, {
      method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(press.fields)
    });
  }

  function send() {
    var press = pressed[0];
    if (press.fields.do === "quiet" && now() > press.at + QUIET_MS) {
      pressed.shift();
      return render();
    }
    isAsking = true;
    return post(press, base).then(function (answer) {
      isAsking = false;
      if (!answer) return giveUpWaiting();
      if (answer.ok && answer.type !== "opaqueredirect") return answer.json().then(function (told) { sent(press, told); });
      return refused(press, answer.status);
    });
  }

  function giveUpWaiting() {
    if (after) say(NOT_NOW);
    after = null;
  }

  function sent(press, told) {
    pressed = pressed.filter(function (other) { return other !== press; });
    base = told.version;
    take(told);
    var waiting = after;
    if (pressed.length) return send();
    after = null;
    return waiting && waiting();
  }

  // Of an answer that was lost on its way nothing needs to be said: the meeting is where this button led.
  function refused(press, status) {
    var aimed = shown();
    pressed = [];
    after = null;
    etag = "";
    render();
    if (status !== 409) return say(REFUSED);
    return Promise.resolve(look()).then(function () {
      var isThere = press.fields.do === "go" ? state.current === aimed.current : Boolean(state.quietUntil) === Boolean(aimed.quietUntil);
      if (!isThere) say(FIRST);
    });
  }

  // What is not sent yet is replaced by what is pressed now: at most one step and one silence wait for the line.
  function keep(form, fields) {
    var kind = fields.do === "go" ? "go" : "quiet";
    if (!pressed.length) base = state.version;
    fields.at = String(Math.round(now()));
    var isSending = isAsking && pressed.length > 0;
    pressed = pressed.filter(function (press, index) {
      return (isSending && index === 0) || (press.fields.do === "go" ? "go" : "quiet") !== kind;
    });
    pressed.push({ action: form.action, fields: fields, at: Number(fields.at) });
    if (isOnline) say("");
    render();
    if (!isAsking) send();
  }

  // Names, codes and newcomers need the line: they wait for a step that is on its way, and for nothing else.
  function sendNow(form, fields) {
    if (!isOnline) return say(NOT_NOW);
    if (pressed.length) return void (after = function () { sendNow(form, fields); });
    return post({ action: form.action, fields: fields }, state.version).then(function (answer) {
      if (!answer) return say(NOT_NOW);
      if (answer.status === 409) return Promise.resolve(look()).then(function () { say(FIRST); });
      if (answer.type === "opaqueredirect" || !answer.ok) return say(REFUSED);
      return answer.json().then(function (told) {
        say("");
        take(told);
        if (!told.code) return;
        write(one("code-letters"), told.code);
        show(one("code"), true);
      });
    });
  }

  sheet.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.hasAttribute("data-press")) {
      if (isOnline) return;
      say(NOT_NOW);
    }
    event.preventDefault();
    event.stopPropagation();
    if (!form.hasAttribute("data-press")) return;
    var fields = {};
    new FormData(form).forEach(function (value, name) { fields[name] = value; });
    if (KEPT_OFFLINE[fields.do]) keep(form, fields);
    else sendNow(form, fields);
  });

  // A page that is left without a line cannot be opened again. The way out always works.
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest("a[href]") : null;
    if (isOnline || !link || link.hasAttribute("data-leave") || link.getAttribute("href").charAt(0) === "#") return;
    event.preventDefault();
    say("Not connected: this page stays open until the line is back.");
  });

  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", look);
  setInterval(tick, 250);
  setInterval(look, EVERY_MS);
  if (tabs) {
    tabs.postMessage("sheet");
    tabs.addEventListener("message", function (event) { if (event.data === "seen") tabs.postMessage("sheet"); });
    setInterval(function () { tabs.postMessage("sheet"); }, OPEN_TABS_MS);
  }
  render();
})();
