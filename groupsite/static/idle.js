// When nothing was sent for as long as a visit lasts, the page on screen goes blank and the visit ends. A minute before,
// it says so. Any other tab of this site that loads a page keeps the visit going, and this page with it. While a run sheet is open
// in another tab, this page goes blank all the same, but leaves the visit to the sheet (domain/visits.sheet_until).
(function () {
  "use strict";

  var LOOK_EVERY_MS = 1000;
  var WARN_BEFORE_MS = 60000;
  var SHEET_IS_OPEN_MS = 60000;
  var lasts = Number(document.body.getAttribute("data-idle-seconds")) * 1000;
  var warning = document.querySelector("[data-idle-warning]");
  var signOut = document.querySelector("[data-sign-out]");
  var tabs = window.BroadcastChannel ? new BroadcastChannel("visit") : null;
  var ends = Date.now() + lasts;
  var sheetSaidSo = 0;
  var looking;

  function end() {
    clearInterval(looking);
    document.documentElement.classList.add("is-blank");
    document.title = " ";
    if (!signOut || Date.now() - sheetSaidSo < SHEET_IS_OPEN_MS) {
      window.location.replace("/sign-in?done=idle");
      return;
    }
    var why = document.createElement("input");
    why.type = "hidden";
    why.name = "idle";
    why.value = "yes";
    signOut.appendChild(why);
    signOut.submit();
  }

  // The clock on the wall, because timers stand still while a device sleeps.
  function look() {
    var left = ends - Date.now();
    if (warning) warning.hidden = left > WARN_BEFORE_MS || lasts <= WARN_BEFORE_MS;
    if (left <= 0) end();
  }

  if (!lasts) return;
  if (tabs) {
    tabs.postMessage("seen");
    tabs.addEventListener("message", function (event) {
      if (event.data === "seen") ends = Date.now() + lasts;
      if (event.data === "sheet") sheetSaidSo = Date.now();
    });
  }
  looking = setInterval(look, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", look);
})();
