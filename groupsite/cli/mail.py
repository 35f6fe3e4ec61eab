"""`mail receive`: take one incoming mail from standard input; `mail resume`: end a rest of the sender."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from groupsite.cli.outcome import refusals_are_told
from groupsite.extensions import db
from groupsite.formats.incoming import LARGEST_MAIL
from groupsite.services import inbound, sender_pause
from groupsite.web.clock import now

commands = AppGroup("mail", help="Incoming mail, and the sender.")


@commands.command("receive")
@click.option("--recipient", default="", help="The envelope's recipient, if the mail server tells it.")
@refusals_are_told
def receive(recipient: str) -> None:
    """Take the mail on standard input: an answer from a calendar program, a wish to stop, or a mail of ours that came back.

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


@commands.command("resume")
def resume() -> None:
    """Send again at once: what made the sender rest has been put right."""
    was_resting = sender_pause.resume(db.session(), now=now())
    db.session.commit()
    click.echo("What is due goes out with the next tick." if was_resting else "The sender was not resting.")
