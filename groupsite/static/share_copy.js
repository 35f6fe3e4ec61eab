// Whatever is copied from a page of shares begins with the group's line. Without this file only paper says it.
(function () {
  "use strict";

  var line = document.querySelector("[data-copy-line]");
  var main = document.querySelector("main");
  if (!line || !main) return;

  main.addEventListener("copy", function (event) {
    var field = event.target.closest && event.target.closest("input, textarea");
    var copied = String(document.getSelection() || "");
    if (field || !copied || !event.clipboardData) return;
    event.clipboardData.setData("text/plain", line.textContent.trim() + "\n\n" + copied);
    event.preventDefault();
  });
})();
