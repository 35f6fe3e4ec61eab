"""What can become of a share: a draft, held for a reader, shown, returned under a guideline. Withdrawn or expired, it has no row.

Every decision is a code: nobody writes to the author about what they wrote, and nobody but the author changes a word.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from groupsite.domain.errors import Conflict

OVERDUE_AFTER = timedelta(hours=24)
"""Then somebody else who runs the group sees it too."""
REPORTS_THAT_HOLD = 3
"""So many different people, where no reason holds by itself."""
CHANGED_MEANWHILE = "Somebody else has looked at it just now, or its author took it back. Nothing was changed."


class ShareState(StrEnum):
    DRAFT = "draft"
    HELD = "held"
    PUBLISHED = "published"
    RETURNED = "returned"


class Step(StrEnum):
    HOLD = "hold"
    SHOW = "show"
    RETURN = "return"


class HeldFor(StrEnum):
    """Why a share waits for a reader."""

    FIRST_LOOK = "first_look"
    REPORTS = "reports"
    APPEAL = "appeal"


class ReportReason(StrEnum):
    NAMES_A_PERSON = "names_a_person"
    METHOD = "method"
    """How somebody could hurt themselves."""
    ADVICE = "advice"
    APPROACH = "approach"
    OTHER = "other"


class Guideline(StrEnum):
    """Under which a share goes back."""

    NAMES_A_PERSON = "names_a_person"
    CONTACT_DETAILS = "contact_details"
    ADVICE = "advice"
    METHOD = "method"
    APPROACH = "approach"
    NOT_OWN_WORDS = "not_own_words"


HOLDS_AT_ONCE = frozenset({ReportReason.NAMES_A_PERSON, ReportReason.METHOD})
"""One is enough: what harms while it stands is put out of sight until somebody has looked."""

_AFTER: Mapping[tuple[ShareState, Step], ShareState] = {
    (ShareState.DRAFT, Step.SHOW): ShareState.PUBLISHED,
    (ShareState.DRAFT, Step.HOLD): ShareState.HELD,
    (ShareState.RETURNED, Step.HOLD): ShareState.HELD,
    (ShareState.PUBLISHED, Step.HOLD): ShareState.HELD,
    (ShareState.PUBLISHED, Step.SHOW): ShareState.PUBLISHED,
    (ShareState.PUBLISHED, Step.RETURN): ShareState.RETURNED,
    (ShareState.HELD, Step.SHOW): ShareState.PUBLISHED,
    (ShareState.HELD, Step.RETURN): ShareState.RETURNED,
}
WITH_AUTHOR = frozenset({ShareState.DRAFT, ShareState.RETURNED})
"""Nobody else can read it: the words are sealed."""


def after(state: ShareState, step: Step) -> ShareState:
    """The state that follows. Raises Conflict for a step that cannot be taken from here."""
    following = _AFTER.get((state, step))
    if following is None:
        raise Conflict(CHANGED_MEANWHILE)
    return following


def holds(reasons: Collection[ReportReason], *, was_kept: bool) -> bool:
    """Whether reports with these reasons, one for each person, put the share out of sight until somebody has looked at it.

    What a share reader has looked at and kept (`was_kept`) is not put out of sight by further reports.
    """
    if was_kept:
        return False
    return len(reasons) >= REPORTS_THAT_HOLD or not HOLDS_AT_ONCE.isdisjoint(reasons)


def is_overdue(waits_since: datetime, now: datetime) -> bool:
    return now - waits_since >= OVERDUE_AFTER
