"""Codes from an app: set up, asked for after the right password alone, taken once, and a half sign-in that opens nothing."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groupsite.domain.disappearing import Extent
from groupsite.domain.permissions import VISITOR
from groupsite.domain.totp import as_bytes, as_text, code_of, step_at
from groupsite.models import HalfSignIn, SecondStep, WebSession
from groupsite.queries.identities import identity_of
from groupsite.services import slips, upkeep
from groupsite.services.disappearing import disappear
from tests.authenticator import Device, add_passkey, enter
from tests.browser import PASSWORD, Browser, without_tokens
from tests.members import account, tables_that_hold
from tests.plugins.application import MORNING, Clock

LETTERS = re.compile(r'<code class="copy">([A-Z2-7 ]+)</code>')
PAPER = re.compile(r'<code class="copy">([a-z0-9-]+)</code>')
HALF_A_MINUTE = timedelta(seconds=30)


class App:
    """The app on her telephone."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        self.secret, self.clock = secret, clock

    def code(self, steps: int = 0) -> str:
        return code_of(self.secret, step_at(self.clock()) + steps)


def begin(client: Browser, clock: Clock) -> App:
    client.submit("/account/ways/code/begin", page="/account/ways")
    return App(as_bytes(LETTERS.findall(client.get("/account/ways/code").text)[0]), clock)


@pytest.fixture
def phone(client: Browser, clock: Clock) -> App:
    """Charlene's, set up; its first code is used up and half a minute is over."""
    client.sign_up("charlene")
    app = begin(client, clock)
    answer = client.submit("/account/ways/code", {"code": app.code()})
    assert answer.headers["Location"] == "/account/ways?done=code-on"
    clock.now += HALF_A_MINUTE
    return app


@pytest.fixture
def visitor(app: Flask) -> Browser:
    return Browser(app.test_client())


def type_code(browser: Browser, code: str) -> str:
    """Where that leads."""
    return browser.submit("/sign-in/code", {"code": code}).headers["Location"]


def test_code_is_asked_for_after_the_password(phone: App, visitor: Browser) -> None:
    assert visitor.sign_in("charlene").headers["Location"] == "/sign-in/code"
    assert visitor.is_signed_in() is False
    half = visitor.session_id()
    assert (type_code(visitor, phone.code()), visitor.is_signed_in()) == ("/home", True)
    assert visitor.session_id() != half
    assert visitor.get("/account/codes").status_code == 200


def test_first_step_is_the_same_whether_codes_are_on_or_the_name_is_unknown(
    phone: App, visitor: Browser, app: Flask
) -> None:
    other = Browser(app.test_client())
    other.sign_up("marigold")
    names = ("charlene", "marigold", "nobody-x")
    answers = [visitor.sign_in(name, "not the password") for name in names]
    pages = {without_tokens(one.text).replace(name, "") for one, name in zip(answers, names, strict=True)}
    assert ({one.status_code for one in answers}, len(pages)) == ({400}, 1)
    assert len({tuple(one.headers) for one in answers}) == 1


def test_nothing_is_asked_before_a_code_was_typed(client: Browser, clock: Clock, visitor: Browser) -> None:
    client.sign_up("charlene")
    app = begin(client, clock)
    assert client.submit("/account/ways/code", {"code": "000000"}).status_code == 400
    assert visitor.sign_in("charlene").headers["Location"] == "/home"
    assert client.submit("/account/ways/code", {"code": app.code()}).status_code == 303


def test_secret_is_shown_until_it_counts_and_kept_sealed(
    client: Browser, clock: Clock, session: Session, phone: App
) -> None:
    assert client.get("/account/ways/code").headers["Location"] == "/account/ways"
    assert client.get("/account/ways/code.png").status_code == 404
    kept = session.scalars(select(SecondStep)).one()
    assert [form in kept.secret_sealed for form in (phone.secret, as_text(phone.secret).encode())] == [False, False]


def test_picture_is_ours_and_never_kept(client: Browser, clock: Clock) -> None:
    client.sign_up("charlene")
    begin(client, clock)
    picture = client.get("/account/ways/code.png")
    assert (picture.mimetype, picture.data[:4], picture.headers["Cache-Control"]) == (
        "image/png",
        b"\x89PNG",
        "no-store",
    )


def test_codes_that_are_on_are_not_replaced(phone: App, client: Browser, visitor: Browser) -> None:
    assert client.submit("/account/ways/code/begin", page="/account/ways").status_code == 409
    visitor.sign_in("charlene")
    assert type_code(visitor, phone.code()) == "/home"


