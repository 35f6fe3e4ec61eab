"""An invite that has arrived, and the way in for answers to it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from groupsite.mail.vault import Vault
from groupsite.models import Invite
from groupsite.queries.groups import series_of
from groupsite.services import inbound, outbox
from groupsite.services.inbound import Outcome
from tests.plugins.application import MORNING
from tests.post_office import PostOffice, member, without_quiet_hours
from tests.replies import LATER, Invitation


@pytest.fixture
def invitation(post: PostOffice, session: Session) -> Invitation:
    """To the main meeting of Tuesday Lantern, as it reached Marisol."""
    without_quiet_hours(session, "marisol")
    person = member(session, "marisol")
    person.wants_invites, person.lead_minutes = True, []
    session.flush()
    outbox.invites_chosen(session, membership_id=person.id, now=MORNING)
    session.commit()
    post.deliver(at=MORNING)
    session.commit()
    main = series_of(session, person.group_id, "main").id
    uid = session.scalars(select(Invite.uid).where(Invite.series_id == main)).one()
    return next(one for mail in post.mailbox.to("marisol") if (one := Invitation.of(mail)).uid == uid)


@pytest.fixture
def take(session: Session, vault: Vault) -> Callable[..., Outcome]:
    def receive(raw: bytes, *, now: datetime = LATER, **options: str) -> Outcome:
        outcome = inbound.receive(session, raw, vault, now=now, **options)
        session.commit()
        session.expire_all()
        return outcome

    return receive
