"""`doctor`: what is wrong, a line each; exit code 1 if something has to be mended."""

import click
from flask import current_app
from flask.cli import with_appcontext

from groupsite.extensions import db
from groupsite.services.doctor import Gravity, findings, help_findings
from groupsite.web.clock import now
from groupsite.web.operations import examined, queue_answers


@click.command("doctor")
@with_appcontext
def commands() -> None:
    """Say what is wrong with this site, and what to do about it."""
    settings = current_app.extensions["groupsite.settings"]
    found = findings(db.session(), settings, examined(), queue_answers=queue_answers())
    if settings.environment == "production":
        found += help_findings(current_app.extensions["groupsite.help"], now().date())
    for one in found:
        click.echo(f"{one.gravity.value}: {one.sentence}")
    if not found:
        click.echo("Everything is well.")
    raise SystemExit(1 if any(one.gravity is Gravity.FAULT for one in found) else 0)
