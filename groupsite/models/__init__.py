"""Typed SQLAlchemy classes. Importing this package registers every table with `Base.metadata`."""

from groupsite.models.account import Account, SingleUseToken, WebSession
from groupsite.models.answer import Invite, Rsvp
from groupsite.models.apart import HiddenFrom, NameKeptOut
from groupsite.models.base import Base, Served
from groupsite.models.calendar_feed import CalendarFeed
from groupsite.models.delivery import ABOUT_THE_ACCOUNT, NOTES, OPEN, WAITING, Delivery, DeliveryKind, DeliveryState
from groupsite.models.group import Group, ListingConfirmation, MeetingFormat, ServicePosition
from groupsite.models.invite_code import InviteCode
from groupsite.models.meeting_format import GroupText, RunSheet
from groupsite.models.membership import Membership
from groupsite.models.occurrence import OccurrenceRow
from groupsite.models.series import MeetingSeries, SeriesOverride, SeriesPause
from groupsite.models.share import ShareReport, WrittenShare
from groupsite.models.sign_in import HalfSignIn, Passkey, SecondStep, SignInChange, SpentChallenge
from groupsite.models.suppression import SenderPause, Suppression
from groupsite.models.trail import AuditEntry, DerivedWith, Heartbeat, InboundCount

__all__ = [
    "ABOUT_THE_ACCOUNT", "NOTES", "OPEN", "WAITING", "Account", "AuditEntry", "Base", "CalendarFeed", "Delivery",
    "DeliveryKind", "DeliveryState", "DerivedWith", "Group", "GroupText", "HalfSignIn", "Heartbeat", "HiddenFrom",
    "InboundCount", "Invite", "InviteCode", "ListingConfirmation", "MeetingFormat", "MeetingSeries", "Membership",
    "NameKeptOut", "OccurrenceRow", "Passkey", "Rsvp", "RunSheet", "SecondStep", "SenderPause", "SeriesOverride",
    "SeriesPause", "Served", "ServicePosition", "ShareReport", "SignInChange", "SingleUseToken", "SpentChallenge",
    "Suppression", "WebSession", "WrittenShare",
]  # fmt: skip
