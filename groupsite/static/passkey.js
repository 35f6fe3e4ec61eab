// Passkeys. A form of the page holds the question; its button hands that to the browser, and sends what the passkey answers
// as an ordinary form. Without this file, or in a browser that knows no passkeys, the form stays out of sight.
(function () {
  "use strict";

  var CEREMONIES = { create: "create", get: "get" };

  function bytes(text) {
    var letters = text.replace(/-/g, "+").replace(/_/g, "/");
    var raw = window.atob(letters + "=".repeat((4 - (letters.length % 4)) % 4));
    return Uint8Array.from(raw, function (letter) { return letter.charCodeAt(0); });
  }

  function text(buffer) {
    var raw = Array.from(new Uint8Array(buffer), function (byte) { return String.fromCharCode(byte); }).join("");
    return window.btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function withBytes(known) {
    return (known || []).map(function (one) { return Object.assign({}, one, { id: bytes(one.id) }); });
  }

  function asked(form) {
    var question = JSON.parse(form.getAttribute("data-question"));
    question.challenge = bytes(question.challenge);
    if (question.user) question.user.id = bytes(question.user.id);
    question.excludeCredentials = withBytes(question.excludeCredentials);
    question.allowCredentials = withBytes(question.allowCredentials);
    return { publicKey: question };
  }

  function answer(credential) {
    var said = credential.response;
    var response = { clientDataJSON: text(said.clientDataJSON) };
    ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (name) {
      if (said[name]) response[name] = text(said[name]);
    });
    if (said.getTransports) response.transports = said.getTransports();
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: response });
  }

  function isShared() {
    var tick = document.querySelector("input[type=checkbox][name=shared]");
    return Boolean(tick && tick.checked);
  }

  function start(form, button, failed) {
    button.disabled = true;
    if (failed) failed.hidden = true;
    navigator.credentials[CEREMONIES[form.getAttribute("data-passkey")]](asked(form)).then(function (credential) {
      form.elements.answer.value = answer(credential);
      if (form.elements.shared) form.elements.shared.value = isShared() ? "y" : "";
      form.submit();
    }).catch(function () {
      button.disabled = false;
      if (failed) failed.hidden = false;
    });
  }

  function offer(form) {
    var button = form.querySelector("button");
    button.addEventListener("click", function () { start(form, button, form.querySelector("[data-passkey-failed]")); });
    form.hidden = false;
    document.querySelectorAll("[data-without-passkeys]").forEach(function (one) { one.hidden = true; });
  }

  if (!window.PublicKeyCredential || !navigator.credentials) return;
  document.querySelectorAll("form[data-passkey]").forEach(offer);
})();
