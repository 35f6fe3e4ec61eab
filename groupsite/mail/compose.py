"""Words of a mail: templates/email/<kind>/{subject.txt,preheader.txt,body.txt,body.html} in a frame, filled from plain values.

Mails that say the same to many people are rendered once; what is each person's own is put into its place afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "email"
RENDERINGS_KEPT = 256
MARK = "\ue000{}\ue001"
"""Stands for an address of one person's own; private characters, which no template and no address has."""
SEVERAL = "_several"
"""The kind of a mail that carries several."""
BETWEEN_TEXTS = "\n\n\n"


@dataclass(frozen=True, slots=True)
class Part:
    """What one mail has to say: `said` is what others are told too, hashable; `own` the addresses that are one person's alone,

    which may be empty.
    """

    kind: str
    said: Mapping[str, object]
    own: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Words:
    """`preheader` is what a list of mails or a locked screen shows after the subject."""

    subject: str
    preheader: str
    text: str
    html: str


def compose(part: Part, stops: Mapping[str, str]) -> Words:
    """A mail that says one thing; `stops` are the addresses that stop it, `stop` and `stop_all`.

    Raises jinja2.UndefinedError when a template names what was not said.
    """
    own = {**part.own, **stops}
    marked = frozenset(name for name, address in own.items() if address)
    return _with_own(_letter(part.kind, frozenset(part.said.items()), marked, frozenset(own) - marked), own)


def compose_several(parts: Sequence[Part], stops: Mapping[str, str]) -> Words:
    """One mail that says all of this, in this order."""
    sections = [_section(one, "h2") for one in parts]
    values = {"title": parts[0].said["title"], "more": len(parts) - 1, "lines": [one.preheader for one in sections]}
    subject, preheader = (_rendered(f"{SEVERAL}/{name}", values) for name in ("subject.txt", "preheader.txt"))
    texts, htmls = [one.text for one in sections], [one.html for one in sections]
    return _framed(Words(subject, preheader, BETWEEN_TEXTS.join(texts), "\n<hr>\n".join(htmls)), stops)


@lru_cache(maxsize=RENDERINGS_KEPT)
def _letter(kind: str, said: frozenset[tuple[str, object]], marked: frozenset[str], empty: frozenset[str]) -> Words:
    """The whole mail, with marks where each person's own addresses stand."""
    own = {name: MARK.format(name) for name in marked} | dict.fromkeys(empty, "")
    return _framed(_section(Part(kind, dict(said), own), "h1"), own)


def _section(part: Part, heading: str) -> Words:
    """Without a frame."""
    values = {**part.said, **part.own, "heading": heading}
    names = ("subject.txt", "preheader.txt", "body.txt", "body.html")
    subject, preheader, text, html = (_rendered(f"{part.kind}/{name}", values) for name in names)
    return Words(" ".join(subject.split()), " ".join(preheader.split()), text, html)


def _framed(words: Words, stops: Mapping[str, str]) -> Words:
    shared = {"subject": words.subject, "preheader": words.preheader, **stops}
    text = _rendered("_parts/frame.txt", shared | {"words": words.text})
    # templates of the same kind made it, and they escape what people wrote
    rendered = Markup(words.html)  # noqa: S704  # nosec B704
    html = _rendered("_parts/frame.html", shared | {"words": rendered})
    return Words(words.subject, words.preheader, text + "\n", html + "\n")


def _with_own(words: Words, own: Mapping[str, str]) -> Words:
    text, html = words.text, words.html
    for name, address in own.items():
        text, html = text.replace(MARK.format(name), address), html.replace(MARK.format(name), escape(address))
    return Words(words.subject, words.preheader, text, html)


def _rendered(template: str, values: Mapping[str, object]) -> str:
    return _environment().get_template(template).render(values).strip()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
