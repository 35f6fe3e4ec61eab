"""A group's page: everything that somebody needs who has never been."""

from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, url_for

from groupsite.domain.cadence import describe
from groupsite.domain.join_info import JoinInfo, revealed
from groupsite.domain.permissions import Identity, Permission, permits
from groupsite.domain.wording import date_words, length_words, zone_words
from groupsite.extensions import db
from groupsite.models import Group, MeetingFormat, MeetingSeries, OccurrenceRow
from groupsite.queries.dates import upcoming
from groupsite.queries.groups import group_with_meetings
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.finder import doubt_about
from groupsite.web.forms.choices import ATTENDANCES, FAMILIES, MODALITIES
from groupsite.web.presentation import DateView, date_view
from groupsite.web.reader_zone import reader_zone
from groupsite.web.targets import group_target

blueprint = Blueprint("groups", __name__)

DATES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class MeetingView:
    """One series as the page shows it. `join` is what this reader may see now, or None."""

    slug: str
    title: str
    sentence: str
    hours: str
    zone_label: str
    length: str
    modality_label: str
    venue: str
    access_notes: str
    join: JoinInfo | None
    has_join: bool
    reveal: str
    window_minutes: int
    format: MeetingFormat | None


@blueprint.get("/groups/<slug>")
@requires(Permission.SEE_LISTING)
def show(slug: str) -> str:
    group = group_with_meetings(db.session(), slug)
    identity = authorise(group_target(group))
    rows = upcoming(db.session(), group.id, now=now(), limit=DATES_SHOWN)
    return render_template(
        "groups/show.html",
        group=group,
        belonging=identity.in_group(group.id),
        can_join=permits(identity, Permission.JOIN_GROUP, group_target(group)) or not identity.account_id,
        can_run=permits(identity, Permission.RUN_GROUP, group_target(group)),
        dates=_views(rows, group),
        meetings=[_meeting(series, rows, group, identity) for series in group.series if _is_current(series, rows)],
        attendance=ATTENDANCES[group.attendance],
        family=FAMILIES[group.family],
        confirmed_on=date_words(group.confirmed_on) if group.confirmed_on else "",
        doubt=doubt_about(group, now().date()),
        webcal=webcal_address(url_for("calendars.group_feed", slug=slug)),
        read_on=date_words(group.origin_updated_at.date()) if group.origin_updated_at else "",
    )


def _views(rows: list[OccurrenceRow], group: Group) -> list[DateView]:
    return [date_view(row, group, reader_zone=reader_zone(), now=now()) for row in rows]


def _is_current(series: MeetingSeries, rows: list[OccurrenceRow]) -> bool:
    """Whether the series has dates ahead; a group's only series is shown in any case."""
    return any(row.series_id == series.id for row in rows) or len(rows) == 0


def _meeting(series: MeetingSeries, rows: list[OccurrenceRow], group: Group, identity: Identity) -> MeetingView:
    following = next((row for row in rows if row.series_id == series.id), None)
    return MeetingView(
        slug=series.slug,
        title=series.title,
        sentence=describe(series.schedule),
        hours=f"{series.dtstart_local:%H:%M}",
        zone_label=zone_words(series.timezone),
        length=length_words(series.duration_minutes),
        modality_label=MODALITIES[series.modality],
        venue=", ".join(filter(None, (series.venue.name, series.venue.address))) if series.venue else "",
        access_notes=series.venue.access_notes if series.venue else "",
        join=shown_join(series, following, identity),
        has_join=series.join is not None and not series.join.is_empty,
        reveal=series.join.reveal if series.join else "",
        window_minutes=series.join.window_minutes if series.join else 0,
        format=next((one for one in group.formats if one.slug == series.format_slug), None),
    )


def shown_join(series: MeetingSeries, row: OccurrenceRow | None, identity: Identity) -> JoinInfo | None:
    """The way in, if this reader may see it now (domain.md, invariant 11)."""
    return revealed(
        series.join,
        is_member=identity.in_group(series.group_id) is not None,
        now=now(),
        start_utc=row.start_utc if row else None,
        end_utc=row.end_utc if row else None,
    )


def webcal_address(path: str) -> str:
    """The feed's address in the form that calendar programs take over by a tap."""
    base: str = current_app.extensions["groupsite.settings"].base_url
    return f"webcal://{base.partition('://')[2]}{path}"
