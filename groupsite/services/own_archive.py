"""Everything of an account in one file: JSON for what is kept, iCalendar for the dates. Made in memory, kept nowhere."""

import json
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy.orm import Session

from groupsite.domain.permissions import Identity
from groupsite.mail.vault import Vault
from groupsite.queries.calendars import live_feeds
from groupsite.queries.memberships import my_memberships
from groupsite.services.accounts import own_account
from groupsite.services.calendars import Site, group_feed
from groupsite.services.own_copy import own_copy
from groupsite.services.personal_calendars import personal_feed

READABLE = 0o600 << 16
"""By its owner, where it is taken out."""


def own_archive(session: Session, actor: Identity, *, vault: Vault, site: Site, now: datetime) -> bytes:
    """A zip archive: `account.json`, and under `calendars/` each of one's own as it is given out and each group's.

    No name in it tells more than that.
    """
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for name, content in _files(session, actor, vault, site, now):
            entry = ZipInfo(name, now.timetuple()[:6])
            entry.external_attr = READABLE
            archive.writestr(entry, content, ZIP_DEFLATED)
    return written.getvalue()


def _files(
    session: Session, actor: Identity, vault: Vault, site: Site, now: datetime
) -> Iterator[tuple[str, str | bytes]]:
    account = own_account(session, actor)
    copy = own_copy(session, actor, vault=vault, now=now)
    yield "account.json", json.dumps(copy, ensure_ascii=False, indent=2) + "\n"
    for number, feed in enumerate(live_feeds(session, account.id), 1):
        yield f"calendars/own-{number}.ics", personal_feed(session, feed, account, site, now=now).body
    for number, (_, group) in enumerate(my_memberships(session, account.id), 1):
        yield f"calendars/dates-{number}.ics", group_feed(session, group, site, now=now).body
