import re
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, LargeBinary, Text, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from groupsite.models import Group, ShareReport, WrittenShare
from groupsite.services import shares
from tests.browser import Browser
from tests.members import account, membership, new_group, new_member, statements, taken_along
from tests.plugins.application import MORNING, Clock

SHARES = "/groups/quiet-river/shares"
WORDS = "I sat by the window and rested."


@pytest.fixture
def writer(app: Flask, session: Session) -> Browser:
    new_group(session, "quiet-river")
    return new_member(app, "charlene", {"quiet-river": "Charlie"})


@pytest.fixture
def reader(app: Flask, writer: Browser) -> Browser:
    return new_member(app, "dev", {"quiet-river": "Dev"})


def post(browser: Browser, **fields: str) -> None:
    answer = browser.submit(f"{SHARES}/new", {"body": WORDS, "days": "7"} | fields)
    assert answer.headers["Location"] == f"{SHARES}?done=posted"


def only(session: Session) -> WrittenShare:
    session.expire_all()
    return session.scalars(select(WrittenShare)).one()


def test_members_read_a_share_and_nobody_else_does(
    app: Flask, writer: Browser, reader: Browser, session: Session
) -> None:
    post(writer)
    page = reader.get(SHARES)
    assert (page.status_code, WORDS in page.text, "Charlie" in page.text) == (200, True, True)
    stranger = new_member(app, "stranger", {})
    assert (stranger.get(SHARES).status_code, stranger.get(f"{SHARES}/new").status_code) == (403, 403)
    account(session, "stranger").is_admin = True
    session.commit()
    assert stranger.get(SHARES).status_code == 403
    visitor = Browser(app.test_client()).get(SHARES)
    assert (visitor.status_code, visitor.headers["Location"]) == (302, f"/sign-in?next={SHARES}")


@pytest.mark.parametrize("days", [1, 7, 14, 30])
def test_share_is_gone_from_the_first_moment_after_its_time(
    writer: Browser, reader: Browser, session: Session, clock: Clock, days: int
) -> None:
    post(writer, days=str(days))
    path = f"{SHARES}/{only(session).id}/withdraw"
    clock.now = MORNING + timedelta(days=days) - timedelta(seconds=1)
    for browser, login in ((writer, "charlene"), (reader, "dev")):
        browser.sign_in(login)
        assert WORDS in browser.get(SHARES).text
    clock.now = MORNING + timedelta(days=days)
    assert [
        WORDS in text for browser in (writer, reader) for text in (browser.get(SHARES).text, str(taken_along(browser)))
    ] == [False] * 4
    assert writer.submit(path, page="/account").status_code == 404
    assert shares.forget_expired(session, now=clock.now) == 1
    assert session.scalars(select(WrittenShare)).all() == []


def test_forgetting_keeps_what_is_still_there(writer: Browser, session: Session) -> None:
    post(writer, days="1")
    assert shares.forget_expired(session, now=MORNING + timedelta(days=1, seconds=-1)) == 0


@pytest.mark.parametrize(
    "guess",
    [
        "reply",
        "replies",
        "comment",
        "react",
        "reactions",
        "like",
        "thanks",
        "count",
        "readers",
        "quote",
        "forward",
        "edit",
    ],
)
def test_nothing_else_can_be_done_with_a_share(writer: Browser, reader: Browser, session: Session, guess: str) -> None:
    post(writer)
    share_id = only(session).id
    token = reader.token("/account")
    for path in (f"{SHARES}/{share_id}/{guess}", f"{SHARES}/{guess}", f"/api{SHARES}/{share_id}/{guess}"):
        assert reader.post(path, {"csrf_token": token, "body": "You should rest."}).status_code == 404
        assert reader.get(path).status_code == 404


def test_no_address_of_a_share_is_for_more_than_its_author_and_those_who_look_at_it(app: Flask) -> None:
    """What can be done with one share, by its address: the list is whole."""
    about_one = {
        rule.rule.split("<uuid:share_id>")[1] for rule in app.url_map.iter_rules() if "share_id" in rule.arguments
    }
    assert about_one == {"/withdraw", "/again", "/appeal", "/hide", "/report", "/keep", "/return"}


def test_nothing_that_is_kept_about_a_decision_is_text() -> None:
    kept = {column.name: column for table in (ShareReport, WrittenShare) for column in table.__table__.columns}
    words = {name for name, column in kept.items() if type(column.type) in {Text, LargeBinary, JSONB}}
    assert words == {"body", "content_note", "words_sealed"}


