"""A group that writes, and the people of it: who writes, who reads, who looks at shares, who runs it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from groupsite.domain.drafts import SeriesDraft
from groupsite.domain.permissions import VISITOR
from groupsite.domain.schedule import Schedule
from groupsite.domain.sharing import Sharing
from groupsite.domain.words import Kind, Modality, Role
from groupsite.models import Group, Membership, ShareReport, WrittenShare
from groupsite.services import series as meetings
from tests.browser import Browser
from tests.members import membership, new_group, new_member
from tests.plugins.application import MORNING

RIVER = "/groups/quiet-river"
SHARES = f"{RIVER}/shares"
QUEUE = f"{RIVER}/manage/shares"
WORDS = "I sat by the window and rested."
NAMES = {
    "charlene": "Charlie",
    "dev": "Dev",
    "ana": "Ana",
    "tom": "Tom",
    "noor": "Noor",
    "lily": "Lily",
    "mari": "Mari",
}
ROLES = {"noor": Role.SHARE_READER, "lily": Role.SHARE_READER, "mari": Role.SECRETARY}
TODAY = f"{RIVER}/written/page/2026-11-24T0000"
TOMORROW = f"{RIVER}/written/page/2026-11-25T0000"
AUCKLAND = Schedule(
    timezone="Pacific/Auckland",
    dtstart_local=datetime(2026, 11, 20),
    duration_minutes=1440,
    rrule="FREQ=DAILY",
    title="The day's page",
    kind=Kind.WRITTEN,
    modality=Modality.WRITTEN,
    kind_by_weekday={1: Kind.STEP_STUDY, 2: Kind.TOPIC},
)


@dataclass
class Writers:
    """Browsers come into being when they are asked for: `people["noor"]` looks at shares, so does `lily`, `mari` runs the group."""

    app: Flask
    session: Session

    def __post_init__(self) -> None:
        self.browsers: dict[str, Browser] = {}

    def __getitem__(self, login: str) -> Browser:
        if login not in self.browsers:
            self.browsers[login] = new_member(self.app, login, {"quiet-river": NAMES[login]})
            if login in ROLES:
                self.member(login).roles = [Role.MEMBER, ROLES[login]]
                self.session.commit()
        return self.browsers[login]

    def member(self, login: str) -> Membership:
        return membership(self.session, login, "quiet-river")

    def choose(self, **sharing: Any) -> None:
        group = self.session.scalars(select(Group).where(Group.slug == "quiet-river")).one()
        group.sharing_chosen = Sharing(**sharing)
        self.session.commit()

    def write_daily(self) -> None:
        """From now on they have a written meeting of a day each, in Auckland."""
        group = self.session.scalars(select(Group).where(Group.slug == "quiet-river")).one()
        meetings.create_series(self.session, VISITOR, group, SeriesDraft(AUCKLAND, slug="page"), now=MORNING)
        self.session.commit()

    def post(self, login: str, body: str = WORDS, **fields: str) -> UUID:
        """The new share's id."""
        answer = self[login].submit(
            f"{SHARES}/new", {"body": body, "days": "7", "kept": "telephone email full_name"} | fields
        )
        assert answer.status_code == 303, answer.text
        newest = select(WrittenShare.id).where(WrittenShare.membership_id == self.member(login).id)
        return self.session.scalars(newest.order_by(WrittenShare.published_at.desc(), WrittenShare.id)).all()[0]

    def report(self, login: str, share_id: UUID, reason: str) -> TestResponse:
        return self[login].submit(f"{SHARES}/{share_id}/report", {"reason": reason}, page="/account")

    def keep(self, login: str, share_id: UUID) -> TestResponse:
        return self[login].submit(f"{QUEUE}/{share_id}/keep", page="/account")

    def give_back(self, login: str, share_id: UUID, guideline: str = "advice") -> TestResponse:
        return self[login].submit(f"{QUEUE}/{share_id}/return", {"guideline": guideline}, page="/account")

    def share(self, share_id: UUID) -> WrittenShare:
        self.session.expire_all()
        return self.session.get_one(WrittenShare, share_id)

    def reports(self) -> list[ShareReport]:
        self.session.expire_all()
        return list(self.session.scalars(select(ShareReport)))

    def sees(self, login: str, words: str = WORDS, path: str = SHARES) -> bool:
        answer = self[login].get(path)
        assert answer.status_code == 200, path
        return words in answer.text

    def come_back(self, clock: Any, moment: datetime, *logins: str) -> None:
        """Time has passed, and these have signed in again."""
        clock.now = moment
        for login in logins:
            self[login].sign_in(login)


def quiet_river(app: Flask, session: Session) -> Writers:
    new_group(session, "quiet-river")
    return Writers(app, session)
