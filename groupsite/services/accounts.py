"""Accounts: opened, signed in to, changed, taken along, deleted. No group ever sees one."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from groupsite.domain.disappearing import Extent
from groupsite.domain.discretion import checked_own_words
from groupsite.domain.errors import Conflict, InvalidInput, NotAllowed
from groupsite.domain.limits import LONGEST_REST
from groupsite.domain.names import checked_login, login_of
from groupsite.domain.passwords import checked_password
from groupsite.domain.permissions import Identity
from groupsite.domain.safe_days import EVERY_DAY, NO_DAY
from groupsite.domain.sign_in_ways import WaysChange
from groupsite.domain.zones import A_DAY, zone
from groupsite.models import Account
from groupsite.queries.identities import identity_of
from groupsite.queries.memberships import names_that_tell
from groupsite.services import audit, credentials, disappearing, feeds, outbox, sessions, sign_in_changes, waiting

LOGIN_TAKEN = "This sign-in name is taken. Please choose another one."


@dataclass(frozen=True, slots=True)
class ReminderWishes:
    """How messages to this person look, and when none arrives: quiet times are local to `timezone`, both or none.

    `rest_until` is the last day without any; `allows_urgent` lets sudden changes of dates she goes to come all the same;
    `daily_budget` is how many mails about dates come in a day, at most; `safe_days` as in domain/safe_days.py; what she
    does not take never comes, whatever a group sends.
    """

    discreet: bool
    discreet_title: str = ""
    quiet_from: time | None = None
    quiet_until: time | None = None
    timezone: str | None = None
    rest_until: date | None = None
    allows_urgent: bool = False
    daily_budget: int | None = None
    safe_days: int = EVERY_DAY
    takes_reminders: bool = True
    takes_changes: bool = True
    takes_invites: bool = True
    takes_notices: bool = False
    """Told by mail when the ways to sign in change: only if she says so."""


def create(session: Session, *, login: str, password: str, is_adult: bool, now: datetime) -> Account:
    """Open an account. Raises InvalidInput for `login`, `password` or `adult`, Conflict when the login is taken."""
    name = checked_login(login)
    secret = checked_password(password, login=name)
    if not is_adult:
        raise InvalidInput("adult", "This place is for people who are 18 or older.")
    if session.scalar(select(Account.id).where(Account.login == name)):
        raise Conflict(LOGIN_TAKEN)
    account = Account(login=name, password_hash=credentials.hashed(secret), adult_confirmed_at=now, created_at=now)
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        raise Conflict(LOGIN_TAKEN) from None
    audit.record(session, identity_of(session, account), "account.created", now=now)
    return account


def check_sign_in(session: Session, login: str, password: str) -> Account | None:
    """The account if both are right, else None: same work whether the login is known or not. Renews an old hash.

    Nobody for an account that is hidden: who knows its password alone is not to learn that it is there.
    """
    account = account_named(session, login)
    if not credentials.matches(account.password_hash if account else None, password) or account is None:
        return None
    if account.hidden_at is not None:
        return None
    if credentials.needs_new_hash(account.password_hash):
        account.password_hash = credentials.hashed(password)
        session.flush()
    return account


def change_password(
    session: Session, actor: Identity, *, current: str, new: str, now: datetime, here: str | None = None
) -> None:
    """Set another password and end every session of the account but that of the id `here`. Raises InvalidInput."""
    account = own_account(session, actor)
    confirm_password(account, current, field="current")
    try:
        secret = checked_password(new, login=account.login)
    except InvalidInput as error:
        raise InvalidInput("new", error.reason) from error
    account.password_hash = credentials.hashed(secret)
    sign_in_changes.note(session, account, WaysChange.PASSWORD, here=here, now=now)
    audit.record(session, actor, "account.password_changed", now=now)
    session.flush()


def end_other_sessions(session: Session, actor: Identity, *, here: str | None, now: datetime) -> None:
    """End every session of the account but that of the id `here`."""
    sessions.end_all(session, own_account(session, actor).id, but=here)
    audit.record(session, actor, "account.sessions_ended", now=now)
    session.flush()


def end_session(session: Session, actor: Identity, handle: UUID, *, now: datetime) -> None:
    """End one session of the account; nothing happens when it has ended already."""
    sessions.end_one(session, own_account(session, actor).id, handle)
    audit.record(session, actor, "account.session_ended", now=now)
    session.flush()


def show_again(session: Session, actor: Identity, password: str) -> None:
    """Make sure of who sits there. Raises InvalidInput for `password`."""
    confirm_password(own_account(session, actor), password, field="password")


def set_reminder_wishes(session: Session, actor: Identity, wishes: ReminderWishes, *, now: datetime) -> None:
    """Keep how messages look and when none arrives. Raises InvalidInput for the field that is wrong."""
    account = own_account(session, actor)
    names = names_that_tell(session, account.id)
    words = checked_own_words(wishes.discreet_title, names, field="discreet_title")
    if words != account.discreet_title:
        feeds.renew(session, account.id, now=now)
    is_newly_discreet = wishes.discreet and (not account.discreet or words != account.discreet_title)
    account.discreet, account.discreet_title = wishes.discreet, words
    account.quiet_from, account.quiet_until = _checked_quiet_times(wishes)
    account.timezone = zone(wishes.timezone).key if wishes.timezone else None
    account.rest_until, account.allows_urgent = _checked_rest(wishes, now.date()), wishes.allows_urgent
    account.daily_budget, account.safe_days = wishes.daily_budget, _checked_safe_days(wishes)
    account.takes_reminders, account.takes_changes = wishes.takes_reminders, wishes.takes_changes
    account.takes_invites, account.takes_notices = wishes.takes_invites, wishes.takes_notices
    waiting.owe_anew(session, account, now=now)
    if is_newly_discreet:
        outbox.words_changed(session, account_id=account.id, now=now)
    audit.record(session, actor, "account.reminder_wishes_changed", now=now)
    session.flush()


def delete_account(session: Session, actor: Identity, *, password: str, now: datetime) -> None:
    """Lock everybody out of the account at once, and leave what it holds to be erased by a worker.

    Raises InvalidInput when the password is wrong. Nothing of the account stays: the audit keeps roles and moments.
    """
    account = own_account(session, actor)
    confirm_password(account, password, field="password")
    disappearing.disappear(session, actor, account, Extent.DELETE, now=now)


def account_named(session: Session, login: str) -> Account | None:
    """The account of this login however it was typed, locked for the change at hand; None for what can be no login."""
    name = login_of(login)
    if name is None:
        return None
    return session.scalar(select(Account).where(Account.login == name).with_for_update(key_share=True))


def own_account(session: Session, actor: Identity) -> Account:
    """The actor's row, locked for the change at hand. Raises NotAllowed for a visitor."""
    account = session.get(Account, _id_of(actor), with_for_update={"key_share": True})
    if account is None:
        raise NotAllowed("Please sign in first. Nothing was changed.")
    return account


