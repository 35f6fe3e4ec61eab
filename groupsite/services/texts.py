"""Texts of a group: put into their slots, taken out again. No mail, no feed and no file of ours carries one."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from groupsite.domain.errors import Conflict, NotFound
from groupsite.domain.permissions import Identity
from groupsite.domain.texts import MOST_TEXTS, STALE, TextDraft
from groupsite.models import Group, GroupText
from groupsite.queries.formats import text_of, texts_of
from groupsite.services import audit
from groupsite.services.publishing import hold_group


def save(
    session: Session, actor: Identity, group: Group, slot: str, draft: TextDraft, *, version: int, now: datetime
) -> None:
    """Put the text into the slot. `version` is that which the writer has seen, 0 for an empty slot.

    Raises InvalidInput, and Conflict when somebody else has changed it or there are too many.
    """
    text = draft.checked()
    hold_group(session, group)
    row = text_of(session, group.id, slot)
    if version != (row.version if row else 0):
        raise Conflict(STALE)
    if row is None:
        if len(texts_of(session, group.id)) >= MOST_TEXTS:
            raise Conflict(f"A group has {MOST_TEXTS} texts at most. Please remove one first.")
        row = GroupText(group_id=group.id, slot=slot, version=0)
        session.add(row)
    row.body, row.visibility, row.source_note = text.body, text.visibility, text.source_note
    row.may_be_used, row.version, row.changed_at = text.may_be_used, version + 1, now
    session.flush()
    audit.record(session, actor, "text.saved", now=now, group_id=group.id, text=row.id, visibility=text.visibility)


def remove(session: Session, actor: Identity, group: Group, slot: str, *, now: datetime) -> None:
    """Nothing of the text is kept. Raises NotFound."""
    gone = delete(GroupText).where(GroupText.group_id == group.id, GroupText.slot == slot).returning(GroupText.id)
    row_id = session.scalar(gone)
    if row_id is None:
        raise NotFound("There is no such text any more.")
    audit.record(session, actor, "text.removed", now=now, group_id=group.id, text=row_id)
