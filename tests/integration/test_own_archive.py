"""One archive with everything kept about her: JSON and calendars, no word and no name of anybody else."""

import json
import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.permissions import VISITOR
from groupsite.mail.vault import Vault
from groupsite.models import MeetingSeries, Membership
from groupsite.queries.identities import identity_of
from groupsite.services import memberships
from groupsite.services import series as meetings
from groupsite.services.own_copy import own_copy
from tests.browser import Browser
from tests.hers import CANARY, NOT_HERS, fill_with_canaries, plant, tables_of_hers
from tests.members import account, new_group, new_member, taken_along
from tests.plugins.application import MORNING, Clock
from tests.weekly import WEEKLY, new_account

GROUP = "quiet-river"
NOT_TAKEN = {
    "account-passkey_handle": "an id in her devices",
    "passkey-credential_id": "an id in her device",
    "passkey-public_key": "says nothing of her",
    "second_step-secret_sealed": "a secret",
    "half_sign_in-id_hash": "a secret",
    "account-email_sealed": "unsealed, the address is in it",
    "web_session-id_hash": "a secret",
    "single_use_token-token_hash": "a secret",
    "single_use_token-email_sealed": "empties when the link is used",
    "membership-unsubscribe_hash": "a secret",
    "calendar_feed-token_hash": "a secret",
    "calendar_feed-uid_key": "a secret",
    "calendar_feed-calendar_tag": "says when a program fetches anew, nothing of her",
    "invite-address_hash": "a secret",
    "invite-uid": "an id in her calendar",
    "delivery-dedupe_key": "ids",
    "written_share-words_sealed": "unsealed, the words are in it",
    "name_kept_out-name_mark": "cannot be read; how many there are goes along",
    "name_kept_out-short_marks": "cannot be read",
}


@pytest.fixture
def river(session: Session) -> MeetingSeries:
    group = new_group(session, GROUP, name="Quiet River")
    meetings.create_series(session, VISITOR, group, SeriesDraft(WEEKLY), now=MORNING)
    session.commit()
    return session.scalars(select(MeetingSeries)).one()


def test_archive_holds_what_is_kept_and_every_calendar(app: Flask, river: MeetingSeries) -> None:
    browser = new_member(app, "charlene", {GROUP: "Charlie"})
    browser.submit("/account/calendar", {"level": "busy"})
    browser.submit("/account/calendar", {"level": "own_words", "title": "Choir"})
    files = taken_along(browser)
    assert sorted(files) == ["account.json", "calendars/dates-1.ics", "calendars/own-1.ics", "calendars/own-2.ics"]
    titles = {
        name: {str(event["SUMMARY"]) for event in Calendar.from_ical(text).walk("VEVENT")}
        for name, text in files.items()
        if name.endswith(".ics")
    }
    assert sorted(map(sorted, (titles["calendars/own-1.ics"], titles["calendars/own-2.ics"]))) == [["Busy"], ["Choir"]]
    assert all(title.startswith("Quiet River") for title in titles["calendars/dates-1.ics"])


def test_archive_is_named_neutrally_and_never_kept(app: Flask, river: MeetingSeries, clock: Clock) -> None:
    answer = new_member(app, "charlene", {GROUP: "Charlie"}).get("/account/export")
    assert answer.headers["Content-Disposition"] == "attachment; filename=account.zip"
    assert answer.headers["Cache-Control"] == "no-store"
    with ZipFile(BytesIO(answer.data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {clock.now.timetuple()[:6]}


def test_archive_is_handed_over_only_after_the_password_was_given_lately(app: Flask, clock: Clock) -> None:
    browser = Browser(app.test_client())
    browser.sign_up("charlene")
    clock.now = MORNING + timedelta(minutes=11)
    assert browser.get("/account/export").headers["Location"] == "/account/confirm?next=/account/export"


def test_archive_has_nobody_elses_words_or_names(app: Flask, river: MeetingSeries) -> None:
    mine = new_member(app, "charlene", {GROUP: "Charlie"})
    theirs = new_member(app, "marisol-the-other", {GROUP: "Mari of the mill"})
    for browser, words in ((mine, "I rested today."), (theirs, "Words of somebody else.")):
        browser.submit(f"/groups/{GROUP}/shares/new", {"body": words, "days": "7"})
    written = str(taken_along(mine))
    assert "I rested today." in written
    assert [one for one in ("marisol-the-other", "Mari of the mill", "somebody else", "argon2") if one in written] == []


def test_every_column_of_hers_is_taken_along_or_has_a_reason(
    session: Session, river: MeetingSeries, vault: Vault
) -> None:
    """A new column of words fails here until somebody has decided."""
    person = new_account(session, "charlene")
    member = memberships.enrol(session, river.group_id, person.id, "Charlie", vault=vault, now=MORNING)
    plant(session, person, member, river)
    actor = identity_of(session, person)
    fill_with_canaries(session)
    written = json.dumps(own_copy(session, actor, vault=vault, now=MORNING))
    taken = set(re.findall(rf"{CANARY}-([a-z_]+-[a-z_]+)", written))
    expected = {
        f"{table}-{column}" for table in tables_of_hers() - NOT_HERS for column in _words_of(session, table)
    } - NOT_TAKEN.keys()
    assert expected - taken == set()
    assert taken & NOT_TAKEN.keys() == set()


def _words_of(session: Session, table: str) -> set[str]:
    """Columns of this table that hold a canary."""
    (row,) = session.scalars(text(f'SELECT row_to_json(one) FROM "{table}" AS one'))
    mark = CANARY.encode().hex()
    return {name for name, value in row.items() if CANARY in str(value) or mark in str(value)}


def test_answers_mail_codes_and_what_was_done_go_along(
    app: Flask, session: Session, river: MeetingSeries, vault: Vault
) -> None:
    browser = new_member(app, "charlene", {GROUP: "Charlie"})
    person = account(session, "charlene")
    member = session.scalars(select(Membership)).one()
    plant(session, person, member, river)
    session.commit()
    told = json.loads(taken_along(browser)["account.json"])
    assert [one["kind"] for one in told["mail"]] == ["reminder"]
    assert [one["for"] for one in told["links_and_codes"]] == ["recovery"]
    assert len(told["signed_in_browsers"]) == 2
    assert {"account.created", "membership.joined"} <= {one["what"] for one in told["what_was_done"]}
