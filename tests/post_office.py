"""The planner and the sender in front of a mailbox of the tests' own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from groupsite.mail.refusals import MailError
from groupsite.mail.transport import Leaving, Transport, unnoted
from groupsite.models import Account, Group, Heartbeat, Membership, OccurrenceRow
from groupsite.queries.readiness import PLANNED_UNTIL
from groupsite.services import planning, sending
from groupsite.services.desk import Desk
from tests.plugins.application import MORNING, Clock

AHEAD = timedelta(days=2)
EVENING = datetime(2026, 11, 24, 21, 1, tzinfo=UTC)
"""A minute after Charlie's reminder for tonight is due."""


@dataclass
class Mailbox:
    """A transport that keeps what it is given, or refuses with the next of `refusals`."""

    refusals: list[MailError] = field(default_factory=list)
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    return_paths: dict[str, str] = field(default_factory=dict)
    """By recipient, of the newest mail."""

    @contextmanager
    def open(self) -> Iterator["Mailbox"]:
        yield self

    def send(self, message: bytes, sender: str, recipient: str, leaving: Leaving = unnoted) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        leaving()
        self.return_paths[recipient] = sender
        self.taken.append((recipient, message_from_bytes(message, policy=policy.default)))

    def to(self, login: str) -> list[EmailMessage]:
        return [mail for recipient, mail in self.taken if recipient == f"{login}@example.org"]


@dataclass
class PostOffice:
    """The planner and the sender on this test's connection."""

    connection: Connection
    desk: Desk
    clock: Clock
    mailbox: Mailbox = field(default_factory=Mailbox)
    transport: Transport | None = None
    """Another way out than the mailbox."""

    @contextmanager
    def begin(self) -> Iterator[Session]:
        with Session(self.connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
            session.commit()

    @contextmanager
    def mark(self) -> Iterator[Connection]:
        yield self.connection

    def plan(self) -> None:
        """Anew, as if nobody had planned yet: tests write what they need past the services."""
        with self.begin() as session:
            session.execute(delete(Heartbeat).where(Heartbeat.name == PLANNED_UNTIL))
            planning.plan(session, now=self.clock(), ahead=AHEAD)

    def deliver(self, *, at: datetime) -> dict[str, int]:
        self.clock.now = at
        return sending.deliver(self.begin, self.mark, self.transport or self.mailbox, self.desk, self.clock).counts


def tonight(session: Session, group: str = "tuesday-lantern") -> OccurrenceRow:
    query = select(OccurrenceRow).join(Group, Group.id == OccurrenceRow.group_id)
    return session.scalars(
        query.where(Group.slug == group, OccurrenceRow.start_utc > MORNING).order_by(OccurrenceRow.start_utc)
    ).first()  # type: ignore[return-value]  # the sample has it


def member(session: Session, login: str) -> Membership:
    return session.scalars(select(Membership).join(Account).where(Account.login == login)).first()  # type: ignore[return-value]


def without_quiet_hours(session: Session, login: str) -> Account:
    """So that mail may come at any hour of the tests' day."""
    account = session.scalars(select(Account).where(Account.login == login)).one()
    account.quiet_from = account.quiet_until = None
    session.flush()
    return account
