// Gentle remarks while somebody writes. Everything stays in this browser: nothing is sent, stored or counted, nobody is
// told, and nobody is stopped.
(function () {
  "use strict";

  var ADVICE = [
    /\byou (should|must|need to|ought to|have to|had better|just need)\b/i,
    /\b(have you tried|if i were you|why don[’']t you|my advice)\b/i,
    /(^|[^\p{L}])(deberías|debes|tienes que|has probado|has intentado|yo que tú|te aconsejo|por qué no)(?!\p{L})/iu
  ];
  var DISTRESS = [
    /\b(kill(ing)? myself|end(ing)? my life|end it all|suicid(e|al)|want to die|wish i (was|were) dead|better off dead)\b/i,
    /\b((hurt|cut|harm)(ing)? myself|no reason to live|can[’']?t go on)\b/i,
    /(^|[^\p{L}])(suicid\p{L}*|matarme|quitarme la vida|acabar con mi vida|hacerme daño|cortarme)(?!\p{L})/iu,
    /(^|[^\p{L}])(quiero morir(me)?|no quiero vivir|mejor muert[oa]|no puedo más)(?!\p{L})/iu
  ];
  var words = document.querySelector("[data-compose]");
  var hints = document.querySelector("[data-compose-hints]");
  if (!words || !hints) return;
  var told = hints.getAttribute("data-compose-names");
  var nudges = told !== null;
  var names = (nudges ? JSON.parse(told) : []).filter(function (name) { return name.length > 2; }).map(function (name) {
    var plain = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp("(^|[^\\p{L}\\p{N}])" + plain + "(?![\\p{L}\\p{N}])", "u");
  });

  function any(patterns, text) {
    return patterns.some(function (pattern) { return pattern.test(text); });
  }

  function show(mark, shown) {
    var hint = hints.querySelector("[data-compose-" + mark + "]");
    if (hint) hint.hidden = !shown;
  }

  function look() {
    var text = words.value;
    show("advice", nudges && any(ADVICE, text));
    show("name", nudges && any(names, text));
    show("help", any(DISTRESS, text));
  }

  words.addEventListener("input", look);
  look();
})();