def _id_of(actor: Identity) -> UUID:
    if actor.account_id is None:
        raise NotAllowed("Please sign in first. Nothing was changed.")
    return actor.account_id


def confirm_password(account: Account, password: str, *, field: str) -> None:
    """Ask again who is there, before something that cannot be taken back. Raises InvalidInput for `field`."""
    if not credentials.matches(account.password_hash, password):
        raise InvalidInput(field, "This is not your password. Nothing was changed.")


def say_still_safe(session: Session, actor: Identity, *, now: datetime) -> None:
    """Mail to the address is safe, as of today: the question comes again in 90 days."""
    own_account(session, actor).safe_on = now.date()
    audit.record(session, actor, "account.mail_is_safe", now=now)
    session.flush()


def _checked_rest(wishes: ReminderWishes, today: date) -> date | None:
    """None when it is over; her day may be another than ours."""
    if wishes.rest_until is not None and wishes.rest_until > today + LONGEST_REST:
        raise InvalidInput(
            "rest_until", f"Please rest for {LONGEST_REST.days} days at most; you can always go on then."
        )
    return wishes.rest_until if wishes.rest_until and wishes.rest_until >= today - A_DAY else None


def _checked_quiet_times(wishes: ReminderWishes) -> tuple[time | None, time | None]:
    if (wishes.quiet_from is None) != (wishes.quiet_until is None):
        raise InvalidInput("quiet_until", "Please give both times, or leave both empty.")
    if wishes.quiet_from is not None and wishes.quiet_from == wishes.quiet_until:
        raise InvalidInput("quiet_until", "The quiet hours would have no end. Please choose another time.")
    if wishes.quiet_from is not None and not wishes.timezone:
        raise InvalidInput("timezone", "Please choose your time zone, so that the quiet hours fall in your night.")
    return wishes.quiet_from, wishes.quiet_until


def _checked_safe_days(wishes: ReminderWishes) -> int:
    if wishes.safe_days == NO_DAY:
        raise InvalidInput(
            "days_without", "Then nothing could ever come. Say so with the button below, if you mean it."
        )
    if wishes.safe_days != EVERY_DAY and not wishes.timezone:
        raise InvalidInput("timezone", "Please choose your time zone, so that the days are yours.")
    return wishes.safe_days
