"""`directory import` and `directory export`: listings in the field's open format."""

from collections import Counter
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from groupsite.cli.groups import FILE
from groupsite.cli.outcome import refusals_are_told
from groupsite.domain.permissions import VISITOR
from groupsite.extensions import db
from groupsite.formats import meeting_guide
from groupsite.formats.json_reader import read_limited
from groupsite.services import directory
from groupsite.services.listings import listings
from groupsite.web.clock import now

commands = AppGroup("directory", help="Listings from other directories and for them.")
FORMAT = click.option("--format", "_format", type=click.Choice(["meeting-guide"]), required=True)


@commands.command("import")
@click.argument("file", type=FILE)
@FORMAT
@click.option("--apply", "is_applied", is_flag=True, help="Store it; without this the plan is only printed.")
@click.option("--timezone", default="", help="For meetings that name none.")
@refusals_are_told
def bring_in(file: Path, _format: str, is_applied: bool, timezone: str) -> None:  # noqa: FBT001  click's way
    """Print what would become of each meeting in FILE; with --apply, do it."""
    with file.open("rb") as stream:
        entries = meeting_guide.parse(read_limited(stream), default_timezone=timezone)
    lines = directory.bring_in(db.session(), VISITOR, entries, now=now())
    for line in lines:
        click.echo(f"{line.verdict:<10} {line.slug}" + "".join(f"\n           {note}" for note in line.notes))
    counts = Counter(line.verdict for line in lines)
    click.echo("\n" + ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())))
    if is_applied:
        db.session.commit()
    else:
        db.session.rollback()
        click.echo("Nothing was stored. Add --apply to store it.")


@commands.command("export")
@FORMAT
def give_out(_format: str) -> None:
    """Print our weekly meetings as Meeting Guide JSON."""
    found = listings(db.session(), now=now())
    base_url: str = current_app.extensions["groupsite.settings"].base_url
    document = meeting_guide.write(
        (one for one, _ in found), base_url=base_url, pages={one.slug: page for one, page in found}
    )
    db.session.rollback()
    click.echo(document.decode(), nl=False)
