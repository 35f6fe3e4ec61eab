"""Those who run the site see how it stands: in numbers, on a page, in a line each; and nothing about anybody."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from groupsite.config import Settings
from groupsite.domain.zones import tzdata_version
from groupsite.mail.refusals import Permanent
from groupsite.models import Account, Delivery, DeliveryState
from groupsite.services.doctor import findings
from groupsite.services.health import Health
from groupsite.tasks import own_clock
from tests.browser import Browser
from tests.plugins.application import Clock
from tests.post_office import EVENING, PostOffice


@pytest.fixture
def admin(client: Browser, session: Session, failed: Delivery) -> Browser:
    """Somebody who runs the site, this evening."""
    client.sign_in("marisol")
    session.execute(update(Account).where(Account.login == "marisol").values(is_admin=True))
    session.commit()
    return client


@pytest.fixture
def failed(post: PostOffice, session: Session) -> Delivery:
    """A reminder for tonight that the mail server has refused for good."""
    post.plan()
    post.mailbox.refusals = [Permanent("smtp_554")]
    post.deliver(at=EVENING)
    return session.scalars(select(Delivery).where(Delivery.state == DeliveryState.FAILED)).one()


def test_numbers_say_what_is_owed_and_how_long_it_waits(
    app: Flask, sample: None, client: Browser, clock: Clock
) -> None:
    clock.now = EVENING - timedelta(minutes=2)
    own_clock.do_what_is_late(app)
    text = client.get("/metrics").text
    assert 'groupsite_check{check="beat"} 1' in text
    assert 'groupsite_deliveries{kind="reminder",state="planned"}' in text
    assert 'groupsite_job_age_seconds{job="plan"} 0' in text
    assert "groupsite_mail_waits_seconds 0" in text
    clock.now += timedelta(minutes=10)
    assert 'groupsite_job_age_seconds{job="plan"} 600' in client.get("/metrics").text


@pytest.mark.parametrize("headers", [{"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=1.2.3.4"}, {}])
def test_numbers_are_for_this_machine_alone(client: Browser, headers: dict[str, str]) -> None:
    address = "127.0.0.1" if headers else "192.0.2.7"
    assert client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}).status_code == 404


def test_page_tells_how_it_stands_and_names_nobody(admin: Browser, failed: Delivery) -> None:
    page = admin.get("/admin").text
    assert "Reminders:" in page
    assert "smtp_554, tried 1 times" in page
    assert [word in page for word in ("charlene", "example.org", "Lantern")] == [False] * 3


def test_failed_message_is_sent_when_somebody_asks(
    admin: Browser, failed: Delivery, post: PostOffice, session: Session
) -> None:
    assert admin.submit(f"/admin/mail/{failed.id}/retry", page="/admin").status_code == 303
    post.deliver(at=EVENING + timedelta(minutes=1))
    session.expire_all()
    assert session.get_one(Delivery, failed.id).state is DeliveryState.SENT
    assert [mail["Message-ID"] for mail in post.mailbox.to("charlene")] == [f"<{failed.id.hex}@dates.invalid>"]


def test_message_of_no_more_use_is_not_tried_again(
    admin: Browser, failed: Delivery, session: Session, clock: Clock
) -> None:
    clock.now = failed.expires_at
    admin.sign_in("marisol")
    assert admin.submit(f"/admin/mail/{failed.id}/retry", page="/account").status_code == 409
    assert admin.submit(f"/admin/mail/{uuid4()}/retry", page="/account").status_code == 404
    clock.now = EVENING
    session.execute(update(Delivery).values(state=DeliveryState.UNKNOWN))
    session.commit()
    admin.sign_in("marisol")
    assert admin.submit(f"/admin/mail/{failed.id}/retry", page="/account").status_code == 409


def test_every_message_of_thirty_days_is_in_one_state(admin: Browser, failed: Delivery, session: Session) -> None:
    rows = session.scalars(select(Delivery.id)).all()
    page = admin.get("/admin").text
    assert f"Reminders: {len(rows)}" in page


def said(session: Session, settings: Settings, health: Health, *, queue_answers: bool = True) -> str:
    return "\n".join(one.sentence for one in findings(session, settings, health, queue_answers=queue_answers))


WELL = Health(
    database=True,
    migrations=True,
    ran={"plan": timedelta(seconds=3), "deliver": timedelta(seconds=3)},
    mail=True,
    dates_tzdata=tzdata_version(),
)


def test_doctor_finds_nothing_on_a_site_that_is_well(session: Session, settings: Settings) -> None:
    sound = settings.model_copy(update={"mail_url": SecretStr("smtp://mail.example.org")})
    assert said(session, sound, WELL) == ""


@pytest.mark.parametrize(
    ("health", "words"),
    [
        (Health(), "The database does not answer"),
        (Health(database=True), "another revision"),
        (Health(database=True, migrations=True), "“plan” has not run yet"),
        (Health(True, True, {"plan": timedelta(minutes=5)}), "“plan” has not run for 5 minutes"),
        (Health(True, True, waits=timedelta(minutes=9)), "waiting for 9 minutes"),
        (Health(True, True, mail=False), "The mail server refuses us"),
        (Health(True, True, dates_tzdata="2020.1"), "older zone data"),
        (Health(True, True, dates_tzdata="2999.1"), "newer zone data"),
    ],
)
def test_doctor_names_what_is_wrong(session: Session, settings: Settings, health: Health, words: str) -> None:
    assert words in said(session, settings, health)


def test_doctor_looks_at_the_settings_of_a_server(session: Session, settings: Settings) -> None:
    server = settings.model_copy(update={"environment": "production"})
    for words in ("MAIL_URL is not set", "BASE_URL does not begin", "MAIL_FROM is not set", "CALENDAR_HOST is not set"):
        assert words in said(session, server, WELL)
    assert "The queue does not answer" in said(session, server, WELL, queue_answers=False)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("site_name", "Twelve Step Evenings", "twelve step"),
        ("calendar_name", "CoDA", "coda"),
        ("calendar_host", "dates.my-recovery.example", "recovery"),
        ("mail_from", "meetings@example.org", "meeting"),
    ],
)
def test_doctor_advises_against_names_that_say_what_this_is(
    session: Session, settings: Settings, name: str, value: str, word: str
) -> None:
    advice = f"{name.upper()} says “{word}”, and others can read it on members' screens. Choose neutral words."
    assert advice in said(session, settings.model_copy(update={name: value}), WELL)


def test_doctor_tells_of_failed_messages(session: Session, settings: Settings, failed: Delivery) -> None:
    assert "Messages that failed in 30 days: 1 (smtp_554)" in said(session, settings, WELL)


def test_command_ends_with_one_when_something_has_to_be_mended(app: Flask) -> None:
    outcome = app.test_cli_runner().invoke(args=["doctor"])
    assert outcome.exit_code == 1
    assert "fault: MAIL_URL is not set" in outcome.output
