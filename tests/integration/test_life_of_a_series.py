"""A series from its first day to its last, as somebody who subscribed sees it: what had to move has moved, and nothing else.

Ids stay, numbers and stamps never go back, nothing vanishes unless the rule says so.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy.orm import Session

from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.errors import Conflict, InvalidInput, NotFound
from groupsite.domain.join_info import JoinInfo
from groupsite.domain.schedule import Override, Venue
from groupsite.domain.words import FeedLevel, Kind, Modality, OverrideAction
from groupsite.mail.vault import Vault
from groupsite.services import date_changes, feeds, pauses, series_ends
from groupsite.services import series as meetings
from groupsite.services.feeds import FeedWishes
from groupsite.services.series import SeriesWords
from tests.browser import Browser
from tests.plugins.application import MORNING, Clock
from tests.weekly import FIRST, SECOND, THIRD, WEEKLY, House, new_house

FOURTH, FIFTH = THIRD + timedelta(weeks=1), THIRD + timedelta(weeks=2)
HOUR = timedelta(hours=1)
Component = tuple[str, str]
"""UID, and RECURRENCE-ID as it is written (empty for the rule)."""
Seen = dict[Component, dict[str, str]]
"""Each VEVENT's properties as text."""
NUMBERS = {"SEQUENCE", "DTSTAMP", "LAST-MODIFIED"}


class Life:
    """A house, the calendars of it that somebody reads, and an hour between one step and the next."""

    def __init__(
        self, house: House, browser: Browser, clock: Clock, paths: dict[str, str], ids: dict[str, UUID]
    ) -> None:
        self.house, self.browser, self.clock, self.paths, self.ids = house, browser, clock, paths, ids
        self.seen = {name: self.look(name) for name in paths}

    def look(self, name: str) -> tuple[bytes, Seen]:
        wire = self.browser.get(self.paths[name]).data
        found: Seen = {}
        for event in Calendar.from_ical(wire).walk("VEVENT"):
            original = event["RECURRENCE-ID"].to_ical().decode() if "RECURRENCE-ID" in event else ""
            key = (str(event["UID"]), original)
            assert key not in found
            found[key] = {name: _text(value) for name, value in event.property_items(recursive=False)}
        return wire, found

    def toggle(self, name: str, *, shows_cancelled: bool) -> None:
        """The member wants cancelled dates in this calendar, or does not."""
        self.clock.now += HOUR
        wishes = replace(OWN[name], shows_cancelled=shows_cancelled)
        feeds.change_feed(self.house.session, self.house.actor, self.ids[name], wishes, now=self.clock.now)
        self.house.session.commit()
        before, after = self.seen[name][1], self.look(name)
        _check_order(before, after[1])
        self.seen[name] = after

    def step(self, act: Callable[..., object], *arguments: object) -> dict[str, tuple[Seen, Seen]]:
        """Do it, look again; what each calendar showed before, and shows now."""
        self.clock.now += HOUR
        act(self.house.session, self.house.actor, self.house.series, *arguments, now=self.clock.now)
        self.house.session.commit()
        result = {}
        for name in self.paths:
            (old_wire, before), (wire, after) = self.seen[name], self.look(name)
            assert (old_wire == wire) is (before == after)
            assert self.browser.get(self.paths[name]).data == wire
            self.seen[name] = wire, after
            _check_order(before, after)
            result[name] = before, after
        return result


def _text(value: object) -> str:
    return value.to_ical().decode() if hasattr(value, "to_ical") else str(value)


def _check_order(before: Seen, after: Seen) -> None:
    """Numbers and stamps never go back, other words have another stamp, and a rule is as new as what it has no more."""
    for key, event in after.items():
        was = before.get(key)
        if was is None:
            continue
        assert int(event["SEQUENCE"]) >= int(was["SEQUENCE"])
        assert event["LAST-MODIFIED"] >= was["LAST-MODIFIED"]
        assert event["DTSTAMP"] == event["LAST-MODIFIED"]
        says, said = ({name: value for name, value in one.items() if name not in NUMBERS} for one in (event, was))
        assert (event["LAST-MODIFIED"] != was["LAST-MODIFIED"]) >= (says != said)
    for uid, original in before.keys() - after.keys():
        assert original, "a whole series is gone"
        assert int(after[uid, ""]["SEQUENCE"]) >= int(before[uid, original]["SEQUENCE"])


def moved(before: Seen, after: Seen) -> set[str]:
    """RECURRENCE-IDs (empty for the rule) of what has another SEQUENCE, or is new."""
    return {key[1] for key, event in after.items() if event["SEQUENCE"] != before.get(key, {}).get("SEQUENCE")}


def stamped(before: Seen, after: Seen) -> set[str]:
    return {
        key[1] for key, event in after.items() if event["LAST-MODIFIED"] != before.get(key, {}).get("LAST-MODIFIED")
    }


def at(original: datetime) -> str:
    return original.strftime("%Y%m%dT%H%M%S")


