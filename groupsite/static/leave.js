// Leaving at once. Without this file the link still works; with it the page is blank before the next one loads, in every
// tab of this site, this page leaves the history, and Shift pressed three times does the same as the link.
(function () {
  "use strict";

  var PRESSES = 3;
  var WITHIN_MS = 5000;
  var root = document.documentElement;
  var link = document.querySelector("[data-leave]");
  var keys = document.querySelector("[data-leave-keys]");
  var signOut = document.querySelector("[data-sign-out]");
  var tabs = window.BroadcastChannel ? new BroadcastChannel("visit") : null;
  var pressed = [];

  function blank() {
    root.classList.add("is-blank");
    document.title = " ";
  }

  function tell(word) {
    if (tabs) tabs.postMessage(word);
  }

  function go() {
    blank();
    window.location.replace(link.href);
  }

  function leave(event) {
    event.preventDefault();
    go();
    tell("leave");
  }

  function countShift(event) {
    if (event.key !== "Shift") {
      pressed = [];
      return;
    }
    if (event.repeat) return;
    pressed = pressed.filter(function (moment) { return event.timeStamp - moment < WITHIN_MS; });
    pressed.push(event.timeStamp);
    if (pressed.length >= PRESSES) leave(event);
  }

  function isPrivate() {
    return document.body.hasAttribute("data-private");
  }

  // A browser may show a page from memory after Back, although nobody is signed in any more: ask for it again.
  function forget() {
    if (isPrivate()) blank();
  }

  function lookAgain(event) {
    if (event.persisted && root.classList.contains("is-blank")) window.location.reload();
  }

  // The same person in another tab has left, or her visit is over.
  function hear(event) {
    if (event.data === "leave") go();
    if (event.data === "over" && isPrivate()) {
      blank();
      window.location.replace("/sign-in");
    }
  }

  if (!link) return;
  link.addEventListener("click", leave);
  document.addEventListener("keydown", countShift);
  window.addEventListener("pagehide", forget);
  window.addEventListener("pageshow", lookAgain);
  if (tabs) tabs.addEventListener("message", hear);
  if (signOut) signOut.addEventListener("submit", function () { tell("over"); });
  if (keys) keys.hidden = false;
})();
