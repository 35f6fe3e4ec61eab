"""`groups load FILE [--dry-run]` and `groups dump SLUG`: the group file in and out."""

from pathlib import Path

import click
from flask.cli import AppGroup

from groupsite.cli.outcome import refusals_are_told
from groupsite.domain.errors import NotFound
from groupsite.domain.permissions import VISITOR
from groupsite.extensions import db
from groupsite.formats import group_file
from groupsite.formats.group_file_values import GroupFile
from groupsite.formats.json_reader import read_limited
from groupsite.services import group_files
from groupsite.web.clock import now

commands = AppGroup("groups", help="Groups as files.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def read(file: Path) -> GroupFile:
    """The values in a group file. Raises InvalidFile; a file that is too large is refused before it is parsed."""
    with file.open("rb") as stream:
        return group_file.parse(read_limited(stream))


@commands.command("load")
@click.argument("file", type=FILE)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@refusals_are_told
def load(file: Path, dry_run: bool) -> None:  # noqa: FBT001  click hands over flags by name
    """Bring groups to what FILE says. Loading the same file twice changes nothing."""
    for one in group_files.load(db.session(), VISITOR, read(file), now=now()):
        click.echo(
            f"{one.slug}: {one.outcome}" + "".join(f"; {slug} is not in the file and stays" for slug in one.kept)
        )
    if dry_run:
        db.session.rollback()
        click.echo("Nothing was stored: this was a dry run.")
    else:
        db.session.commit()


@commands.command("dump")
@click.argument("slug")
@refusals_are_told
def dump(slug: str) -> None:
    """Print the group SLUG as a group file."""
    document = group_files.dump(db.session(), slug)
    if document is None:
        raise NotFound(f"There is no group with the slug {slug!r}.")
    click.echo(document.decode(), nl=False)
