"""What a run sheet shows: for the page, and as JSON for the script that keeps two telephones alike."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from flask import jsonify, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from groupsite.domain.meeting_format import NEWCOMER, Part, Segment, slot_words
from groupsite.domain.run_sheet import current
from groupsite.domain.texts import CALM_CARD
from groupsite.domain.zones import to_local
from groupsite.models import GroupText
from groupsite.queries.run_sheets import Meeting
from groupsite.web.member_text import safe

LEFT_OUT = {"now"}
"""What changes from second to second and tells nothing new."""


@dataclass(frozen=True, slots=True)
class PartView:
    """A segment of tonight. `minutes` and `clock` are empty for one that is not held; `text` is safe HTML or empty."""

    position: int
    segment: Segment
    minutes: str
    clock: str
    reader: str
    is_current: bool
    slot_label: str
    text: Markup
    for_newcomers: bool


@dataclass(frozen=True, slots=True)
class SheetView:
    """`at` is the part where the meeting is, `back` and `next` are positions; None where there is none."""

    title: str
    state: dict[str, Any]
    parts: list[PartView]
    at: PartView | None
    back: int | None
    next: PartView | None
    left: str
    ends: str
    quiet_seconds: int
    has_newcomer_parts: bool
    calm_words: Markup

    @property
    def version(self) -> int:
        return int(self.state["version"])


def state_of(meeting: Meeting, now: datetime, *, with_names: bool) -> dict[str, Any]:
    """Where the meeting is; moments in milliseconds of Unix time. `with_names`: who reads what, too."""
    progress, parts = meeting.progress, meeting.parts
    readers = meeting.sheet.readers if meeting.sheet and with_names else {}
    return {
        "version": meeting.sheet.version if meeting.sheet else 0,
        "now": _milliseconds(now),
        "starts": _milliseconds(meeting.date.start_utc),
        "ends": _milliseconds(meeting.date.end_utc),
        "since": _milliseconds(progress.since),
        "quietUntil": _milliseconds(progress.quiet_until),
        "newcomer": progress.has_newcomer,
        "current": current(parts, progress.position),
        "parts": [
            {
                "position": one.position,
                "title": one.segment.title,
                "minutes": one.minutes,
                "clock": _clock(meeting, one),
                "reader": readers.get(str(one.position), ""),
            }
            for one in parts
        ],
    }


def as_json(state: Mapping[str, Any]) -> Response:
    """The state, or 304 when whoever asks has it already."""
    told = {key: value for key, value in state.items() if key not in LEFT_OUT}
    answer = jsonify(state)
    answer.set_etag(sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:20], weak=True)
    answer.headers["Cache-Control"] = "no-store"
    return answer.make_conditional(request)


def sheet_view(meeting: Meeting, texts: Sequence[GroupText], now: datetime, *, with_names: bool = True) -> SheetView:
    """`texts` are those that whoever looks may read."""
    state = state_of(meeting, now, with_names=with_names)
    bodies = {one.slot: safe(one.body) for one in texts if one.body}
    parts = _parts(meeting, state, bodies)
    by_position = {one.position: one for one in parts}
    order = [by_position[one["position"]] for one in state["parts"]]
    at = state["current"]
    following = 0 if at is None else at + 1
    return SheetView(
        title=meeting.date.title,
        state=state,
        parts=parts,
        at=None if at is None else order[at],
        back=order[at - 1].position if at else None,
        next=order[following] if following < len(order) else None,
        left=_left(state, now),
        ends=f"{to_local(meeting.date.end_utc, meeting.date.timezone):%H:%M}",
        quiet_seconds=_seconds_until(meeting.progress.quiet_until, now),
        has_newcomer_parts=any(one.for_newcomers for one in parts),
        calm_words=bodies.get(CALM_CARD, Markup("")),
    )


def _parts(meeting: Meeting, state: Mapping[str, Any], bodies: Mapping[str, Markup]) -> list[PartView]:
    held = {one["position"]: (index, one) for index, one in enumerate(state["parts"])}
    return [_part(position, one, held.get(position), state, bodies) for position, one in enumerate(meeting.segments)]


def _part(
    position: int,
    segment: Segment,
    held: tuple[int, Mapping[str, Any]] | None,
    state: Mapping[str, Any],
    bodies: Mapping[str, Markup],
) -> PartView:
    index, told = held or (None, {})
    return PartView(
        position=position,
        segment=segment,
        minutes=str(told.get("minutes", "")),
        clock=str(told.get("clock", "")),
        reader=str(told.get("reader", "")),
        is_current=index is not None and index == state["current"],
        slot_label=slot_words(segment.text_slot) if segment.text_slot else "",
        text=bodies.get(segment.text_slot, Markup("")),
        for_newcomers=segment.condition == NEWCOMER,
    )


def _left(state: Mapping[str, Any], now: datetime) -> str:
    """`4:05`, or `-0:30` when it takes longer than was meant; empty before the start."""
    if state["current"] is None:
        return ""
    ends = state["since"] + state["parts"][state["current"]]["minutes"] * 60_000
    left = round((ends - (_milliseconds(now) or 0)) / 1000)
    minutes, seconds = divmod(abs(left), 60)
    return f"{'-' if left < 0 else ''}{minutes}:{seconds:02}"


def _clock(meeting: Meeting, part: Part) -> str:
    begins = meeting.date.start_utc + timedelta(minutes=part.starts_after)
    return f"{to_local(begins, meeting.date.timezone):%H:%M}"


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)


def _seconds_until(moment: datetime | None, now: datetime) -> int:
    return max(0, round((moment - now).total_seconds())) if moment else 0
