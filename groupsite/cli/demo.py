"""`demo load FILE` into an empty database, `demo show FILE`: who can sign in to it."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from groupsite.cli.groups import FILE, read
from groupsite.cli.outcome import refusals_are_told
from groupsite.extensions import db
from groupsite.services import demo
from groupsite.web.clock import now

commands = AppGroup("demo", help="Made-up groups with people, to try things out.")


@commands.command("load")
@click.argument("file", type=FILE)
@refusals_are_told
def load(file: Path) -> None:
    """Load the groups and people of FILE into an empty database."""
    document = read(file)
    loaded = demo.load(db.session(), document, now=now(), vault=current_app.extensions["groupsite.vault"])
    db.session.commit()
    click.echo(f"{len(loaded)} groups and {len(demo.sign_ins(document))} people are here.")


@commands.command("show")
@click.argument("file", type=FILE)
@refusals_are_told
def show(file: Path) -> None:
    """Print who can sign in to the demo of FILE."""
    for one in demo.sign_ins(read(file)):
        part = "looks after the site" if one.is_admin else f"runs {one.runs}" if one.runs else "member"
        click.echo(f"  {one.login:<12} {part}")
    click.echo(f"  password for all of them: {demo.PASSWORD}")
