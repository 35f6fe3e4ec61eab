"""What is wrong, in one line each, with what to do about it. For the person who runs the server."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from groupsite.config import Settings
from groupsite.domain.discretion import betrayals
from groupsite.domain.help_lines import HelpBook, attention
from groupsite.domain.zones import as_numbers, tzdata_version
from groupsite.models import DeliveryState
from groupsite.queries.outbox_state import counts, dead_letters, inbound_counts
from groupsite.services.health import HAVE_TO_RUN, JOBS_REST_AT_MOST, MAIL_WAITS_AT_MOST, Health

UNSET_HOST = "dates.invalid"
UNSET_SENDER = "notes@localhost.localdomain"
MUCH = 20
"""So many of a kind are worth a line."""
SHOWN = 3
"""So many names stand in a line."""
ERASED_WITHIN = timedelta(hours=1)
"""The page says "within minutes"."""


class Gravity(StrEnum):
    FAULT = "fault"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Finding:
    gravity: Gravity
    sentence: str


def findings(session: Session, settings: Settings, health: Health, *, queue_answers: bool) -> list[Finding]:
    """Everything that is not as it should be; an empty list is a site that is well."""
    found = [*_services(health, queue_answers=queue_answers), *_settings(settings)]
    if health.migrations:
        found += [*_jobs(health), *_erasure(health), *_mail(session, health), *_zone_data(health)]
    return found


def help_findings(book: HelpBook, today: date) -> list[Finding]:
    """What the helplines want: also said by `make check`."""
    wanting = attention(book, today)
    said = (
        (wanting.doubted, "that readers are told to check before use", "Look at their pages, and set checked_on."),
        (wanting.overdue, "that nobody has looked at for half a year", "Look at their pages, and set checked_on."),
        (wanting.stored, "read in stored copies only", "Look at the live pages, then set checked to at_source."),
        (wanting.missing, "with neither a number nor a site", "docs/operations.md says how to complete them."),
    )
    return [_advice(f"Helplines {what}: {_counted(names)}. {do}") for names, what, do in said if names]


def _counted(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:SHOWN])
    return f"{len(names)} ({shown}{' and more' if len(names) > SHOWN else ''})"


def _services(health: Health, *, queue_answers: bool) -> Iterator[Finding]:
    if not health.database:
        yield _fault("The database does not answer. Start PostgreSQL, or mend DATABASE_URL.")
    elif not health.migrations:
        yield _fault("The database is at another revision than the program. Run `db upgrade`.")
    if not queue_answers:
        yield _fault("The queue does not answer. Mail still goes out; start Redis or Valkey, or mend REDIS_URL.")


def _settings(settings: Settings) -> Iterator[Finding]:
    if settings.mail_url.get_secret_value() == "null:":
        yield _fault("MAIL_URL is not set: no mail leaves. Set it to smtp://user:password@host:587?tls=starttls")
    yield from _names(settings)
    if settings.environment != "production":
        return
    if not settings.is_https:
        yield _fault("BASE_URL does not begin with https://. Sign-ins and calendars could be read on their way.")
    if settings.mail_from == UNSET_SENDER:
        yield _fault("MAIL_FROM is not set. Choose a neutral address that can receive mail.")
    if settings.calendar_host == UNSET_HOST:
        yield _advice(
            "CALENDAR_HOST is not set. Set it before the first calendar is subscribed to, and never change it."
        )
    if not settings.mail_server:
        yield _advice("MAIL_SERVER is not set: an answer with a faked sender is told by its address alone.")


def _names(settings: Settings) -> Iterator[Finding]:
    """What is read over somebody's shoulder: tabs, names and ids of calendars, senders of mail (domain.md, invariant 6)."""
    for name in ("site_name", "calendar_name", "calendar_host", "mail_from"):
        told = betrayals(getattr(settings, name))
        if told:
            yield _advice(
                f"{name.upper()} says “{told[0]}”, and others can read it on members' screens. Choose neutral words."
            )


def _jobs(health: Health) -> Iterator[Finding]:
    for name in HAVE_TO_RUN:
        ago = health.ran.get(name)
        if ago is None or ago >= JOBS_REST_AT_MOST:
            when = f"for {_span(ago)}" if ago else "yet"
            yield _fault(f"The job “{name}” has not run {when}. Start a worker; nothing is lost.")


def _erasure(health: Health) -> Iterator[Finding]:
    if health.unerased >= ERASED_WITHIN:
        yield _fault(
            f"An account was deleted {_span(health.unerased)} ago and is not erased yet. Look for job_failed in the log."
        )


def _mail(session: Session, health: Health) -> Iterator[Finding]:
    if not health.mail:
        yield _fault("The mail server refuses us, and the sender rests. Mend MAIL_URL, then run `mail resume`.")
    if health.waits >= MAIL_WAITS_AT_MOST:
        yield _fault(
            f"Mail that is due has been waiting for {_span(health.waits)}. Look at MAIL_URL and at the workers."
        )
    by_state: dict[DeliveryState, int] = {}
    for (_, state), rows in counts(session).items():
        by_state[state] = by_state.get(state, 0) + rows
    failed = by_state.get(DeliveryState.FAILED, 0)
    if failed:
        reasons = ", ".join(sorted({letter.why for letter in dead_letters(session)}))
        yield _advice(f"Messages that failed in 30 days: {failed} ({reasons}). /admin shows them.")
    if by_state.get(DeliveryState.EXPIRED, 0) >= MUCH:
        yield _advice(
            f"Messages that came too late in 30 days: {by_state[DeliveryState.EXPIRED]}. Were the workers away?"
        )
    forged = inbound_counts(session).get("forged", 0)
    if forged >= MUCH:
        yield _advice(f"Answers by mail from somebody else than was asked: {forged}. They changed nothing.")


def _zone_data(health: Health) -> Iterator[Finding]:
    theirs, ours = as_numbers(health.dates_tzdata), as_numbers(tzdata_version())
    if theirs < ours:
        yield _advice("The dates follow older zone data than ours. The planner derives them anew within a minute.")
    if theirs > ours:
        yield _advice("The dates follow newer zone data than ours. Upgrade, or go back with `occurrences rebuild`.")


def _span(time: timedelta) -> str:
    minutes = int(time.total_seconds()) // 60
    return f"{minutes} minutes" if minutes > 1 else f"{int(time.total_seconds())} seconds"


def _fault(sentence: str) -> Finding:
    return Finding(Gravity.FAULT, sentence)


def _advice(sentence: str) -> Finding:
    return Finding(Gravity.ADVICE, sentence)