@pytest.mark.parametrize("shape", ["{}", " {} ", "{}\u00a0", "\t{}"])
def test_code_is_taken_once_in_whatever_shape(phone: App, app: Flask, shape: str) -> None:
    code = phone.code()
    first, second = Browser(app.test_client()), Browser(app.test_client())
    first.sign_in("charlene")
    second.sign_in("charlene")
    assert type_code(first, code) == "/home"
    second.sign_in("charlene")
    assert type_code(second, shape.format(code)).startswith("/sign-in/code?done=wrong")
    assert second.is_signed_in() is False


def test_code_is_not_taken_again_after_a_sign_in_that_failed(phone: App, app: Flask) -> None:
    code = phone.code()
    browsers = [Browser(app.test_client()) for _ in range(3)]
    browsers[0].sign_in("charlene")
    type_code(browsers[0], code)
    browsers[1].sign_in("charlene")
    type_code(browsers[1], "000000")
    assert [type_code(browsers[1], code), browsers[1].is_signed_in()] == ["/sign-in/code?done=wrong", False]
    browsers[2].sign_in("charlene", "a wrong password")
    browsers[2].sign_in("charlene")
    assert [type_code(browsers[2], code), browsers[2].is_signed_in()] == ["/sign-in/code?done=wrong", False]


def test_code_that_set_the_app_up_does_not_sign_in(client: Browser, visitor: Browser, clock: Clock) -> None:
    client.sign_up("charlene")
    app = begin(client, clock)
    client.submit("/account/ways/code", {"code": app.code()})
    visitor.sign_in("charlene")
    assert type_code(visitor, app.code()) == "/sign-in/code?done=wrong"


def test_five_wrong_codes_end_the_half_sign_in(phone: App, visitor: Browser) -> None:
    visitor.sign_in("charlene")
    token = visitor.token("/sign-in/code")
    for _ in range(5):
        visitor.post("/sign-in/code", {"csrf_token": token, "code": "000000"})
    visitor.post("/sign-in/code", {"csrf_token": token, "code": phone.code()})
    assert (visitor.is_signed_in(), visitor.get("/sign-in/code").status_code) == (False, 410)


def test_ten_wrong_codes_in_an_hour_leave_paper_and_passkeys(
    phone: App, client: Browser, app: Flask, clock: Clock
) -> None:
    paper = PAPER.findall(client.submit("/account/codes").text)
    device = Device()
    add_passkey(client, device)
    for _ in range(2):
        guesser = Browser(app.test_client())
        guesser.sign_in("charlene")
        for _ in range(5):
            guesser.submit("/sign-in/code", {"code": "000000"})
    hers = Browser(app.test_client())
    hers.sign_in("charlene")
    assert type_code(hers, phone.code()) == "/sign-in/code?done=wrong"
    assert enter(Browser(app.test_client()), device).status_code == 303
    assert type_code(hers, paper[0]) == "/home"


def test_an_hour_later_codes_count_again(phone: App, app: Flask, clock: Clock) -> None:
    for _ in range(2):
        guesser = Browser(app.test_client())
        guesser.sign_in("charlene")
        for _ in range(5):
            guesser.submit("/sign-in/code", {"code": "000000"})
    clock.now += timedelta(hours=1)
    hers = Browser(app.test_client())
    hers.sign_in("charlene")
    assert type_code(hers, phone.code()) == "/home"


def test_leaving_and_coming_again_does_not_forget_wrong_codes(phone: App, app: Flask, session: Session) -> None:
    guesser = Browser(app.test_client())
    for _ in range(2):
        guesser.sign_in("charlene")
        guesser.submit("/sign-in/code", {"code": "000000"})
    guesser.submit("/sign-out", page="/sign-in")
    assert session.scalar(select(func.sum(HalfSignIn.wrong_codes))) == 2
    assert guesser.get("/sign-in/code").status_code == 410


def test_half_sign_in_is_over_after_ten_minutes(phone: App, visitor: Browser, clock: Clock, session: Session) -> None:
    visitor.sign_in("charlene")
    token = visitor.token("/sign-in/code")
    clock.now += timedelta(minutes=10)
    visitor.post("/sign-in/code", {"csrf_token": token, "code": phone.code()})
    assert (visitor.is_signed_in(), visitor.get("/sign-in/code").status_code) == (False, 410)
    upkeep.forget(session, now=clock.now + timedelta(hours=1))
    assert session.scalar(select(func.count()).select_from(HalfSignIn)) == 0


