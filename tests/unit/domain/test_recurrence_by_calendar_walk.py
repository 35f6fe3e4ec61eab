"""Whatever a facilitator may choose: the dates are those that a walk through the calendar finds."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from groupsite.domain.recurrence import next_occurrences, occurrences
from groupsite.domain.schedule import Occurrence, Override, Pause, Schedule
from groupsite.domain.words import Kind, Modality, OccurrenceStatus, OverrideAction
from tests import calendar_walk
from tests.calendar_walk import Walk, moment_of, wall_clock

ZONES = (
    "America/New_York",
    "America/Phoenix",
    "America/Santiago",
    "Asia/Beirut",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/London",
    "Pacific/Auckland",
    "UTC",
)
HOURS = (time(0), time(0, 30), time(1, 30), time(2), time(2, 15), time(12, 10), time(19), time(23, 30))
"""Those that clock changes touch come first."""
MINUTES = st.sampled_from((30, 60, 105, 1440))

WALKS = st.one_of(
    st.builds(calendar_walk.daily, st.integers(1, 10)),
    st.builds(calendar_walk.weekly, st.frozensets(st.integers(0, 6), min_size=1, max_size=3), st.integers(1, 5)),
    st.builds(
        calendar_walk.monthly_on_weekdays,
        st.frozensets(st.tuples(st.sampled_from((1, 2, 3, 4, 5, -1, -2)), st.integers(0, 6)), min_size=1, max_size=3),
        st.integers(1, 3),
    ),
    st.builds(
        calendar_walk.monthly_on_days,
        st.frozensets(st.one_of(st.integers(1, 31), st.integers(-5, -1)), min_size=1, max_size=2),
        st.integers(1, 2),
    ),
    st.builds(
        calendar_walk.monthly_by_position,
        st.frozensets(st.integers(0, 6), min_size=1),
        st.sampled_from((1, 2, 3, 4, -1, -2)),
        st.integers(1, 3),
    ),
)


@dataclass(frozen=True)
class Case:
    walk: Walk
    zone: str
    first: datetime
    minutes: int
    count: int | None
    until: date | None
    window: tuple[date, date]

    @property
    def starts(self) -> list[datetime]:
        until = datetime.combine(self.until, time(23, 59, 59)) if self.until else None
        return calendar_walk.starts(self.walk, self.first, self.window[1] + timedelta(days=3), self.count, until)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        first, last = (calendar_walk.midnight(day).replace(tzinfo=UTC) for day in self.window)
        return first, last

    def schedule(
        self,
        exdates: tuple[datetime, ...] = (),
        rdates: tuple[datetime, ...] = (),
        pauses: tuple[Pause, ...] = (),
        overrides: tuple[Override, ...] = (),
    ) -> Schedule:
        return Schedule(
            timezone=self.zone,
            dtstart_local=self.first,
            duration_minutes=self.minutes,
            rrule=self.walk.text + self._end(),
            title="Evening",
            kind=Kind.SHARING,
            modality=Modality.IN_PERSON,
            exdates_local=exdates,
            rdates_local=rdates,
            pauses=pauses,
            overrides=overrides,
        )

    def _end(self) -> str:
        if self.count is not None:
            return f";COUNT={self.count}"
        return f";UNTIL={self.until:%Y%m%d}" if self.until else ""


@st.composite
def cases(draw: st.DrawFn) -> Case:
    day = draw(st.dates(date(2025, 1, 1), date(2027, 12, 31)))
    begin = day + timedelta(days=draw(st.integers(-30, 900)))
    ends = draw(st.sampled_from(("never", "count", "until")))
    return Case(
        walk=draw(WALKS),
        zone=draw(st.sampled_from(ZONES)),
        first=datetime.combine(day, draw(st.sampled_from(HOURS))),
        minutes=draw(MINUTES),
        count=draw(st.integers(1, 40)) if ends == "count" else None,
        until=day + timedelta(days=draw(st.integers(0, 600))) if ends == "until" else None,
        window=(begin, begin + timedelta(days=draw(st.integers(1, 120)))),
    )


def _as_found(dates: list[Occurrence]) -> list[tuple[datetime, datetime, datetime, datetime]]:
    return [(one.original_local, one.start_utc, one.end_utc, one.end_local) for one in dates]


def _as_walked(case: Case, originals: list[datetime]) -> list[tuple[datetime, datetime, datetime, datetime]]:
    first, last = case.moments
    walked = []
    for original in originals:
        start = moment_of(original, case.zone)
        end = start + timedelta(minutes=case.minutes)
        if first <= start < last:
            walked.append((original, start, end, wall_clock(end, case.zone)))
    return sorted(walked, key=lambda one: (one[1], one[0]))


@settings(max_examples=150, deadline=None)
@given(cases())
def test_dates_of_a_rule_are_those_of_the_calendar(case: Case) -> None:
    assert sorted(_as_found(occurrences(case.schedule(), *case.moments))) == sorted(_as_walked(case, case.starts))


@settings(max_examples=60, deadline=None)
@given(cases(), st.data())
def test_exceptions_touch_their_own_dates_alone(case: Case, data: st.DataObject) -> None:
    starts = case.starts
    chosen = st.lists(st.sampled_from(starts), max_size=3, unique=True) if starts else st.just([])
    skipped, cancelled = data.draw(chosen), data.draw(chosen)
    extra = [
        case.first + timedelta(days=days, minutes=7)
        for days in data.draw(st.lists(st.integers(0, 300), max_size=2, unique=True))
    ]
    pause = Pause(case.window[0] + timedelta(days=10), case.window[0] + timedelta(days=data.draw(st.integers(10, 30))))
    changed = case.schedule(
        exdates=tuple(skipped),
        rdates=tuple(extra),
        pauses=(pause,),
        overrides=tuple(Override(OverrideAction.CANCEL, one) for one in cancelled),
    )
    kept = [one for one in [*starts, *extra] if one not in skipped and not pause.covers(one)]
    found = occurrences(changed, *case.moments)
    assert sorted(_as_found(found)) == sorted(_as_walked(case, kept))
    off = {one.original_local for one in found if one.status is OccurrenceStatus.CANCELLED}
    assert off == set(cancelled) & {one.original_local for one in found}


@settings(max_examples=60, deadline=None)
@given(cases(), st.integers(0, 20), st.integers(-3000, 3000))
def test_moved_date_leaves_every_other_as_it_was(case: Case, which: int, minutes: int) -> None:
    whole = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC))
    before = occurrences(case.schedule(), *whole)
    if not before:
        return
    moved = before[which % len(before)]
    start = moved.original_local + timedelta(minutes=minutes)
    after = occurrences(
        case.schedule(overrides=(Override(OverrideAction.MOVE, moved.original_local, new_start_local=start),)), *whole
    )
    found = next(one for one in after if one.original_local == moved.original_local)
    assert (found.start_utc, found.status) == (moment_of(start, case.zone), OccurrenceStatus.MOVED)
    assert [one for one in after if one is not found] == [one for one in before if one is not moved]


@settings(max_examples=40, deadline=None)
@given(cases(), st.integers(1, 12))
def test_next_dates_are_the_first_of_all(case: Case, count: int) -> None:
    after, _ = case.moments
    coming = next_occurrences(case.schedule(), after, count)
    all_of_them = occurrences(case.schedule(), after, after + timedelta(days=3000))
    assert coming == [one for one in all_of_them if one.start_utc >= after][:count]
