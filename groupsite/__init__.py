"""Groupsite: the server that coordinates peer-support groups. `create_app` is its only public name."""

import zoneinfo
from typing import TYPE_CHECKING

# The host's zone files are often stale: the tzdata package alone decides (docs/architecture.md, "Time").
zoneinfo.reset_tzpath(to=())

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask import Flask

    from groupsite.config import Settings

__all__ = ["create_app"]


def create_app(settings: "Settings | None" = None, clock: "Callable[[], datetime] | None" = None) -> "Flask":
    """The WSGI application; settings come from the environment and the time from the system when none are given."""
    from groupsite.app import create_app as build  # noqa: PLC0415  so that pure parts import without Flask

    return build(settings, clock) if clock else build(settings)
