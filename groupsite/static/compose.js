// A gentle question while somebody writes: is this about me? Stays in the browser; never stops anybody.
(function () {
  "use strict";

  var ADVICE = /\b(you (should|must|need to|ought to|have to)|have you tried|if i were you|why don[’']t you)\b/i;
  var CONSEJO = /(^|\s)(deberías|debes|tienes que|has probado|has intentado|yo que tú)(\s|[.,!?]|$)/i;
  var words = document.querySelector("[data-compose]");
  var question = document.querySelector("[data-compose-question]");
  if (!words || !question) return;

  words.addEventListener("input", function () {
    question.hidden = !(ADVICE.test(words.value) || CONSEJO.test(words.value));
  });
})();
