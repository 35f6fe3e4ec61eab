"""How a command says no: one line on standard error, exit code 1, nothing stored."""

import functools
from collections.abc import Callable
from typing import ParamSpec

import click

from groupsite.domain.errors import DomainError
from groupsite.extensions import db

Arguments = ParamSpec("Arguments")


def refusals_are_told(command: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Turn a refusal of the domain into its message and exit code 1; the transaction is rolled back."""

    @functools.wraps(command)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except DomainError as error:
            db.session.rollback()
            click.echo(error.message, err=True)
            raise SystemExit(1) from None

    return run
