import json
import re

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groupsite.models import Account
from groupsite.tasks import jobs
from tests.browser import PASSWORD, Browser, without_tokens
from tests.members import HOSTILE, account, new_group, new_member, tables_that_hold, taken_along

ERROR = re.compile(r'id="([a-z_]+)-error"')


def cookie(browser: Browser) -> str:
    found = browser.client.get_cookie("id")
    assert found is not None
    return found.value


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/account").status_code == 200


def test_sign_up_opens_an_account_without_an_address(client: Browser, session: Session) -> None:
    answer = client.sign_up("charlene")
    assert answer.headers["Location"] == "/home?done=welcome"
    assert client.get("/home?done=welcome").status_code == 200
    opened = account(session, "charlene")
    assert (opened.email_sealed, opened.email_confirmed_at, opened.is_admin, opened.discreet) == (
        None,
        None,
        False,
        True,
    )
    assert opened.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize("what", HOSTILE)
def test_sign_up_refuses_a_login_that_cannot_be(client: Browser, session: Session, what: str) -> None:
    answer = client.submit("/sign-up", {"login": HOSTILE[what], "password": PASSWORD, "adult": "y"})
    assert (answer.status_code, ERROR.findall(answer.text)) == (400, ["login"])
    assert session.scalar(select(func.count()).select_from(Account)) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", ""), ("password", "short"), ("password", "codependent1"), ("password", "x" * 257),
        ("email", "not an address"), ("email", "a@example.org\r\nBcc: b@example.org"), ("email", "x" * 300),
        ("email", "<script>alert(1)</script>@example.org"), ("adult", ""),
    ],
)  # fmt: skip
def test_sign_up_names_the_field_that_is_wrong(client: Browser, session: Session, field: str, value: str) -> None:
    good = {"login": "charlene", "password": PASSWORD, "email": "c@example.org", "adult": "y"}
    answer = client.submit("/sign-up", {name: text for name, text in (good | {field: value}).items() if text})
    assert (answer.status_code, ERROR.findall(answer.text)) == (400, [field])
    assert "<script>alert" not in answer.text
    assert session.scalar(select(func.count()).select_from(Account)) == 0


def test_sign_up_says_that_a_login_is_taken(app: Flask, client: Browser, session: Session) -> None:
    client.sign_up("charlene")
    answer = Browser(app.test_client()).submit("/sign-up", {"login": "Charlene", "password": PASSWORD, "adult": "y"})
    assert (answer.status_code, ERROR.findall(answer.text)) == (400, ["login"])
    assert session.scalar(select(func.count()).select_from(Account)) == 1


def test_sign_in_answers_the_same_for_known_and_unknown_logins(app: Flask, client: Browser) -> None:
    client.sign_up("charlene")
    stranger = Browser(app.test_client())
    known = stranger.sign_in("charlene", "not her password")
    unknown = stranger.sign_in("marigold", "not her password")
    assert (known.status_code, unknown.status_code) == (400, 400)
    assert list(known.headers) == list(unknown.headers)
    assert without_tokens(known.text) == without_tokens(unknown.text).replace("marigold", "charlene")


@pytest.mark.parametrize("password", ["", "x" * 20_000, PASSWORD + " ", PASSWORD.upper(), "\0"])
def test_sign_in_refuses_every_other_password(client: Browser, password: str) -> None:
    client.sign_up("charlene")
    assert client.sign_in("charlene", password).status_code == 400


@pytest.mark.parametrize(
    "login", ["", "\0", "charlene\0", "x" * 20_000, "charlene\r\n.", "' OR 1=1 --", "\u202echarlene"]
)
def test_sign_in_takes_any_text_for_a_login(client: Browser, login: str) -> None:
    client.sign_up("charlene")
    answer = client.sign_in(login)
    assert (answer.status_code, "do not belong together" in answer.text) == (400, True)
    again = client.submit("/sign-in/recover", {"login": login, "code": "x", "new": "nine small boats at dusk"})
    assert again.status_code == 400


def test_sign_in_renews_a_hash_with_old_parameters(client: Browser, session: Session) -> None:
    client.sign_up("charlene")
    account(session, "charlene").password_hash = PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD)
    session.commit()
    assert client.sign_in("charlene").status_code == 303
    assert "m=65536,t=3" in account(session, "charlene").password_hash


def test_forms_are_refused_without_their_token(client: Browser, session: Session) -> None:
    answer = client.post("/sign-up", {"login": "charlene", "password": PASSWORD, "adult": "y"})
    assert answer.status_code == 400
    assert session.scalar(select(func.count()).select_from(Account)) == 0
    client.sign_up("charlene")
    for path in (
        "/sign-in",
        "/sign-out",
        "/account/security",
        "/account/delete",
        "/account/email",
        "/account/reminders",
    ):
        assert client.post(path, {"password": PASSWORD}).status_code == 400
    assert is_signed_in(client)


