"""What has hit other software of this kind, class by class, tried here. Names in brackets are those of the advisories."""

from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from groupsite.domain.words import Answer, Joining, ListingState, MembershipState
from groupsite.models import Group, HiddenFrom, MeetingSeries, Membership, Rsvp
from tests.browser import PASSWORD, Browser, without_tokens
from tests.members import membership
from tests.plugins.application import MORNING
from tests.post_office import EVENING, PostOffice, tonight, without_quiet_hours
from tests.sample import sample_series
from tests.worlds import GROUP, World, become, enrol, form_token, new_account, new_share, rules, values_of

GROUPS = sorted({one.group for one in sample_series()})
NAME = "Charlie of the river"
HOSTILE = '<script>alert("x")</script><img src=x onerror=alert(1)>'
OURS = "http://localhost"
HOSTS = ("evil.example", "evil.example/home", "localhost@evil.example", "localhost.evil.example")
BEFORE_A_HOST = (
    "//", "///", "////", "/\\", "\\\\", "\\/", "/\\/", "/\t/", "/\n/", "/\r/", "\t//", " //", "\x00//", "\x01//",
    "https://", "HTTPS://", "https:", "https:/", "https:\\\\", "http:///", "ftp://", "/\u2028/", "/ /", "/\u00a0/",
)  # fmt: skip
ELSEWHERE = [
    *(before + host for before in BEFORE_A_HOST for host in HOSTS),
    "javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", "java\tscript:alert(1)", "\x01javascript:alert(1)",
    " javascript:alert(1)", "javascript://localhost/%0aalert(1)", "javascript&colon;alert(1)", "data:text/html,x",
    "vbscript:x", "mailto:x@evil.example", "evil.example", "@evil.example", ".evil.example", "?next=//evil.example",
    "/home\r\nLocation: https://evil.example", "/home\nSet-Cookie: id=x", "/home\\..\\\\evil.example",
]  # fmt: skip
MEETING = "/groups/<slug>/meetings/<series>"
ANSWERS_OF_A_REFUSAL = {403, 404}


@pytest.mark.parametrize("person", ["member", "facilitator"])
def test_hidden_member_shows_in_no_list_filter_or_count(
    app: Flask, connection: Connection, session: Session, sample: None, person: str
) -> None:
    """[GHSA-jh96-w279-g7r9, CVE-2026-33425] The other bytes are compared in test_hidden_worlds."""
    browser, him = become(app, session, person)
    her = enrol(session, new_account(session), GROUP, "member")
    her.display_name = NAME
    new_share(session, her)
    session.commit()
    world = World(app, connection, values_of(session, GROUP))
    found = f"/meetings?q={NAME.replace(' ', '+')}"
    in_sight = without_tokens(browser.get(found).text)
    assert him is not None
    assert _naming(world, browser) != []
    session.add(HiddenFrom(group_id=her.group_id, hider_id=her.account_id, other_id=him.account_id))
    session.commit()
    assert _naming(world, browser) == []
    assert without_tokens(browser.get(found).text) == in_sight


def _naming(world: World, browser: Browser) -> list[str]:
    asked = [rule for rule, method, _ in rules(world.app) if method == "GET"]
    return [rule.rule for rule in asked if NAME.encode() in world.ask(browser, rule, "GET", token="").data]


def test_no_public_calendar_names_who_is_invited(client: Browser, session: Session, sample: None) -> None:
    """[GHSA-wwq5-g5cp-c69f] Though somebody has answered that she comes."""
    row, her = tonight(session), membership(session, "charlene", GROUP)
    session.add(Rsvp(membership_id=her.id, series_id=row.series_id, original_local=row.original_local,
                     answer=Answer.GOING, answered_at=MORNING, end_utc=row.end_utc))  # fmt: skip
    session.commit()
    series = session.execute(select(Group.slug, MeetingSeries.slug).join_from(MeetingSeries, Group)).all()
    paths = [f"/groups/{slug}/calendar.ics" for slug in GROUPS] + [f"/groups/{a}/meetings/{b}.ics" for a, b in series]
    events = [event for path in paths for event in Calendar.from_ical(client.get(path).data).walk("VEVENT")]
    assert len(events) > len(paths)
    assert [event["UID"] for event in events if "ATTENDEE" in event or her.display_name in str(event)] == []