OWN = {
    "full": FeedWishes(level=FeedLevel.FULL),
    "own_words": FeedWishes(level=FeedLevel.OWN_WORDS),
    "held": FeedWishes(level=FeedLevel.FULL, shows_cancelled=False),
    "held, own words": FeedWishes(level=FeedLevel.OWN_WORDS, shows_cancelled=False),
}


@pytest.fixture
def life(app: Flask, session: Session, vault: Vault, clock: Clock) -> Life:
    house = new_house(session, vault)
    house.series.calendar_block = house.series.block_renews_at = None
    paths = {"public": "/groups/window-seat/calendar.ics", "series": "/groups/window-seat/meetings/tuesday-evening.ics"}
    ids: dict[str, UUID] = {}
    for name, wishes in OWN.items():
        feed, token = feeds.create_feed(session, house.actor, wishes, now=MORNING)
        paths[name], ids[name] = f"/calendar/{token}.ics", feed.id
    session.commit()
    return Life(house, Browser(app.test_client()), clock, paths, ids)


WORDS = SeriesWords("Evening of candles", Kind.SHARING, Modality.IN_PERSON, Venue("Reading Room"))
STEPS: dict[str, tuple[Callable[..., object], tuple[object, ...], set[str], set[str]]] = {
    "another title": (meetings.reword, (WORDS,), set(), {""}),
    "another place": (meetings.reword, (replace(WORDS, venue=Venue("Chapel")),), {""}, {""}),
    "a date moved": (date_changes.move_date, (SECOND, SECOND + HOUR), {at(SECOND)}, {at(SECOND)}),
    "a date cancelled": (date_changes.cancel_date, (SECOND,), {at(SECOND)}, {at(SECOND)}),
    "a date elsewhere": (date_changes.relocate_date, (SECOND, Venue("Hall")), {at(SECOND)}, {at(SECOND)}),
    "a date under another title": (
        date_changes.change_date,
        (Override(OverrideAction.RETITLE, SECOND, title="Songs"),),
        {at(SECOND)},
        {at(SECOND)},
    ),
    "a longer date": (
        date_changes.change_date,
        (Override(OverrideAction.CHANGE_MODALITY, SECOND, duration_minutes=120),),
        {at(SECOND)},
        {at(SECOND)},
    ),
    "a pause": (pauses.add_pause, (SECOND.date(), THIRD.date()), {""}, {""}),
    "the end": (series_ends.end_series, (THIRD.date(),), {""}, {""}),
}


@pytest.mark.parametrize("name", STEPS)
def test_step_moves_what_it_must_and_nothing_else(life: Life, name: str) -> None:
    act, arguments, numbers, stamps = STEPS[name]
    seen = life.step(act, *arguments)
    for calendar in ("public", "series", "full"):
        before, after = seen[calendar]
        assert {uid for uid, _ in after} == {uid for uid, _ in before}
        rule = {""} if calendar == "full" and name == "a date cancelled" else set()
        assert (moved(before, after), stamped(before, after)) == (numbers | rule, stamps | rule)


def test_other_words_leave_the_discreet_calendar_as_it_is(life: Life) -> None:
    was = life.seen["own_words"][0]
    life.step(meetings.reword, WORDS)
    assert life.seen["own_words"][0] == was


def test_way_in_moves_no_public_calendar(life: Life) -> None:
    words = replace(WORDS, title=WEEKLY.title, modality=Modality.HYBRID)
    life.step(meetings.reword, words)
    link = JoinInfo(url="https://rooms.example.org/1")
    seen = life.step(meetings.reword, replace(words, join=link))
    assert [moved(*seen[one]) for one in seen] == [set()] * 6
    assert "CONFERENCE" in next(iter(seen["full"][1].values()))
    was = {name: wire for name, (wire, _) in life.seen.items()}
    life.step(meetings.reword, replace(words, join=JoinInfo(url="https://rooms.example.org/2")))
    assert {name: wire for name, (wire, _) in life.seen.items()} == was


def test_second_title_of_a_date_raises_nothing(life: Life) -> None:
    for title in ("Songs", "Songs of winter"):
        seen = life.step(date_changes.change_date, Override(OverrideAction.RETITLE, SECOND, title=title))
    assert (moved(*seen["public"]), stamped(*seen["public"])) == (set(), {at(SECOND)})


def test_undone_change_is_outrun_by_its_rule(life: Life) -> None:
    life.step(date_changes.cancel_date, SECOND)
    before, after = life.step(date_changes.restore_date, SECOND)["public"]
    (uid,) = {uid for uid, _ in after}
    assert set(before) - set(after) == {(uid, at(SECOND))}
    assert (before[uid, at(SECOND)]["SEQUENCE"], after[uid, ""]["SEQUENCE"]) == ("1", "2")


