"""The steps of members, and rows to start from, for the tests of their pages."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from flask import Flask
from sqlalchemy import Connection, event, select, text
from sqlalchemy.orm import Session

from groupsite.domain.words import Attendance, Family, ListingState
from groupsite.models import Account, Base, Group, Membership
from tests.browser import Browser
from tests.plugins.application import MORNING

HOSTILE = {
    "nothing": "",
    "far too long": "x" * 20_000,
    "a line break": "Ada\r\nBcc: all@example.org",
    "a direction mark": "Ada\u202eevil",
    "a NUL": "Ada\0",
}


def new_group(session: Session, slug: str, **columns: Any) -> Group:
    """A listed group without a meeting."""
    usual: dict[str, Any] = {
        "name": slug.replace("-", " ").title(),
        "family": Family.INDEPENDENT,
        "attendance": Attendance.OBSERVERS_WELCOME,
        "listing_state": ListingState.ACTIVE,
        "created_at": MORNING,
        "changed_at": MORNING,
    }
    group = Group(slug=slug, **(usual | columns))
    session.add(group)
    session.commit()
    return group


def new_member(app: Flask, login: str, groups: dict[str, str]) -> Browser:
    """Signed up, and in each of these groups (by slug) under that name."""
    browser = Browser(app.test_client())
    browser.sign_up(login)
    for slug, name in groups.items():
        fields = {"display_name": name, "kept": "email full_name telephone"}
        assert browser.submit(f"/groups/{slug}/join", fields).status_code == 303
    return browser


def account(session: Session, login: str) -> Account:
    session.expire_all()
    return session.scalars(select(Account).where(Account.login == login)).one()


def membership(session: Session, login: str, slug: str) -> Membership:
    session.expire_all()
    mine = select(Membership).join(Account, Account.id == Membership.account_id).where(Account.login == login)
    return session.scalars(mine.join(Group, Group.id == Membership.group_id).where(Group.slug == slug)).one()


def taken_along(browser: Browser) -> dict[str, str]:
    """The files of the archive that the account page hands over, by name."""
    answer = browser.get("/account/export")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with ZipFile(BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def copy_of(browser: Browser) -> Any:
    """What the archive says of the account."""
    return json.loads(taken_along(browser)["account.json"])


def tables_that_hold(session: Session, words: str) -> list[str]:
    """Names of the tables with a row that has these words in any column."""
    session.expire_all()
    found = []
    for table in Base.metadata.sorted_tables:
        query = text(f'SELECT count(*) FROM "{table.name}" AS row WHERE row::text ILIKE :words')
        if session.scalar(query, {"words": f"%{words}%"}):
            found.append(table.name)
    return found


@contextmanager
def statements(connection: Connection) -> Iterator[list[str]]:
    """The SQL that runs meanwhile, savepoints left out."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "SAVEPOINT" not in statement:
            seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)
