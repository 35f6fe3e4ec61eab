// Offers the zone of this device in the list of zones. It is only used, and only sent, if the reader picks it.
(function () {
  "use strict";

  var list = document.querySelector("select[name=tz]");
  if (!list || !window.Intl) return;
  var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  var known = Array.prototype.some.call(list.options, function (one) { return one.value === zone; });
  if (!zone || !known) return;
  list.add(new Option("This device’s time: " + zone.replace(/_/g, " "), zone), list.options[1]);
})();
