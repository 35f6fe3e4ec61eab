"""Words of a mail: templates/email/<kind>/{subject.txt,body.txt,body.html}, filled from plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "email"


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    text: str
    html: str


def compose(kind: str, said: Mapping[str, object]) -> Words:
    """The three parts of a mail of this kind. Raises jinja2.UndefinedError when a template names what was not said."""
    parts = (
        _environment().get_template(f"{kind}/{part}").render(said) for part in ("subject.txt", "body.txt", "body.html")
    )
    subject, text, html = parts
    return Words(" ".join(subject.split()), text.strip() + "\n", html.strip() + "\n")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
