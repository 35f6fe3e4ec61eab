"""Days on which mail may arrive: what would fall on another comes on the last safe one before it."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupsite.domain.digest import digest_moment
from groupsite.domain.limits import Limits, Matter, waits_until
from groupsite.domain.reminders import QuietHours, night_of, nominal_spans, quiet_hours, timing
from groupsite.domain.safe_days import EVERY_DAY, as_bits, is_safe, weekdays_in
from groupsite.domain.zones import to_local
from tests.unit.domain.test_reminders import MINUTE, ZONES

LONDON = "Europe/London"
MONDAYS = as_bits([0])
WORKDAYS = as_bits(range(5))
THURSDAY = datetime(2026, 11, 26, 19, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

hours = st.one_of(
    st.none(),
    st.tuples(st.times(), st.times()).map(lambda pair: [one.replace(second=0, microsecond=0) for one in pair]),
)
days = st.integers(1, EVERY_DAY)


def closed(pair: list[time] | None, zone: str, safe_days: int) -> QuietHours | None:
    begin, end = pair or (None, None)
    return quiet_hours(begin, end, zone, safe_days)


@pytest.mark.parametrize("weekdays", [[], [0], [6], [0, 2, 4], list(range(7))])
def test_days_are_kept_as_they_were_said(weekdays: list[int]) -> None:
    assert weekdays_in(as_bits(weekdays)) == weekdays


def test_reminder_comes_on_the_last_safe_day_before() -> None:
    due = timing(THURSDAY, 60, quiet_hours(None, None, LONDON, MONDAYS)).due_at
    assert due == datetime(2026, 11, 23, 23, 59, tzinfo=UTC)


def test_reminder_comes_before_the_quiet_hours_of_the_last_safe_day() -> None:
    due = timing(THURSDAY, 60, quiet_hours(time(21), time(8), LONDON, MONDAYS)).due_at
    assert due == datetime(2026, 11, 23, 20, 59, tzinfo=UTC)


def test_reminder_on_a_safe_day_stays_where_it_is() -> None:
    assert timing(THURSDAY, 60, quiet_hours(None, None, LONDON, WORKDAYS)).due_at == THURSDAY - timedelta(hours=1)


def test_days_are_hers() -> None:
    """Late on Thursday in London it is Friday in Auckland."""
    friday = quiet_hours(None, None, "Pacific/Auckland", EVERY_DAY & ~as_bits([4]))
    assert friday is not None
    assert night_of(THURSDAY, friday) is not None
    assert night_of(THURSDAY - timedelta(days=1), friday) is None


def test_every_day_and_no_hours_are_no_limit() -> None:
    assert quiet_hours(None, None, LONDON) is None
    assert quiet_hours(time(9), None, LONDON, EVERY_DAY) is None


@pytest.mark.parametrize(
    ("matter", "allows", "until"),
    [
        (Matter.DATES, False, datetime(2026, 11, 30, tzinfo=UTC)),
        (Matter.CALENDAR, False, datetime(2026, 11, 30, tzinfo=UTC)),
        (Matter.URGENT, True, datetime(2026, 11, 30, tzinfo=UTC)),
        (Matter.ASKED_NOW, False, None),
    ],
)
def test_nothing_that_she_did_not_ask_for_now_comes_on_another_day(
    matter: Matter, allows: bool, until: datetime | None
) -> None:
    limits = Limits(LONDON, quiet=quiet_hours(None, None, LONDON, MONDAYS), allows_urgent=allows)
    assert waits_until(limits, matter, THURSDAY) == until


def test_what_may_come_at_night_does_so_on_a_safe_day() -> None:
    limits = Limits(LONDON, quiet=quiet_hours(time(21), time(10), LONDON, MONDAYS), allows_urgent=True)
    assert (waits_until(limits, Matter.URGENT, MONDAY), waits_until(limits, Matter.DATES, MONDAY)) == (
        None,
        MONDAY.replace(hour=10),
    )


def test_news_of_a_day_come_on_a_safe_morning() -> None:
    assert digest_moment(quiet_hours(None, None, LONDON, MONDAYS), LONDON, THURSDAY) == datetime(
        2026, 11, 30, 8, tzinfo=UTC
    )
    assert digest_moment(quiet_hours(time(21), time(7), LONDON, MONDAYS), LONDON, MONDAY) == datetime(
        2026, 11, 30, 7, tzinfo=UTC
    )


@given(
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    minute=st.integers(0, 1439),
    pair=hours,
    safe=days,
    zone=st.sampled_from(ZONES),
)
def test_mail_falls_on_a_safe_moment_and_never_later(
    day: date, minute: int, pair: list[time] | None, safe: int, zone: str
) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)
    quiet = closed(pair, zone, safe)
    due = timing(start, 60, quiet).due_at
    assert start - timedelta(days=16) <= due <= start - timedelta(hours=1)
    assert is_safe(to_local(due, zone).date(), safe)
    assert quiet is None or night_of(due, quiet) is None


@given(
    day=st.dates(date(2011, 1, 1), date(2027, 12, 31)),
    pair=hours,
    safe=days,
    zone=st.sampled_from(ZONES),
    widths=st.lists(st.integers(1, 2000), min_size=1, max_size=10),
    offsets=st.lists(st.integers(0, 2000), min_size=1, max_size=10),
)
def test_each_nominal_moment_is_in_one_span(
    day: date, pair: list[time] | None, safe: int, zone: str, widths: list[int], offsets: list[int]
) -> None:
    """The windows reach from three weeks before the moments that are looked at to a day after."""
    quiet = closed(pair, zone, safe)
    first = datetime(day.year, day.month, day.day, tzinfo=UTC)
    edges = [first - timedelta(days=21)]
    for width in [1440 * 17, *widths, 1440 * 6]:
        edges.append(edges[-1] + width * MINUTE)
    spans = [span for window in pairwise(edges) for span in nominal_spans(quiet, *window)]
    for nominal in (first + offset * MINUTE for offset in offsets):
        due = [span.due_at or nominal for span in spans if span.since <= nominal < span.until]
        assert due == [timing(nominal, 0, quiet).due_at]
