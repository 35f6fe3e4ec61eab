"""One day of a written meeting: its topic, what opens it, and what members write into it."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from groupsite.domain.errors import NotFound
from groupsite.domain.permissions import Identity, Permission
from groupsite.domain.recurrence import occurrence_key, parse_key
from groupsite.domain.shares import ShareWords
from groupsite.domain.words import Kind, OccurrenceStatus
from groupsite.domain.written_day import may_open, may_write
from groupsite.extensions import db, limiter
from groupsite.models import Group, OccurrenceRow
from groupsite.queries.groups import group_named
from groupsite.queries.shares import openings_of_date, shares_of_date
from groupsite.queries.written import NO_WRITTEN_DATE, written_before, written_date, written_now
from groupsite.services import shares
from groupsite.web import limits
from groupsite.web.auth import authorise, requires
from groupsite.web.clock import now
from groupsite.web.forms.choices import KINDS
from groupsite.web.presentation import date_view
from groupsite.web.reader_zone import reader_zone
from groupsite.web.reading import opens_notes
from groupsite.web.share_form import Page, WritingPage, answer_to, own_draft, what_became
from groupsite.web.share_pages import on_page
from groupsite.web.shares import DONE, asked_page
from groupsite.web.targets import group_target

blueprint = Blueprint("written", __name__, url_prefix="/groups/<slug>/written")


@blueprint.get("")
@requires(Permission.READ_SHARES)
def today(slug: str) -> Response:
    """The day that is under way, or the next one."""
    group = group_named(db.session(), slug)
    authorise(group_target(group))
    row = written_now(db.session(), group.id, now=now())
    if row is None:
        raise NotFound(NO_WRITTEN_DATE)
    return redirect(_href(group, row), 303)


@blueprint.get("/<series>/<key>")
@requires(Permission.READ_SHARES)
def show(slug: str, series: str, key: str) -> str:
    group, row, identity = _date(slug, series, key)
    this_date, page = (row.series_id, row.original_local), asked_page()
    found, has_more = shares_of_date(db.session(), group.id, this_date, reader=identity, now=now(), page=page)
    openings = openings_of_date(db.session(), group.id, this_date, reader=identity, now=now())
    before = written_before(db.session(), row)
    return render_template(
        "shares/day.html",
        group=group,
        date=date_view(row, group, reader_zone=reader_zone(), now=now()),
        topic=topic_of(group, row),
        openings=[on_page(share, group, identity) for share in openings],
        shares=[on_page(share, group, identity) for share in found],
        **_window(group, row, identity),
        before_href=_href(group, before) if before else "",
        here_href=_href(group, row),
        opens_notes=opens_notes(group, identity),
        page=page,
        has_more=has_more,
        done=DONE.get(request.args.get("done", ""), ""),
    )


@blueprint.get("/<series>/<key>/new")
@requires(Permission.POST_SHARE)
def new(slug: str, series: str, key: str) -> str:
    page = _writing(*_date(slug, series, key))
    draft = own_draft(page)
    return page.shown(page.form(begun_with=draft), draft=draft)


@blueprint.post("/<series>/<key>/new")
@limiter.limit(limits.SHARES_OF_ONE_ACCOUNT, key_func=limits.account_asking)
@requires(Permission.POST_SHARE)
def post(slug: str, series: str, key: str) -> Page:
    group, row, identity = _date(slug, series, key)

    def send(words: ShareWords, opens_day: bool) -> str:  # noqa: FBT001  as the form says it
        return what_became(shares.post(db.session(), identity, group, words, date=row, opens_day=opens_day, now=now()))

    return answer_to(_writing(group, row, identity), send)


def topic_of(group: Group, row: OccurrenceRow) -> str:
    """The group's own topic of that weekday, else what the meeting is about then; empty where it is just written."""
    usual = "" if row.kind is Kind.WRITTEN else KINDS[row.kind]
    return group.sharing.topic_on(row.start_local.date()) or usual


def _date(slug: str, series: str, key: str) -> tuple[Group, OccurrenceRow, Identity]:
    group = group_named(db.session(), slug)
    identity = authorise(group_target(group))
    return group, written_date(db.session(), group.id, series, parse_key(key)), identity


def _window(group: Group, row: OccurrenceRow, identity: Identity) -> dict[str, object]:
    """Where the day stands, and whether this reader may write into it now."""
    is_open = row.status is not OccurrenceStatus.CANCELLED and may_write(row.start_utc, row.end_utc, now())
    return {
        "is_over": row.end_utc <= now(),
        "is_open": is_open,
        "write_href": f"{_href(group, row)}/new" if is_open or _may_open(group, row, identity) else "",
    }


def _may_open(group: Group, row: OccurrenceRow, identity: Identity) -> bool:
    """Those who serve the group may; on the day itself and some days ahead."""
    is_held = row.status is not OccurrenceStatus.CANCELLED
    return is_held and shares.may_open_days(identity, group) and may_open(row.start_utc, row.end_utc, now())


def _writing(group: Group, row: OccurrenceRow, identity: Identity) -> WritingPage:
    may = _may_open(group, row, identity)
    return WritingPage(group, identity, _href(group, row), row.title, topic=topic_of(group, row), may_open=may)


def _href(group: Group, row: OccurrenceRow) -> str:
    return url_for("written.show", slug=group.slug, series=row.series_slug, key=occurrence_key(row.original_local))
