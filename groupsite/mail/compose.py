"""Words of a mail: templates/email/<kind>/{subject.txt,body.txt,body.html}, filled from plain values.

Mails that say the same to many people are rendered once; what is each person's own is put into its place afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "email"
RENDERINGS_KEPT = 256
MARK = "\ue000{}\ue001"
"""Stands for an address of one person's own; private characters, which no template and no address has."""


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    text: str
    html: str


def compose(kind: str, said: Mapping[str, object], own: Mapping[str, str]) -> Words:
    """The three parts of a mail of this kind. `said` holds what others are told too, hashable; `own` the addresses that are one

    person's alone, which may be empty. Raises jinja2.UndefinedError when a template names what was not said.
    """
    marked = frozenset(name for name, address in own.items() if address)
    empty = frozenset(own.keys() - marked)
    words = _rendered(kind, frozenset(said.items()), marked, empty)
    in_html = {name: escape(address) for name, address in own.items()}
    return Words(words.subject, _with_own(words.text, own, marked), _with_own(words.html, in_html, marked))


@lru_cache(maxsize=RENDERINGS_KEPT)
def _rendered(kind: str, said: frozenset[tuple[str, object]], marked: frozenset[str], empty: frozenset[str]) -> Words:
    values = dict(said) | {name: MARK.format(name) for name in marked} | dict.fromkeys(empty, "")
    parts = (
        _environment().get_template(f"{kind}/{part}").render(values)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    subject, text, html = parts
    return Words(" ".join(subject.split()), text.strip() + "\n", html.strip() + "\n")


def _with_own(text: str, own: Mapping[str, str], marked: frozenset[str]) -> str:
    for name in marked:
        text = text.replace(MARK.format(name), own[name])
    return text


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
