"""Who sees a link, a telephone number or a code, and when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from groupsite.domain.join_info import JoinInfo, opens_at, public_details, revealed
from groupsite.domain.words import Reveal

START = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
END = START + timedelta(minutes=90)
LONG_BEFORE = START - timedelta(days=3)
JOIN = JoinInfo(
    url="https://meet.example.org/secret-room", phone="+1-202-555-0142", passcode="lamp", access_code="778#"
)


def seen(join: JoinInfo | None, now: datetime, *, is_member: bool = False) -> JoinInfo | None:
    return revealed(join, is_member=is_member, now=now, start_utc=START, end_utc=END)


def test_reveal_is_members_unless_the_group_says_otherwise() -> None:
    assert JOIN.reveal is Reveal.MEMBERS


@pytest.mark.parametrize("reveal", list(Reveal))
def test_member_sees_the_details_at_any_time(reveal: Reveal) -> None:
    join = replace(JOIN, reveal=reveal)
    assert seen(join, LONG_BEFORE, is_member=True) == join


@pytest.mark.parametrize("now", [LONG_BEFORE, START, END - timedelta(minutes=1)])
def test_visitor_never_sees_details_kept_for_members(now: datetime) -> None:
    assert seen(JOIN, now) is None


def test_visitor_sees_public_details_at_any_time() -> None:
    join = replace(JOIN, reveal=Reveal.PUBLIC)
    assert seen(join, LONG_BEFORE) == join


@pytest.mark.parametrize(
    ("minutes_from_start", "is_open"), [(-31, False), (-30, True), (0, True), (89, True), (90, False), (500, False)]
)
def test_window_opens_before_the_start_and_shuts_at_the_end(minutes_from_start: int, is_open: bool) -> None:
    join = replace(JOIN, reveal=Reveal.WINDOW, window_minutes=30)
    now = START + timedelta(minutes=minutes_from_start)
    assert seen(join, now) == (join if is_open else None)


def test_window_without_a_date_stays_shut() -> None:
    join = replace(JOIN, reveal=Reveal.WINDOW)
    assert revealed(join, is_member=False, now=START, start_utc=None, end_utc=None) is None


def test_opens_at_counts_back_from_the_start() -> None:
    assert opens_at(replace(JOIN, window_minutes=15), START) == START - timedelta(minutes=15)


@pytest.mark.parametrize("join", [None, JoinInfo(reveal=Reveal.PUBLIC)])
def test_nothing_to_reveal_is_none_even_for_members(join: JoinInfo | None) -> None:
    assert seen(join, START, is_member=True) is None
    assert public_details(join) is None


@pytest.mark.parametrize("reveal", [Reveal.MEMBERS, Reveal.WINDOW])
def test_feeds_and_exports_get_nothing_that_is_not_public(reveal: Reveal) -> None:
    assert public_details(replace(JOIN, reveal=reveal)) is None


def test_feeds_and_exports_get_public_details() -> None:
    join = replace(JOIN, reveal=Reveal.PUBLIC)
    assert public_details(join) == join


def test_repr_keeps_every_secret() -> None:
    assert repr(JOIN) == "JoinInfo(reveal=<Reveal.MEMBERS: 'members'>, window_minutes=30)"


def test_plain_word_from_the_database_becomes_the_enum() -> None:
    stored = {"url": "https://meet.example.org/a", "reveal": "public", "window_minutes": 30}
    assert JoinInfo(**stored).reveal is Reveal.PUBLIC  # type: ignore[arg-type]  # as a JSON column hands it over