def test_page_has_no_control_but_taking_back(writer: Browser, reader: Browser) -> None:
    post(writer)
    forms = re.compile(r'<form[^>]*action="([^"]+)"')
    assert forms.findall(reader.get(SHARES).text) == ["/sign-out"]
    assert [path.rsplit("/", 1)[1] for path in forms.findall(writer.get(SHARES).text)] == ["sign-out", "withdraw"]


def test_author_takes_a_share_back(writer: Browser, reader: Browser, session: Session) -> None:
    post(writer)
    path = f"{SHARES}/{only(session).id}/withdraw"
    assert reader.submit(path, page="/account").status_code == 404
    assert WORDS in reader.get(SHARES).text
    assert writer.submit(path, page=SHARES).headers["Location"] == f"{SHARES}?done=withdrawn"
    assert WORDS not in reader.get(SHARES).text
    assert writer.submit(path, page="/account").status_code == 404


def test_share_of_another_group_cannot_be_reached_through_this_one(
    app: Flask, writer: Browser, session: Session
) -> None:
    post(writer)
    new_group(session, "window-seat")
    insider = new_member(app, "insider", {"window-seat": "In"})
    path = f"/groups/window-seat/shares/{only(session).id}/withdraw"
    assert insider.submit(path, page="/account").status_code == 404
    assert insider.submit(f"/groups/window-seat/shares/{uuid4()}/withdraw", page="/account").status_code == 404
    assert only(session).body == WORDS


def test_content_note_folds_the_words(writer: Browser, reader: Browser) -> None:
    post(writer, content_note="about an accident")
    page = reader.get(SHARES).text
    folded = re.search(r"<details[^>]*>(.*?)</details>", page, re.DOTALL)
    assert folded
    assert "about an accident" in folded[1]
    assert WORDS in folded[1]
    assert "<details open" not in page


@pytest.mark.parametrize(
    "body",
    ["<script>alert(1)</script>", '<img src="x" onerror="alert(1)">', "[x](javascript:alert(1))", "![x](https://evil.example/p.png)",
     "<style>*{display:none}</style>", '<a href="//evil.example">x</a>', "<svg/onload=alert(1)>"],
)  # fmt: skip
def test_markup_in_a_share_does_nothing(writer: Browser, reader: Browser, body: str) -> None:
    post(writer, body=body, content_note="<b>bold</b>")
    page = reader.get(SHARES).text.lower()
    words = page.split('<div class="words">')[1].split("</div>")[0]
    assert re.findall(r"<(?:script|img|style|svg|iframe|object|form)|<[^>]*\s(?:href|src|style|on\w+)=", words) == []
    assert "<b>bold</b>" not in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("body", ""), ("body", " \r\n "), ("body", "x" * 10_001), ("body", "a\0b"), ("body", "a\u202eb"),
     ("content_note", "a\r\nb"), ("content_note", "x" * 200), ("days", "31"), ("days", "0"), ("days", "x"), ("days", "")],
)  # fmt: skip
def test_share_that_cannot_be_is_refused(writer: Browser, session: Session, field: str, value: str) -> None:
    answer = writer.submit(f"{SHARES}/new", {"body": WORDS, "days": "7"} | {field: value})
    assert answer.status_code == 400
    assert session.scalars(select(WrittenShare)).all() == []


def test_refused_share_keeps_what_was_typed(writer: Browser) -> None:
    answer = writer.submit(f"{SHARES}/new", {"body": WORDS, "days": "31"})
    assert (answer.status_code, WORDS in answer.text) == (400, True)


def test_page_takes_as_many_queries_for_thirty_shares_as_for_one(
    writer: Browser, reader: Browser, session: Session, connection: Connection
) -> None:
    post(writer)
    counts = []
    for _ in range(2):
        with statements(connection) as seen:
            assert reader.get(SHARES).status_code == 200
        counts.append(len(seen))
        fill(session)
    assert counts[0] == counts[1]


def fill(session: Session) -> None:
    member = membership(session, "charlene", "quiet-river")
    group = session.get_one(Group, member.group_id)
    for number in range(40):
        session.add(
            WrittenShare(
                group_id=group.id,
                membership_id=member.id,
                body=f"Words {number}.",
                published_at=MORNING - timedelta(minutes=number + 1),
                expires_at=MORNING + timedelta(days=1),
            )
        )
    session.commit()


def test_older_shares_are_on_the_next_page(writer: Browser, session: Session) -> None:
    fill(session)
    first, second = writer.get(SHARES).text, writer.get(f"{SHARES}?page=2").text
    assert ("Words 29." in first, "Words 30." in first, "Words 30." in second) == (True, False, True)
    assert [writer.get(f"{SHARES}?page={page}").status_code for page in ("x", "-1", "9" * 30)] == [200, 200, 200]
