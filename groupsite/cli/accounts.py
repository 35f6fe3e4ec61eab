"""`accounts create --admin`: the first account of a site."""

import click
from flask.cli import AppGroup

from groupsite.cli.outcome import refusals_are_told
from groupsite.extensions import db
from groupsite.services import accounts
from groupsite.web.clock import now

commands = AppGroup("accounts", help="Accounts of the people who run the site.")


@commands.command("create")
@click.option("--admin", is_flag=True, help="May look after the site.")
@click.option("--login", prompt="Sign-in name")
@click.password_option(prompt="Password")
@refusals_are_told
def create(admin: bool, login: str, password: str) -> None:  # noqa: FBT001  click hands over flags by name
    """Open an account; its owner says by this to be 18 or older."""
    account = accounts.create(db.session(), login=login, password=password, is_adult=True, now=now())
    account.is_admin = admin
    db.session.commit()
    click.echo(f"The account {account.login} is open.")
