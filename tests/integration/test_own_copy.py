"""What an account takes along: every answer and every wish of its own, no token, nobody else's."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.domain.words import Answer, FeedLevel
from groupsite.mail.vault import Vault
from groupsite.models import Account, CalendarFeed, Invite, MeetingSeries, Membership
from groupsite.queries.groups import group_named, series_of
from groupsite.queries.identities import identity_of
from groupsite.services import answers, feeds
from groupsite.services.feeds import FeedWishes
from groupsite.services.own_copy import own_copy
from tests.browser import Browser
from tests.members import copy_of
from tests.plugins.application import MORNING
from tests.post_office import member, tonight

EVENING = "2026-11-24T19:00:00"


def invited(session: Session, person: Membership, series: MeetingSeries) -> Invite:
    invite = Invite(
        membership_id=person.id, series_id=series.id, address_hash=b"canary" + series.id.bytes, uid="canary-uid",
        invited_at=MORNING, answer=Answer.NOT_THIS_TIME, answered_at=MORNING,
    )  # fmt: skip
    session.add(invite)
    session.flush()
    return invite


@pytest.fixture
def main(session: Session, sample: None) -> MeetingSeries:
    return series_of(session, group_named(session, "tuesday-lantern").id, "main")


def test_answers_go_along(session: Session, main: MeetingSeries, client: Browser) -> None:
    row = tonight(session)
    for login, answer in (("marisol", Answer.GOING), ("charlene", Answer.NOT_THIS_TIME)):
        answers.give(session, member(session, login), row, answer, said_at=MORNING, now=MORNING)
    invited(session, member(session, "marisol"), main)
    session.commit()
    client.sign_in("marisol")
    told = copy_of(client)
    (lantern,) = [one for one in told["groups"] if one["group"] == "Tuesday Lantern"]
    said_at = "2026-11-24T09:00:00+00:00"
    assert lantern["answers"] == [{"meeting": main.title, "date": EVENING, "answer": "going", "answered_at": said_at}]
    assert lantern["answers_for_every_date"] == [
        {"meeting": main.title, "answer": "not_this_time", "answered_at": said_at, "invited_at": said_at}
    ]


def test_calendars_go_along_with_what_they_hold_and_say(session: Session, main: MeetingSeries, vault: Vault) -> None:
    actor = identity_of(session, session.scalars(select(Account).where(Account.login == "marisol")).one())
    picked = FeedWishes(
        "phone", FeedLevel.OWN_WORDS, "Choir", 30, shows_cancelled=False, shows_answers=True, series_ids=[main.id]
    )
    tokens = [feeds.create_feed(session, actor, wishes, now=MORNING)[1] for wishes in (picked, FeedWishes("all"))]
    invited(session, member(session, "marisol"), main)
    told = own_copy(session, actor, vault=vault, now=MORNING + timedelta(hours=1))
    of = {one["name"]: one for one in told["calendar_addresses"]}
    assert of["phone"] == of["phone"] | {
        "says": "own_words", "own_words": "Choir", "alarm_minutes_before": 30, "shows_cancelled": False, "shows_answers": True,
        "meetings": [{"group": "Tuesday Lantern", "meeting": main.title}],
    }  # fmt: skip
    assert of["all"] == of["all"] | {"says": "busy", "shows_cancelled": True, "shows_answers": False, "meetings": "all"}
    written = json.dumps(told)
    secrets = [*tokens, "canary", *(one.token_hash.hex() for one in session.scalars(select(CalendarFeed)))]
    assert [one for one in secrets if one in written] == []
