"""`mail receive`: take one incoming mail from standard input."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from groupsite.cli.outcome import refusals_are_told
from groupsite.extensions import db
from groupsite.formats.incoming import LARGEST_MAIL
from groupsite.services import inbound
from groupsite.web.clock import now

commands = AppGroup("mail", help="Incoming mail.")


@commands.command("receive")
@click.option("--recipient", default="", help="The envelope's recipient, if the mail server tells it.")
@refusals_are_told
def receive(recipient: str) -> None:
    """Take the mail on standard input: an answer from a calendar program, or a wish to stop.

    Says how it ended, and never whose it was.

    The exit code is 0 for any mail, so that no mail server sends a bounce or tries again.
    """
    raw = sys.stdin.buffer.read(LARGEST_MAIL + 1)
    outcome = inbound.receive(
        db.session(),
        raw,
        current_app.extensions["groupsite.vault"],
        sent_to=recipient,
        trusted_server=current_app.extensions["groupsite.settings"].mail_server,
        now=now(),
    )
    db.session.commit()
    click.echo(outcome.value)
