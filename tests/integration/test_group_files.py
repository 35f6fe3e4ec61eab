"""The group file goes in, comes out the same, and changes nothing when it is loaded again."""

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from groupsite.domain.permissions import VISITOR
from groupsite.domain.words import Joining
from groupsite.formats import group_file
from groupsite.models import Group, MeetingSeries, OccurrenceRow
from groupsite.services import group_files
from groupsite.services.group_files import Outcome
from tests.plugins.application import MORNING, SAMPLE

DOCUMENT = group_file.parse(SAMPLE.read_bytes())


def test_load_stores_every_group(session: Session) -> None:
    loaded = group_files.load(session, VISITOR, DOCUMENT, now=MORNING)
    assert [one.outcome for one in loaded] == [Outcome.NEW] * 12
    assert session.scalar(select(func.count()).select_from(MeetingSeries)) == 16


def test_load_twice_changes_nothing(session: Session) -> None:
    group_files.load(session, VISITOR, DOCUMENT, now=MORNING)
    before = _state(session)
    session.expire_all()
    again = group_files.load(session, VISITOR, DOCUMENT, now=MORNING.replace(hour=20))
    assert {one.outcome for one in again} == {Outcome.SAME}
    assert _state(session) == before


def test_dump_then_load_gives_the_same_group(session: Session) -> None:
    group_files.load(session, VISITOR, DOCUMENT, now=MORNING)
    for record in DOCUMENT.groups:
        dumped = group_files.dump(session, record.slug)
        assert dumped is not None
        assert group_file.parse(dumped).groups == (record,)


def test_changed_rule_moves_only_its_own_series(session: Session) -> None:
    group_files.load(session, VISITOR, DOCUMENT, now=MORNING)
    session.expire_all()
    text = SAMPLE.read_text().replace("FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYDAY=1FR")
    loaded = group_files.load(session, VISITOR, group_file.parse(text.encode()), now=MORNING)
    assert [one.slug for one in loaded if one.outcome is Outcome.CHANGED] == ["last-friday-voices"]
    sequences = dict(
        session.execute(
            select(Group.slug, func.max(MeetingSeries.sequence)).join(Group.series).group_by(Group.slug)
        ).all()
    )
    assert {slug for slug, sequence in sequences.items() if sequence} == {"last-friday-voices"}


def _state(session: Session) -> list[tuple[object, ...]]:
    series = select(MeetingSeries.id, MeetingSeries.sequence, MeetingSeries.changed_at).order_by(MeetingSeries.id)
    dates = select(OccurrenceRow).order_by(OccurrenceRow.series_id, OccurrenceRow.original_local)
    rows = [
        tuple(getattr(row, column.key) for column in OccurrenceRow.__table__.columns) for row in session.scalars(dates)
    ]
    return [tuple(row) for row in session.execute(series)] + rows


def test_way_in_survives_the_file_and_stays_where_the_file_is_silent(session: Session) -> None:
    silent = replace(DOCUMENT, groups=DOCUMENT.groups[:1], personas=())
    by_invite = replace(silent, groups=(replace(silent.groups[0], joining=Joining.BY_INVITE),))
    opened = replace(silent, groups=(replace(silent.groups[0], joining=Joining.OPEN),))
    outcomes = []
    for document in (by_invite, by_invite, silent):
        outcomes += [one.outcome for one in group_files.load(session, VISITOR, document, now=MORNING)]
        session.expire_all()
    dumped = group_files.dump(session, silent.groups[0].slug)
    assert dumped is not None
    assert group_file.parse(dumped).groups == by_invite.groups
    outcomes += [one.outcome for one in group_files.load(session, VISITOR, opened, now=MORNING)]
    assert outcomes == [Outcome.NEW, Outcome.SAME, Outcome.SAME, Outcome.CHANGED]
