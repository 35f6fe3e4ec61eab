"""Numbers of the site as Prometheus reads them (text format 0.0.4): counts and ages, nothing about anybody."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from groupsite.queries.outbox_state import counts, inbound_counts
from groupsite.services.health import Health


def metrics_text(session: Session, health: Health, *, queue_answers: bool) -> str:
    """Every metric with its help. Where the database is away only what is known without it."""
    lines = [*_checks(health, queue_answers=queue_answers)]
    if health.migrations:
        lines += [*_ages(health), *_counts(session)]
    return "\n".join(lines) + "\n"


def _checks(health: Health, *, queue_answers: bool) -> Iterator[str]:
    yield from _head("groupsite_check", "gauge", "1 if this check of /readyz holds.")
    checks = health.checks | {"queue": queue_answers}
    yield from (f'groupsite_check{{check="{name}"}} {int(holds)}' for name, holds in checks.items())


def _ages(health: Health) -> Iterator[str]:
    yield from _head("groupsite_job_age_seconds", "gauge", "Since when this job has not run to its end.")
    yield from (
        f'groupsite_job_age_seconds{{job="{name}"}} {age.total_seconds():.0f}' for name, age in health.ran.items()
    )
    yield from _head(
        "groupsite_mail_waits_seconds", "gauge", "How long the oldest message that is due has been waiting."
    )
    yield f"groupsite_mail_waits_seconds {health.waits.total_seconds():.0f}"


def _counts(session: Session) -> Iterator[str]:
    yield from _head("groupsite_deliveries", "gauge", "Messages of the last 30 days.")
    for (kind, state), rows in sorted(counts(session).items()):
        yield f'groupsite_deliveries{{kind="{kind}",state="{state}"}} {rows}'
    yield from _head("groupsite_inbound_mails_total", "counter", "Incoming mails by how they ended.")
    for outcome, mails in sorted(inbound_counts(session).items()):
        yield f'groupsite_inbound_mails_total{{outcome="{outcome}"}} {mails}'


def _head(name: str, kind: str, words: str) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {kind}"
