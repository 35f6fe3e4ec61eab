"""Nobody is counted, followed or linked: no column could hold who came, and members see a name and a month of each other."""

import re
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.words import Answer
from groupsite.models import Base, OccurrenceRow, Rsvp
from groupsite.services import upkeep
from tests.browser import Browser
from tests.members import account, membership, new_group, new_member
from tests.plugins.application import MORNING

TEMPLATES = Path(__file__).parents[2] / "templates"
WHO_CAME = re.compile(r"attend|presen[ct]|absen|came_to|check_?in|no_?show|visited|headcount|roll_?call|sign_?in_sheet")
WHO_LOOKED = re.compile(r"seen|viewed|views|read_(at|by|count)|online|presence|active_at|last_login|opened_at|clicks?")
A_FACE = re.compile(r"avatar|photo|picture|portrait|gravatar|pronoun|birth|gender|bio$|real_name|first_name|last_name")
KNOWN = {
    "group.attendance": "who is welcome: words for people",
    "web_session.last_seen_at": "ends a visit when nobody uses it; only its owner sees its own sessions",
}
SHOWN_OF_OTHERS = re.compile(
    r"last.?seen|online now|is typing|avatar|read by|views|active (today|now)|present|attended", re.IGNORECASE
)
PICTURE = re.compile(r"<img[^>]+src=\"(?!/static/|{{ url_for\('(static|accounts\.code_picture)')")
"""But ours, and what the camera of her own telephone reads."""
JINJA = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
GROUPS = {"quiet-river": "Charlie", "window-seat": "Lantern"}


def test_no_table_and_no_column_could_hold_who_came_or_looked() -> None:
    names = {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns}
    telling = {name for name in names for pattern in (WHO_CAME, WHO_LOOKED, A_FACE) if pattern.search(name)}
    assert telling == set(KNOWN)


def test_answers_are_gone_a_day_after_the_date(session: Session, sample: None) -> None:
    member = membership(session, "charlene", "tuesday-lantern")
    date_of = select(OccurrenceRow).where(OccurrenceRow.group_id == member.group_id, OccurrenceRow.start_utc > MORNING)
    one = session.scalars(date_of.order_by(OccurrenceRow.start_utc)).first()
    assert one is not None
    session.add(
        Rsvp(
            membership_id=member.id, series_id=one.series_id, original_local=one.original_local,
            answer=Answer.GOING, answered_at=MORNING, end_utc=one.end_utc,
        )
    )  # fmt: skip
    session.flush()
    kept = []
    for moment in (one.end_utc, one.end_utc + timedelta(days=1, minutes=1)):
        upkeep.forget(session, now=moment)
        kept.append(len(session.scalars(select(Rsvp).where(Rsvp.series_id == one.series_id)).all()))
    assert kept == [1, 0]


def test_templates_show_no_face_and_nobodys_comings_and_goings() -> None:
    texts = {path.relative_to(TEMPLATES): path.read_text() for path in TEMPLATES.rglob("*.html")}
    own_sessions = {Path("accounts/security.html")}
    found = {
        path for path, text in texts.items() if SHOWN_OF_OTHERS.search(JINJA.sub("", text)) or PICTURE.search(text)
    }
    assert found - own_sessions == set()


def test_one_person_in_two_groups_cannot_be_linked_by_who_runs_both(app: Flask, session: Session) -> None:
    """Everything that a facilitator of both groups is shown: no id, no login, no finer date than a month."""
    for slug in GROUPS:
        new_group(session, slug)
    her = new_member(app, "charlene-of-the-lake", GROUPS)
    reader = new_member(app, "marisol", dict.fromkeys(GROUPS, "Mari"))
    for slug in GROUPS:
        membership(session, "marisol", slug).roles = ["secretary"]
        session.commit()
        her.submit(f"/groups/{slug}/shares/new", {"body": "I rested.", "days": "7"})
    telling = {"charlene-of-the-lake", str(account(session, "charlene-of-the-lake").id)}
    telling |= {str(membership(session, "charlene-of-the-lake", slug).id) for slug in GROUPS}
    for slug, name in GROUPS.items():
        other_name = next(one for one in GROUPS.values() if one != name)
        for path, shown in everything_about(app, reader, slug).items():
            assert [word for word in (*telling, other_name) if word in shown] == [], path
    page = reader.get("/groups/quiet-river/manage").text.split("Who belongs")[1]
    assert re.findall(r"since ([^<]+)", page) == [
        f"{date(2026, 11, 1):%B %Y}",
        f"{date(2026, 11, 1):%B %Y}, runs the group",
    ]


def everything_about(app: Flask, reader: Browser, slug: str) -> dict[str, str]:
    """Every page and file of this group that has no other part in its address."""
    with app.test_request_context():
        paths = [
            app.url_for(rule.endpoint, slug=slug)
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or set()) and rule.arguments == {"slug"}
        ]
    pages = {path: reader.get(path) for path in paths}
    assert {path for path, page in pages.items() if page.status_code == 200} >= {
        f"/groups/{slug}/shares",
        f"/groups/{slug}/manage",
    }
    return {path: page.text for path, page in pages.items()}
