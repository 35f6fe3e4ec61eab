from datetime import UTC, datetime

import pytest

from groupsite.domain.errors import InvalidInput
from groupsite.domain.rules import LONGEST_TEXT, ended_on, parse_rule

START = datetime(2026, 11, 24, 19, 0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=",
        "FREQ=HOURLY",
        "FREQ=MINUTELY;INTERVAL=1",
        "FREQ=SECONDLY;COUNT=100000000",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=DAILY;BYMINUTE=1",
        "FREQ=DAILY;BYSECOND=1",
        "FREQ=YEARLY;BYDAY=39SU;BYMONTH=7",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=YEARLY;BYYEARDAY=200",
        "FREQ=YEARLY;BYEASTER=0",
        "FREQ=WEEKLY;FREQ=DAILY",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=-1",
        "FREQ=WEEKLY;INTERVAL=53",
        "FREQ=WEEKLY;INTERVAL=99999999999999999999",
        "FREQ=WEEKLY;INTERVAL=\u0662",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=5001",
        "FREQ=WEEKLY;COUNT=3;UNTIL=20270101",
        "FREQ=WEEKLY;UNTIL=20270230",
        "FREQ=WEEKLY;UNTIL=99991231T235959Z",
        "FREQ=WEEKLY;UNTIL=19691231",
        "FREQ=WEEKLY;UNTIL=soon",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=TU,",
        "FREQ=WEEKLY;BYDAY=1TU",
        "FREQ=DAILY;BYDAY=1TU",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=YEARLY;BYDAY=54MO",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367",
        "FREQ=WEEKLY;WKST=XX",
        "RRULE:FREQ=WEEKLY",
        "freq=weekly",
        " FREQ=WEEKLY",
        "FREQ=WEEKLY\n",
        "FREQ=WEEKLY\r\nATTENDEE:mailto:a@example.org",
        "FREQ=WEEKLY;",
        "FREQ=WEEKLY;X-MORE=1",
        "DTSTART:20260101T000000\nRRULE:FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=" + ",".join(["TU"] * LONGEST_TEXT),
    ],
)
def test_rule_that_no_meeting_can_have_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_rule(text, "Europe/London")
    assert refused.value.field == "rrule"
    assert refused.value.reason.endswith(".")


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=4;BYMONTHDAY=31;INTERVAL=52",
        "FREQ=DAILY;INTERVAL=7;BYDAY=WE",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=3",
        "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=20",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=300",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;INTERVAL=40",
    ],
)
def test_rule_that_never_gives_a_date_is_told(text: str) -> None:
    assert not parse_rule(text, "UTC").meets(START)


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20261208", datetime(2026, 12, 8, 19)),
        ("20261208T190000", datetime(2026, 12, 8, 19)),
        ("20261208T185959", datetime(2026, 12, 1, 19)),
        ("20261209T000000Z", datetime(2026, 12, 8, 19)),
        ("20261208T235959Z", datetime(2026, 12, 1, 19)),
    ],
)
def test_end_is_read_on_the_clock_of_the_series(until: str, last: datetime) -> None:
    rule = parse_rule(f"FREQ=WEEKLY;BYDAY=TU;UNTIL={until}", "America/New_York")
    assert max(rule.between(START, START, datetime(2030, 1, 1))) == last


def test_rule_far_from_its_start_keeps_its_turn() -> None:
    rule = parse_rule("FREQ=WEEKLY;INTERVAL=3;BYDAY=TU", "UTC")
    found = list(rule.between(START, datetime(2190, 1, 1), datetime(2190, 3, 1)))
    assert [(one - START).days % 21 for one in found] == [0] * len(found)
    assert len(found) == 3


def test_rule_ends_where_the_calendar_does() -> None:
    rule = parse_rule("FREQ=DAILY", "UTC")
    assert list(rule.between(START, datetime(2199, 12, 30), datetime(9999, 12, 31))) == [datetime(2199, 12, 30, 19)]
    assert list(rule.between(START, datetime(9000, 1, 1), datetime(9999, 12, 31))) == []


@pytest.mark.parametrize("end", ["", ";COUNT=12", ";UNTIL=20300101T000000Z"])
def test_ended_rule_has_the_new_end_alone(end: str) -> None:
    moment = datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC)
    assert ended_on(f"FREQ=WEEKLY{end};BYDAY=SU", "UTC", moment) == "FREQ=WEEKLY;BYDAY=SU;UNTIL=20270131T235959Z"
