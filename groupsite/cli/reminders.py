"""`reminders preview`: what would be sent in a span of time, changing nothing."""

import json
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from groupsite.cli.outcome import refusals_are_told
from groupsite.domain.errors import InvalidInput
from groupsite.extensions import db
from groupsite.services.foresight import Foreseen, foresee
from groupsite.tasks.jobs import desk_of

commands = AppGroup("reminders", help="Mail about dates to come.")


@commands.command("preview")
@click.option("--from", "begin", required=True, help="ISO moment, such as 2026-11-24T00:00Z.")
@click.option("--to", "end", required=True, help="ISO moment, not included.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list in place of lines.")
@refusals_are_told
def preview(begin: str, end: str, as_json: bool) -> None:  # noqa: FBT001  click hands over flags by name
    """Print what would be sent from --from up to --to."""
    found = foresee(db.session(), _moment("--from", begin), _moment("--to", end), desk_of(current_app))
    lines = [_told(one) for one in found]
    db.session.rollback()
    if as_json:
        click.echo(json.dumps(lines, indent=1))
        return
    for line in lines:
        click.echo(f"{line['send_at']}  {line['account_id']}  {line['occurrence_start']}  {line['subject']}")


def _moment(option: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(option, "This is not an ISO moment such as 2026-11-24T00:00Z.") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _told(one: Foreseen) -> dict[str, str | int]:
    return {
        "account_id": one.account_id,
        "series": one.series,
        "occurrence_start": f"{one.start_utc.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
        "send_at": f"{one.send_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
        "lead_minutes": one.lead_minutes,
        "subject": one.subject,
    }
