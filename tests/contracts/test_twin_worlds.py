"""Whoever may not see a thing gets the same bytes from every endpoint whether it is there or not (ASVS 8.2.2)."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from groupsite.domain.disappearing import Extent
from groupsite.domain.permissions import VISITOR
from groupsite.domain.share_states import ShareState
from groupsite.domain.shares import ShareAudience
from groupsite.domain.words import ListingState
from groupsite.models import Account, Group, Heartbeat
from groupsite.services.disappearing import disappear
from groupsite.services.health import HAVE_TO_RUN
from tests.browser import Browser, without_tokens
from tests.plugins.application import MORNING
from tests.worlds import ANOTHER, GROUP, World, become, enrol, form_token, new_account, new_share, rules, values_of

RANDOM = {
    ("POST", "feeds.make"),
    ("POST", "accounts.make_codes"),
    ("POST", "out_of_sight.make_slip"),
    ("POST", "manage_joining.make_code"),
    ("POST", "run_sheet.make_code"),
}
"""They show whoever asks a secret of their own that was made this moment."""
OUTSIDERS = ("visitor", "stranger", "former member", "asker", "member of another", "facilitator of another")
FOR_TRUSTED = {
    ("held", "share reader"),
    ("for trusted readers", "share reader"),
    ("for trusted readers", "facilitator"),
}
"""Whose page of shares, or of what waits to be looked at, shows it."""
Answers = dict[tuple[str, str], tuple[int, tuple[tuple[str, str], ...], str]]


@pytest.fixture
def outsider(app: Flask, session: Session, sample: None, request: pytest.FixtureRequest) -> Browser:
    """A browser of somebody who does not belong to the group, whatever they are elsewhere."""
    person, _, elsewhere = request.param.partition(" of ")
    session.add_all(Heartbeat(name=job, at=MORNING) for job in HAVE_TO_RUN)
    browser, _ = become(app, session, person, ANOTHER if elsewhere else GROUP)
    return browser


def answers(world: World, browser: Browser) -> Answers:
    token = form_token(browser)
    return {
        (method, rule.rule): comparable(world.ask(browser, rule, method, token))
        for rule, method, _ in rules(world.app)
        if (method, rule.endpoint) not in RANDOM
    }


def comparable(answer: TestResponse) -> tuple[int, tuple[tuple[str, str], ...], str]:
    """Without what differs from request to request in any world: the moment, tokens, challenges, a visitor's new cookie."""
    headers = tuple((name, value) for name, value in answer.headers if name not in {"Set-Cookie", "Date"})
    return answer.status_code, headers, without_tokens(answer.data.decode("latin-1"))


def differences(one: Answers, other: Answers) -> list[tuple[str, str]]:
    return [request for request in one if one[request] != other[request]]


@pytest.mark.parametrize("knows", ["every address", "the group's address alone"])
@pytest.mark.parametrize("outsider", OUTSIDERS, indirect=True)
def test_unlisted_group_is_as_if_it_were_not_there(
    app: Flask, connection: Connection, session: Session, outsider: Browser, knows: str
) -> None:
    group = session.scalars(select(Group).where(Group.slug == "southern-cross")).one()
    group.listing_state = ListingState.DRAFT
    values = values_of(session, group.slug)
    session.commit()
    world = World(app, connection, values if knows == "every address" else {"slug": group.slug})
    with_it = answers(world, outsider)
    session.execute(delete(Group).where(Group.id == group.id))
    session.commit()
    assert differences(with_it, answers(world, outsider)) == []


@pytest.mark.parametrize("outsider", OUTSIDERS, indirect=True)
def test_share_is_as_if_it_were_not_there(
    app: Flask, connection: Connection, session: Session, outsider: Browser
) -> None:
    values = values_of(session, GROUP)
    author = enrol(session, new_account(session), GROUP, "member")
    share = new_share(session, author)
    session.commit()
    world = World(app, connection, values | {"share_id": share.id})
    with_it = answers(world, outsider)
    session.delete(share)
    session.commit()
    assert differences(with_it, answers(world, outsider)) == []


@pytest.mark.parametrize("state", ["draft", "returned", "held", "for trusted readers", "ahead"])
@pytest.mark.parametrize("insider", ["member", "facilitator", "share reader"])
def test_share_that_is_not_for_her_is_as_if_it_were_not_there(
    app: Flask, connection: Connection, session: Session, sample: None, insider: str, state: str
) -> None:
    """To those who are in the group with its author."""
    session.add_all(Heartbeat(name=job, at=MORNING) for job in HAVE_TO_RUN)
    browser, _ = become(app, session, insider, GROUP)
    share = new_share(session, enrol(session, new_account(session), GROUP, "member"))
    if state == "for trusted readers":
        share.audience = ShareAudience.TRUSTED
    elif state == "ahead":
        share.published_at = MORNING + timedelta(days=1)
    else:
        share.state, share.words_sealed = ShareState(state), b"sealed"
        share.waits_since = MORNING if state == "held" else None
    values = values_of(session, GROUP)
    session.commit()
    world = World(app, connection, values | {"share_id": share.id})
    with_it = answers(world, browser)
    session.delete(share)
    session.commit()
    is_for_her = (state, insider) in FOR_TRUSTED
    assert (differences(with_it, answers(world, browser)) == []) is not is_for_her


@pytest.mark.parametrize("outsider", OUTSIDERS, indirect=True)
def test_member_is_as_if_she_were_not_there(
    app: Flask, connection: Connection, session: Session, outsider: Browser
) -> None:
    values = values_of(session, GROUP)
    account = new_account(session)
    enrol(session, account, GROUP, "facilitator")
    session.commit()
    world = World(app, connection, values)
    with_her = answers(world, outsider)
    session.execute(delete(Account).where(Account.id == account.id))
    session.commit()
    assert differences(with_her, answers(world, outsider)) == []


@pytest.mark.parametrize("insider", ["member", "facilitator"])
def test_member_in_hiding_is_as_if_she_were_not_there(
    app: Flask, connection: Connection, session: Session, sample: None, insider: str
) -> None:
    """To those who are in the group with her."""
    session.add_all(Heartbeat(name=job, at=MORNING) for job in HAVE_TO_RUN)
    browser, _ = become(app, session, insider, GROUP)
    account = new_account(session)
    new_share(session, enrol(session, account, GROUP, "member"))
    disappear(session, VISITOR, account, Extent.HIDE, now=MORNING)
    session.commit()
    world = World(app, connection, values_of(session, GROUP))
    with_her = answers(world, browser)
    session.execute(delete(Account).where(Account.id == account.id))
    session.commit()
    assert differences(with_her, answers(world, browser)) == []
