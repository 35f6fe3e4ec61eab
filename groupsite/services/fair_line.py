"""A line out that learns from refusals: who is to blame is noted, and a fault of ours lets the sender rest.

To services/sending.py a fault of ours is a refusal for now: the row waits, and nothing is said of its member.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from groupsite.domain.bounces import Fault
from groupsite.logging import get_logger
from groupsite.mail.refusals import OurFault, Permanent, Temporary
from groupsite.mail.transport import Leaving, Line, Transport, unnoted
from groupsite.mail.vault import Vault
from groupsite.services import sender_pause, suppression
from groupsite.services.transactions import Begin

UNCERTAIN_AT_MOST = 10
"""Mails refused as unwanted one after the other: from then on it is not the mail, it is us."""


@contextmanager
def opened(transport: Transport, begin: Begin, vault: Vault, clock: Callable[[], datetime]) -> Iterator["FairLine"]:
    """A line for one run. What was refused at its end without anything taken is taken for our fault."""
    with transport.open() as line:
        fair = FairLine(line, begin, vault, clock)
        yield fair
        fair.conclude()


class FairLine:
    """`is_shut` once the sender rests: no more mail in this run."""

    def __init__(self, line: Line, begin: Begin, vault: Vault, clock: Callable[[], datetime]) -> None:
        self._line, self._begin, self._vault, self._clock = line, begin, vault, clock
        self._uncertain = 0
        self._has_worked = self.is_shut = False
        with begin() as session:
            self._was_in_trouble = sender_pause.is_in_trouble(session)

    def send(self, message: bytes, sender: str, recipient: str, leaving: Leaving = unnoted) -> None:
        """As the line's own, but a fault of ours is a Temporary."""
        try:
            self._line.send(message, sender, recipient, leaving)
        except Permanent as refusal:
            self._blame(recipient, refusal.fault)
            raise
        except OurFault as refusal:
            self._doubt_ourselves(refusal)
            raise Temporary(refusal.code) from refusal
        self._worked()

    def conclude(self) -> None:
        if self._uncertain and not self._has_worked:
            self._rest(Fault.POLICY)

    def _blame(self, recipient: str, fault: Fault) -> None:
        with self._begin() as session:
            suppression.blame(session, self._vault.address_mark(recipient), fault, now=self._clock())

    def _doubt_ourselves(self, refusal: OurFault) -> None:
        self._uncertain += 1
        get_logger().warning("sender_refused", reason=refusal.fault.value, error=refusal.code)
        if refusal.is_certain or self._uncertain >= UNCERTAIN_AT_MOST:
            self._rest(refusal.fault)

    def _rest(self, fault: Fault) -> None:
        self._uncertain, self.is_shut = 0, True
        with self._begin() as session:
            sender_pause.pause(session, fault, now=self._clock())

    def _worked(self) -> None:
        self._uncertain, self._has_worked = 0, True
        if self._was_in_trouble:
            self._was_in_trouble = False
            with self._begin() as session:
                sender_pause.resume(session, now=self._clock())
