"""`mail receive`: take one incoming mail from standard input; `mail resume`: end a rest of the sender."""

import os
import sys

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from groupsite.extensions import db
from groupsite.formats.incoming import LARGEST_MAIL
from groupsite.logging import get_logger
from groupsite.services import inbound, sender_pause
from groupsite.services.inbound import Outcome
from groupsite.web.clock import now

DATABASE_IS_AWAY = (OperationalError, InterfaceError, NoConnection)

commands = AppGroup("mail", help="Incoming mail, and the sender.")


@commands.command("receive")
@click.option("--recipient", default="", help="The envelope's recipient, if the mail server tells it.")
def receive(recipient: str) -> None:
    """Take the mail on standard input: an answer from a calendar program, a wish to stop, or a mail of ours that came back.

    Says how it ended, and never whose it was.

    The exit code is 0 for any mail, so that no mail server sends a bounce. It is 75 while the database is away: then the mail
    server keeps the mail and hands it in again.
    """
    raw = sys.stdin.buffer.read(LARGEST_MAIL + 1)
    try:
        outcome = _taken(raw, recipient)
    except DATABASE_IS_AWAY:
        click.echo("The database does not answer. Nothing was taken: the mail is to be handed in again.", err=True)
        raise SystemExit(os.EX_TEMPFAIL) from None
    click.echo(outcome.value)


def _taken(raw: bytes, recipient: str) -> Outcome:
    try:
        outcome = inbound.receive(
            db.session(),
            raw,
            current_app.extensions["groupsite.vault"],
            sent_to=recipient,
            trusted_server=current_app.extensions["groupsite.settings"].mail_server,
            now=now(),
        )
        db.session.commit()
    except DATABASE_IS_AWAY:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, the sender is not to hear of it
        return _stumbled(error)
    return outcome


def _stumbled(error: Exception) -> Outcome:
    db.session.rollback()
    get_logger().error("mail_failed", error=type(error).__name__)
    inbound.count(db.session(), Outcome.UNREADABLE, now=now())
    db.session.commit()
    return Outcome.UNREADABLE


@commands.command("resume")
def resume() -> None:
    """Send again at once: what made the sender rest has been put right."""
    was_resting = sender_pause.resume(db.session(), now=now())
    db.session.commit()
    click.echo("What is due goes out with the next tick." if was_resting else "The sender was not resting.")
