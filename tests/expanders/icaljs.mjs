// Reads calendars with ical.js, as Thunderbird and Nextcloud do. The first argument is the library's file.
// Standard input: {"calendars": [text, ...], "first": seconds, "last": seconds}, in UTC since 1970, of the window.
// Standard output: for each calendar a list of [start, end, is cancelled, title].
import { readFileSync } from "node:fs";

const { default: ICAL } = await import(process.argv[2]);
const asked = JSON.parse(readFileSync(0, "utf8"));

function read(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const events = calendar.getAllSubcomponents("vevent").map((one) => new ICAL.Event(one, { exceptions: [] }));
  const exceptions = events.filter((one) => one.isRecurrenceException());
  return events
    .filter((one) => !one.isRecurrenceException())
    .flatMap((series) => dates(series, exceptions.filter((one) => one.uid === series.uid)));
}

function dates(series, exceptions) {
  exceptions.forEach((one) => series.relateException(one));
  const originals = exceptions.map((one) => one.recurrenceId.toUnixTime());
  const last = Math.max(asked.last, ...originals);
  const found = [];
  const iterator = series.iterator();
  for (let next = iterator.next(); next && next.toUnixTime() <= last; next = iterator.next()) {
    found.push(date(series.getOccurrenceDetails(next)));
  }
  return found;
}

function date({ item, startDate, endDate }) {
  const isCancelled = item.component.getFirstPropertyValue("status") === "CANCELLED";
  return [startDate.toUnixTime(), endDate.toUnixTime(), isCancelled, item.summary];
}

process.stdout.write(JSON.stringify(asked.calendars.map(read)));
