"""`occurrences rebuild`: the read model of dates, derived anew."""

import click
from flask.cli import AppGroup

from groupsite.extensions import db
from groupsite.services.occurrences import rebuild
from groupsite.web.clock import now

commands = AppGroup("occurrences", help="The dates that follow from the series.")


@commands.command("rebuild")
def rebuild_dates() -> None:
    """Derive every date from three months back to thirteen ahead; what was right stays untouched."""
    count = rebuild(db.session(), now=now())
    db.session.commit()
    click.echo(f"{count} dates are in place.")
