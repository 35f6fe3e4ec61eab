// Small comforts on forms: the message about the last step is read first, a second tap on a button does nothing.
(function () {
  "use strict";

  var message = document.querySelector("[data-focus]");
  if (message) message.focus({ preventScroll: false });

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.hasAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    if (form.method === "post") form.setAttribute("data-sent", "");
  });

  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { form.removeAttribute("data-sent"); });
  });

  // Parts of a form that belong to one answer are shown with that answer only. Without this file all of them show.
  function showParts(form) {
    form.querySelectorAll("[data-shown-with]").forEach(function (part) {
      var wanted = part.getAttribute("data-shown-with").split("=");
      var values = wanted[1].split("|");
      var control = form.elements[wanted[0]];
      part.hidden = Boolean(control) && values.indexOf(control.value) === -1;
    });
  }

  document.querySelectorAll("form[data-parts]").forEach(function (form) {
    showParts(form);
    form.addEventListener("change", function () { showParts(form); });
  });
})();
