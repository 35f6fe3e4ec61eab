"""Commands for the people who run the server: callers like the web, with the shell in place of a browser."""

from importlib import import_module

from flask import Flask

FEATURES = ("accounts", "demo", "directory", "doctor", "groups", "mail", "occurrences", "reminders")


def register(app: Flask) -> None:
    """Bind each feature's commands (`flask groups load ...`)."""
    for feature in FEATURES:
        app.cli.add_command(import_module(f"groupsite.cli.{feature}").commands)
