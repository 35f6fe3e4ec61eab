"""How to get into an online or telephone meeting, and who may see it when (domain.md, invariant 11)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from groupsite.domain.words import Reveal

DEFAULT_WINDOW_MINUTES = 30


@dataclass(frozen=True, slots=True)
class JoinInfo:
    """Link, telephone number and codes. All four are secrets unless `reveal` is public, so none shows in a repr or a log.

    `passcode` belongs to the link, `access_code` to the telephone number. `window_minutes` counts before the start and
    matters for `Reveal.WINDOW` alone.
    """

    url: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    passcode: str = field(default="", repr=False)
    access_code: str = field(default="", repr=False)
    reveal: Reveal = Reveal.MEMBERS
    window_minutes: int = DEFAULT_WINDOW_MINUTES

    def __post_init__(self) -> None:
        """Turns the plain word that a database or a file holds into its enum."""
        object.__setattr__(self, "reveal", Reveal(self.reveal))

    @property
    def is_empty(self) -> bool:
        return not (self.url or self.phone or self.passcode or self.access_code)


def opens_at(join: JoinInfo, start_utc: datetime) -> datetime:
    """The moment (UTC) at which visitors may see the details of a meeting whose reveal is a window."""
    return start_utc - timedelta(minutes=join.window_minutes)


def revealed(
    join: JoinInfo | None,
    *,
    is_member: bool,
    now: datetime,
    start_utc: datetime | None,
    end_utc: datetime | None,
) -> JoinInfo | None:
    """What this reader may see now, or None. Never use it for feeds and search engines: there it is `public_details`.

    Members always see the details. Visitors see them if the group made them public, or with `Reveal.WINDOW` from
    `window_minutes` before the start up to, not including, the end. Without a date no window opens.
    """
    if join is None or join.is_empty:
        return None
    if is_member or join.reveal is Reveal.PUBLIC:
        return join
    if join.reveal is Reveal.WINDOW and start_utc is not None and end_utc is not None:
        return join if opens_at(join, start_utc) <= now < end_utc else None
    return None


def public_details(join: JoinInfo | None) -> JoinInfo | None:
    """What may stand in a feed, in an export, on a referral page: the details if the group made them public, else None."""
    if join is None or join.is_empty or join.reveal is not Reveal.PUBLIC:
        return None
    return join