def test_next_leads_to_a_page_of_ours(client: Browser) -> None:
    assert client.get("/account/reminders").headers["Location"] == "/sign-in?next=/account/reminders"
    client.sign_up("charlene")
    fields = {"login": "charlene", "password": PASSWORD}
    answer = client.submit("/sign-in?next=/account/reminders", fields)
    assert answer.headers["Location"] == "/account/reminders"


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "\t//evil.example",
     "/\t/evil.example", "/%0d%0aX: 1", "/x\r\nX: 1", "@evil.example", "\\\\evil.example", ""],
)  # fmt: skip
def test_next_never_leads_elsewhere(client: Browser, address: str) -> None:
    client.sign_up("charlene")
    token = client.token("/sign-in")
    answer = client.post(
        "/sign-in",
        {"login": "charlene", "password": PASSWORD, "csrf_token": token},
        query_string={"next": address},
    )
    expected = address if address == "/%0d%0aX: 1" else "/home"
    assert answer.headers["Location"] in {expected, "/home"}
    assert "X" not in answer.headers


@pytest.mark.parametrize(
    ("current", "new", "field"), [("wrong", "nine small boats", "current"), (PASSWORD, "x", "new")]
)
def test_password_stays_when_something_is_wrong(client: Browser, current: str, new: str, field: str) -> None:
    client.sign_up("charlene")
    answer = client.submit("/account/security", {"current": current, "new": new})
    assert (answer.status_code, ERROR.findall(answer.text)) == (400, [field])
    assert client.sign_in("charlene").status_code == 303


@pytest.mark.parametrize(
    "path", ["/account", "/account/security", "/account/email", "/account/reminders", "/account/delete"]
)
def test_account_pages_are_never_kept(client: Browser, path: str) -> None:
    client.sign_up("charlene")
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_export_holds_ones_own_things_alone(app: Flask, session: Session) -> None:
    new_group(session, "quiet-river")
    mine = new_member(app, "charlene", {"quiet-river": "Charlie"})
    theirs = new_member(app, "marisol", {"quiet-river": "Mari"})
    for browser, words in ((mine, "I rested today."), (theirs, "Words of somebody else.")):
        browser.submit("/groups/quiet-river/shares/new", {"body": words, "days": "7"})
    files = taken_along(mine)
    copy = json.loads(files["account.json"])
    assert copy["account"]["login"] == "charlene"
    assert [(group["display_name"], [one["body"] for one in group["shares"]]) for group in copy["groups"]] == [
        ("Charlie", ["I rested today."])
    ]
    assert [word for word in ("marisol", "Mari", "somebody else", "argon2") if word in str(files)] == []


def test_deletion_asks_for_the_password(client: Browser, session: Session) -> None:
    client.sign_up("charlene")
    answer = client.submit("/account/delete", {"password": "not hers at all"})
    assert (answer.status_code, ERROR.findall(answer.text)) == (400, ["password"])
    assert account(session, "charlene").login == "charlene"


def test_deletion_leaves_nothing(app: Flask, session: Session) -> None:
    new_group(session, "quiet-river")
    browser = new_member(app, "charlene", {"quiet-river": "Charlie of the lake"})
    browser.submit("/groups/quiet-river/shares/new", {"body": "I rested by the lake.", "days": "30"})
    browser.submit("/account/email", {"email": "c@example.org"})
    account_id = str(account(session, "charlene").id)
    assert tables_that_hold(session, account_id)
    other = Browser(app.test_client())
    other.sign_in("charlene")
    answer = browser.submit("/account/delete", {"password": PASSWORD})
    assert answer.headers["Location"] == "/sign-in?done=deleted"
    assert (tables_that_hold(session, "charlene"), tables_that_hold(session, "of the lake")) == ([], [])
    with app.app_context():
        jobs.run(app, "erase")
    assert [tables_that_hold(session, words) for words in (account_id, "charlene", "of the lake", "by the lake")] == [
        []
    ] * 4
    assert (is_signed_in(browser), is_signed_in(other)) == (False, False)
    assert browser.sign_in("charlene").status_code == 400


@pytest.mark.usefixtures("sample")
def test_newcomer_is_led_back_to_the_group_after_signing_up(client: Browser) -> None:
    asked = client.get("/groups/tuesday-lantern/join").headers["Location"]
    assert 'href="/sign-up?next=/groups/tuesday-lantern/join"' in client.get(asked).text
    fields = {"login": "somebody-new", "password": PASSWORD, "adult": "y"}
    answer = client.submit("/sign-up?next=/groups/tuesday-lantern/join", fields)
    assert answer.headers["Location"] == "/groups/tuesday-lantern/join"


def test_sign_in_calls_nothing_optional_that_it_needs(client: Browser) -> None:
    assert "optional" not in client.get("/sign-in").text
    assert "optional" in client.get("/sign-up").text