def test_cancelled_date_stays_until_it_is_over_and_then_the_rule_says_so(life: Life) -> None:
    life.step(date_changes.cancel_date, FIRST)
    life.clock.now = MORNING + timedelta(hours=9)
    assert (next(iter(life.seen["public"][1]))[0], at(FIRST)) in life.look("public")[1]
    life.clock.now = MORNING + timedelta(hours=12)
    before, after = life.step(meetings.reword, replace(WORDS, title=WEEKLY.title))["public"]
    (uid,) = {uid for uid, _ in after}
    assert set(after) == {(uid, "")}
    assert (after[uid, ""]["SEQUENCE"], before[uid, at(FIRST)]["SEQUENCE"]) == ("1", "1")
    assert at(FIRST) in after[uid, ""]["EXDATE"]


def test_new_hour_from_a_day_on_is_another_series_and_no_date_is_there_twice(life: Life) -> None:
    life.step(pauses.add_pause, FOURTH.date(), FOURTH.date())
    later = replace(WEEKLY, dtstart_local=THIRD + timedelta(minutes=30), title="Tuesday, later")
    seen = life.step(series_ends.succeed, SeriesDraft(later), THIRD.date() - timedelta(days=1))
    for calendar in ("public", "series", "full", "own_words"):
        before, after = seen[calendar]
        (old,) = {uid for uid, _ in before}
        (new,) = {uid for uid, _ in after} - {old}
        assert calendar != "series" or len(after) > 1
        assert moved(before, after) == {""}
        assert "UNTIL=20261206T190000Z" in after[old, ""]["RRULE"]
        assert after[new, ""].get("RELATED-TO") == (old if calendar in {"public", "series"} else None)
        assert at(FOURTH + timedelta(minutes=30)) in after[new, ""]["EXDATE"]
    starts = [row["start_local"] for row in life.house.rows()]
    assert len(starts) == len({one.date() for one in starts})
    assert {one.time().isoformat() for one in starts if one < THIRD} == {"19:00:00"}
    assert {one.time().isoformat() for one in starts if one >= THIRD} == {"19:30:00"}
    assert FOURTH.date() not in {one.date() for one in starts}


def test_series_that_was_picked_for_a_calendar_brings_its_successor_along(
    life: Life, session: Session, clock: Clock
) -> None:
    wishes = FeedWishes(level=FeedLevel.FULL, series_ids=[life.house.series.id])
    _, token = feeds.create_feed(session, life.house.actor, wishes, now=MORNING)
    session.commit()
    life.paths["picked"] = f"/calendar/{token}.ics"
    life.seen["picked"] = life.look("picked")
    later = replace(WEEKLY, dtstart_local=THIRD + HOUR)
    before, after = life.step(series_ends.succeed, SeriesDraft(later), THIRD.date())["picked"]
    assert [len({uid for uid, _ in one}) for one in (before, after)] == [1, 2]


def random_step(life: Life, chance: Random) -> None:
    """One of the things that people do to a series, to one of its next dates."""
    original = chance.choice([SECOND, THIRD, FOURTH, FIFTH])
    acts: list[tuple[Callable[..., object], tuple[object, ...]]] = [
        (date_changes.cancel_date, (original,)),
        (date_changes.move_date, (original, original + HOUR * chance.randint(1, 5))),
        (date_changes.relocate_date, (original, Venue(chance.choice(["Hall", "Chapel"])))),
        (date_changes.restore_date, (original,)),
        (date_changes.change_date, (Override(OverrideAction.RETITLE, original, title="Songs"),)),
        (meetings.reword, (replace(WORDS, title=chance.choice(["Candles", "Lamps"])),)),
        (pauses.add_pause, (original.date(), original.date())),
    ]
    with suppress(NotFound, InvalidInput, Conflict):
        life.step(*_flat(chance.choice(acts)))
    if chance.random() < 0.3:
        life.toggle(chance.choice(list(OWN)), shows_cancelled=chance.random() < 0.5)


def _flat(chosen: tuple[Callable[..., object], tuple[object, ...]]) -> tuple[Any, ...]:
    return (chosen[0], *chosen[1])


@pytest.mark.parametrize("seed", range(12))
def test_nothing_goes_back_whatever_is_done(life: Life, seed: int) -> None:
    """`_check_order` looks after each step at every calendar, those that leave cancelled dates out too."""
    chance = Random(seed)  # noqa: S311  the same walk each time
    for _ in range(14):
        random_step(life, chance)


def test_whole_life_in_one_go(life: Life) -> None:
    """Each step checks that nothing goes back and nothing is lost without a trace (`_check_order`)."""
    life.step(meetings.reword, WORDS)
    life.step(date_changes.move_date, SECOND, SECOND + HOUR)
    life.step(date_changes.cancel_date, THIRD)
    life.step(date_changes.restore_date, THIRD)
    life.step(pauses.add_pause, date(2027, 7, 1), date(2027, 8, 31))
    life.step(date_changes.relocate_date, SECOND, Venue("Hall"))
    life.step(series_ends.succeed, SeriesDraft(replace(WEEKLY, dtstart_local=FIFTH + HOUR)), FIFTH.date())
    life.step(date_changes.cancel_date, FOURTH)
    life.step(date_changes.restore_date, SECOND)
    life.step(series_ends.end_series, THIRD.date())
    assert len({uid for uid, _ in life.seen["public"][1]}) == 2
