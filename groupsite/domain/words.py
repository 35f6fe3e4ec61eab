"""The closed vocabularies of domain.md, section 3, as enums. Values are what the database and the group file hold."""

from enum import StrEnum


class Family(StrEnum):
    """Style of format that a group follows; never an affiliation."""

    CODA_STYLE = "coda_style"
    ALANON_STYLE = "alanon_style"
    INDEPENDENT = "independent"


class Attendance(StrEnum):
    """Who may come. Text for people, never a gate (invariant 20)."""

    MEMBERS_ONLY = "members_only"
    OBSERVERS_WELCOME = "observers_welcome"


class Modality(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"
    PHONE = "phone"
    WRITTEN = "written"


WITH_A_PLACE = frozenset({Modality.IN_PERSON, Modality.HYBRID})
"""Only then is there a door to go to: a date that goes online for once must not show the room."""


class Kind(StrEnum):
    """What a meeting is about."""

    SHARING = "sharing"
    TOPIC = "topic"
    SPEAKER = "speaker"
    STEP_STUDY = "step_study"
    TRADITION_STUDY = "tradition_study"
    LITERATURE_STUDY = "literature_study"
    NEWCOMERS = "newcomers"
    MEDITATION = "meditation"
    WRITING = "writing"
    QUESTION_AND_ANSWER = "question_and_answer"
    GRATITUDE = "gratitude"
    OPEN_TOPIC = "open_topic"
    WRITTEN = "written"
    BUSINESS = "business"


class ListingState(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    UNCONFIRMED = "unconfirmed"
    UNDER_REVIEW = "under_review"
    PAUSED = "paused"
    CLOSED = "closed"


class HolidayPolicy(StrEnum):
    """Whether the group meets on public holidays."""

    YES = "yes"
    NO = "no"
    ASK = "ask"


class OverrideAction(StrEnum):
    CANCEL = "cancel"
    MOVE = "move"
    RELOCATE = "relocate"
    CHANGE_MODALITY = "change_modality"
    RETITLE = "retitle"


class Notice(StrEnum):
    """How a change is announced."""

    PLANNED = "planned"
    TEMPORARY = "temporary"
    URGENT = "urgent"


class OccurrenceStatus(StrEnum):
    """`finished` is not stored: it follows from the end and the clock."""

    SCHEDULED = "scheduled"
    CHANGED = "changed"
    MOVED = "moved"
    RELOCATED = "relocated"
    CANCELLED = "cancelled"


class Reveal(StrEnum):
    """Who sees a meeting's join details (invariant 11)."""

    PUBLIC = "public"
    MEMBERS = "members"
    WINDOW = "window"


class MembershipState(StrEnum):
    REQUESTED = "requested"
    ACTIVE = "active"
    RESTING = "resting"
    HIDDEN = "hidden"
    """Its account is out of sight: to the group it is as if nobody were there, and the name stays hers."""
    LEFT = "left"


BELONGING = (MembershipState.ACTIVE, MembershipState.RESTING)
"""Whom the group sees."""


class Joining(StrEnum):
    """How somebody becomes a member."""

    OPEN = "open"
    BY_REQUEST = "by_request"
    BY_INVITE = "by_invite"


class Role(StrEnum):
    """What a membership may do beyond reading and posting. The facilitator of the pages is the secretary of the matrix."""

    MEMBER = "member"
    TRUSTED_SERVANT = "trusted_servant"
    SHARE_READER = "share_reader"
    SECRETARY = "secretary"
    TREASURER = "treasurer"


class PositionStatus(StrEnum):
    """State of a service position; `covered` means that somebody stands in."""

    VACANT = "vacant"
    FILLED = "filled"
    ENDING = "ending"
    COVERED = "covered"


class FeedLevel(StrEnum):
    """How much a personal calendar says."""

    BUSY = "busy"
    OWN_WORDS = "own_words"
    FULL = "full"


class Answer(StrEnum):
    """A private intention, never a record of who came (domain.md, invariant 1)."""

    GOING = "going"
    NOT_THIS_TIME = "not_this_time"
    UNDECIDED = "undecided"
    """Said about one date of a series that was accepted as a whole; everywhere else it is as if nothing was said."""


class TextVisibility(StrEnum):
    """Who may read a text of the group, and when; never the public (invariant 12)."""

    READERS_ONLY = "readers_only"
    """Trusted servants, who hand it to whoever reads it aloud."""
    DURING_MEETING = "during_meeting"
    MEMBERS = "members"
