from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from groupsite.domain.drafts import LONGEST_NAME, LONGEST_TEXT, GroupDraft, SeriesDraft, check_note
from groupsite.domain.errors import Conflict, InvalidInput
from groupsite.domain.schedule import Schedule, Venue
from groupsite.domain.slugs import LONGEST, free_slug, refuse_taken, slug_of
from groupsite.domain.words import Attendance, Family, Kind, Modality

GROUP = GroupDraft("Window Seat", Family.INDEPENDENT, Attendance.MEMBERS_ONLY, summary="Tea.\r\nAnd talk.")
SCHEDULE = Schedule("UTC", datetime(2026, 12, 1, 19), 60, None, "Evening", Kind.SHARING, Modality.ONLINE)


def test_plain_drafts_pass() -> None:
    GROUP.check()
    SeriesDraft(SCHEDULE, slug="evening-2").check()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "Seat\r\nBcc: all"}, "name"),
        ({"name": "Seat\x00"}, "name"),
        ({"name": "Seat\u202etaes"}, "name"),
        ({"name": "x" * (LONGEST_NAME + 1)}, "name"),
        ({"city": "Leeds\nYork"}, "city"),
        ({"summary": "x" * (LONGEST_TEXT + 1)}, "summary"),
        ({"arrival_note": "bell\x07"}, "arrival_note"),
        ({"slug": "../admin"}, "slug"),
        ({"slug": "Seat"}, "slug"),
        ({"slug": "a--b"}, "slug"),
        ({"slug": "seat\n"}, "slug"),
        ({"slug": "x" * 81}, "slug"),
    ],
)
def test_group_that_cannot_stand_on_a_page_is_refused(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        replace(GROUP, **wrong).check()
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "Evening\r\nDTSTART:1"}, "title"),
        ({"venue": Venue("Hall\n")}, "venue"),
        ({"venue": Venue("Hall", "1 Oak\x1b Street")}, "venue"),
        ({"rrule": "FREQ=SECONDLY"}, "rrule"),
    ],
)
def test_series_that_no_meeting_can_have_is_refused(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        SeriesDraft(replace(SCHEDULE, **wrong)).check()
    assert refused.value.field == field


def test_note_takes_lines_but_no_control_characters() -> None:
    check_note("Snow.\nNext week as usual.")
    with pytest.raises(InvalidInput) as refused:
        check_note("Snow\x08.")
    assert refused.value.field == "public_note"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Window Seat", "window-seat"),
        ("  Café  des Amis! ", "cafe-des-amis"),
        ("Línea Serena", "linea-serena"),
        ("../../etc", "etc"),
        ("水曜日", "group"),
        ("!!!", "group"),
        ("x" * 200, "x" * LONGEST),
    ],
)
def test_slug_is_made_of_the_name(name: str, slug: str) -> None:
    assert slug_of(name, "group") == slug


@pytest.mark.parametrize(
    ("taken", "slug"),
    [(set(), "seat"), ({"seat"}, "seat-2"), ({"seat", "seat-2"}, "seat-3"), ({"seat", "seat-3"}, "seat-2")],
)
def test_slug_in_use_gets_a_number(taken: set[str], slug: str) -> None:
    assert free_slug("seat", taken) == slug


def test_reserved_slug_gets_a_number() -> None:
    assert free_slug("new", set()) == "new-2"


@pytest.mark.parametrize("slug", ["seat", "new"])
def test_slug_that_was_asked_for_is_refused_when_in_use(slug: str) -> None:
    with pytest.raises(Conflict):
        refuse_taken(slug, {"seat"})