@pytest.mark.parametrize("closed", ["by request", "by invite", "draft"])
def test_nobody_joins_without_being_let_in(app: Flask, session: Session, sample: None, closed: str) -> None:
    """[GHSA-4hh7-6m34-p2jp]"""
    group = session.scalars(select(Group).where(Group.slug == GROUP)).one()
    if closed == "draft":
        group.listing_state = ListingState.DRAFT
    else:
        group.joining = Joining.BY_REQUEST if closed == "by request" else Joining.BY_INVITE
    browser, _ = become(app, session, "stranger")
    token = browser.token("/account")
    for more in ({}, {"code": "AAAA-AAAA"}, {"state": "active", "joining": "open", "roles": "secretary"}):
        browser.post(
            f"/groups/{GROUP}/join",
            {"csrf_token": token, "display_name": NAME, "kept": "email full_name telephone"} | more,
        )
    session.expire_all()
    states = session.scalars(select(Membership.state).where(Membership.display_name == NAME)).all()
    assert set(states) == ({MembershipState.REQUESTED} if closed == "by request" else set())
    assert browser.get(f"/groups/{GROUP}/shares").status_code in ANSWERS_OF_A_REFUSAL


def test_name_of_a_meeting_is_words_in_page_calendar_and_mail(
    client: Browser, session: Session, post: PostOffice
) -> None:
    """[GHSA-c783-x9vm-xxp5, GHSA-3fwj-f6ww-7hr6]"""
    row = tonight(session)
    series = session.get_one(MeetingSeries, row.series_id)
    series.title = HOSTILE
    session.get_one(Group, row.group_id).name = HOSTILE
    without_quiet_hours(session, "charlene").discreet = False
    session.commit()
    pages = [client.get(path).text for path in (f"/groups/{GROUP}", "/meetings")]
    post.plan()
    post.deliver(at=EVENING)
    html = post.mailbox.to("charlene")[0].get_body(("html",)).get_content()
    for page in (*pages, html):
        assert ("<script>alert" in page, "<img src=x" in page, "&lt;script&gt;" in page) == (False, False, True)
    calendar = client.get(f"/groups/{GROUP}/calendar.ics")
    assert (calendar.mimetype, calendar.headers["X-Content-Type-Options"]) == ("text/calendar", "nosniff")
    assert HOSTILE in {text for event in Calendar.from_ical(calendar.data).walk("VEVENT") for text in _said(event)}


def _said(event: object) -> set[str]:
    return {str(value) for value in event.values()}  # type: ignore[attr-defined]  # a dictionary of its lines


def test_next_leads_nowhere_else(client: Browser) -> None:
    """[CVE-2024-45399] What a browser makes of the answer counts: it drops tabs and line breaks and turns backslashes."""
    client.sign_up("charlene")
    token = client.token("/sign-in")
    fields = {"login": "charlene", "password": PASSWORD, "csrf_token": token}
    led = {}
    for address in ELSEWHERE:
        answer = client.post("/sign-in", fields, query_string={"next": address})
        led[address] = answer.headers["Location"]
        fields["csrf_token"] = client.token("/sign-in")
    assert len(led) > 60
    assert {address: place for address, place in led.items() if not _is_ours(place)} == {}


def _is_ours(place: str) -> bool:
    as_browsers_read = "".join(one for one in place if one not in "\t\r\n").strip().replace("\\", "/")
    parts = urlsplit(urljoin(f"{OURS}/sign-in", as_browsers_read))
    return f"{parts.scheme}://{parts.netloc}" == OURS


@pytest.mark.parametrize("person", ["visitor", "stranger", "former member", "asker"])
def test_no_way_leads_to_the_dates_of_an_unlisted_group(
    app: Flask, connection: Connection, session: Session, sample: None, person: str
) -> None:
    """[CVE-2026-28352] Every endpoint that takes a meeting or one of its dates, each with what is really there."""
    browser, _ = become(app, session, person)
    world = World(app, connection, values_of(session, GROUP))
    session.commit()
    assert {path for _, path, _ in _let_in(world, browser)} == {f"{MEETING}/<key>", f"{MEETING}.ics"}
    session.scalars(select(Group).where(Group.slug == GROUP)).one().listing_state = ListingState.DRAFT
    session.commit()
    assert _let_in(world, browser) == []


def _let_in(world: World, browser: Browser) -> list[tuple[str, str, int]]:
    token = form_token(browser)
    asked = [(rule, method) for rule, method, _ in rules(world.app) if rule.arguments & {"series", "key"}]
    answers = [(method, rule.rule, world.ask(browser, rule, method, token)) for rule, method in asked]
    return [(method, path, one.status_code) for method, path, one in answers if not _is_refusal(one)]


def _is_refusal(answer: TestResponse) -> bool:
    return answer.status_code in ANSWERS_OF_A_REFUSAL or "/sign-in?" in answer.headers.get("Location", "")