def test_half_sign_in_belongs_to_its_browser(phone: App, visitor: Browser, app: Flask) -> None:
    visitor.sign_in("charlene")
    other = Browser(app.test_client())
    token = other.token("/sign-in")
    other.post("/sign-in/code", {"csrf_token": token, "code": phone.code()})
    assert other.is_signed_in() is False
    assert type_code(visitor, phone.code()) == "/home"


def test_half_sign_in_keeps_a_hash_of_its_browser_alone(phone: App, visitor: Browser, session: Session) -> None:
    visitor.sign_in("charlene")
    assert tables_that_hold(session, visitor.session_id()) == []


def test_new_password_ends_what_is_half_signed_in(phone: App, client: Browser, visitor: Browser) -> None:
    visitor.sign_in("charlene")
    token = visitor.token("/sign-in/code")
    client.submit("/account/security", {"current": PASSWORD, "new": "nine small boats at dusk"})
    visitor.post("/sign-in/code", {"csrf_token": token, "code": phone.code()})
    assert visitor.is_signed_in() is False


@pytest.mark.parametrize("extent", [Extent.HIDE, Extent.DELETE])
def test_half_sign_in_opens_no_account_that_went_out_of_sight(
    phone: App, visitor: Browser, session: Session, extent: Extent
) -> None:
    visitor.sign_in("charlene")
    token = visitor.token("/sign-in/code")
    disappear(session, VISITOR, account(session, "charlene"), extent, now=MORNING)
    session.commit()
    visitor.post("/sign-in/code", {"csrf_token": token, "code": phone.code()})
    assert visitor.is_signed_in() is False


def test_recovery_code_does_instead_once(phone: App, client: Browser, app: Flask) -> None:
    paper = PAPER.findall(client.submit("/account/codes").text)
    first, second = Browser(app.test_client()), Browser(app.test_client())
    for browser in (first, second):
        browser.sign_in("charlene")
    assert type_code(first, paper[0].upper()) == "/home"
    second.sign_in("charlene")
    assert type_code(second, paper[0]) == "/sign-in/code?done=wrong"


def test_shared_device_and_the_page_asked_for_are_taken_along(phone: App, visitor: Browser, session: Session) -> None:
    fields = {"login": "charlene", "password": PASSWORD, "shared": "y"}
    place = visitor.submit("/sign-in?next=/account/codes", fields).headers["Location"]
    assert place == "/sign-in/code?next=/account/codes"
    assert visitor.submit(place, {"code": phone.code()}).headers["Location"] == "/account/codes"
    assert session.scalars(select(WebSession.is_shared).order_by(WebSession.is_shared)).all() == [False, True]


def test_passkey_needs_no_code(phone: App, client: Browser, visitor: Browser) -> None:
    device = Device()
    add_passkey(client, device)
    assert enter(visitor, device).headers["Location"] == "/home"


def test_turned_off_no_code_is_asked_for(phone: App, client: Browser, visitor: Browser, session: Session) -> None:
    other = visitor
    other.sign_in("charlene")
    type_code(other, phone.code())
    answer = client.submit("/account/ways/code/off", page="/account/ways")
    assert (answer.headers["Location"], other.is_signed_in()) == ("/account/ways?done=code-off", False)
    assert other.sign_in("charlene").headers["Location"] == "/home"
    assert session.scalars(select(SecondStep)).all() == []


def test_paper_that_is_no_recovery_code_stands_for_no_code(phone: App, visitor: Browser, session: Session) -> None:
    """The page that takes a hidden account back is no way around the app."""
    hers = account(session, "charlene")
    slip = slips.make(session, identity_of(session, hers), Extent.STOP, now=MORNING)
    session.commit()
    fields = {"login": "charlene", "password": PASSWORD, "code": slip}
    assert visitor.submit("/sign-in/return", fields).status_code == 400


def test_recovery_code_is_spent_there_too(phone: App, client: Browser, app: Flask) -> None:
    paper = PAPER.findall(client.submit("/account/codes").text)
    fields = {"login": "charlene", "password": PASSWORD, "code": paper[0]}
    statuses = [Browser(app.test_client()).submit("/sign-in/return", fields).status_code for _ in range(2)]
    assert statuses == [303, 400]
