"""The file of helplines: JSON with countries and their entries. One ships beside this module; operators may have their own.

A number is taken only together with the page that it was read on, the day, and how: whoever dials trusts us.
"""

from importlib.resources import files

from groupsite.domain.help_lines import Checked, HelpBook, HelpCountry, HelpKind, HelpLine
from groupsite.formats.json_fields import Fields
from groupsite.formats.json_reader import Problems, load
from groupsite.formats.json_values import DATE, URL, matching, text, word

SHIPPED = "help_lines.json"
MOST_COUNTRIES = 300
MOST_LINES = 40
CODE = matching(r"[A-Z]{2}", 2, "two capital letters such as GB (ISO 3166-1)")
NUMBER = matching(r"[0-9+*#(][0-9+*#(). \-]*", 40, "a number as people dial it, such as 116 123")
TEXT_TO = matching(
    r"[^<>]*[0-9][^<>]*", 60, "a number to text, and what to write if that matters, such as START to 88788"
)
SOURCE = matching(r"https?://[^\s<>\"\\]+", 500, "the whole address of a page")
ORDER = list(HelpKind)


def shipped() -> bytes:
    """The file that comes with the program."""
    return files("groupsite.formats").joinpath(SHIPPED).read_bytes()


def parse(raw: bytes) -> HelpBook:
    """The countries of the file, by name. Raises InvalidFile with everything that is wrong in it."""
    problems = Problems()
    root = Fields(load(raw), "", problems)
    countries = [_country(fields) for fields in root.objects("countries", MOST_COUNTRIES)]
    root.raw("about")
    root.finish()
    _refuse_twice(root, countries)
    problems.stop_if_any()
    return HelpBook(tuple(sorted(countries, key=lambda one: one.name)))


def _refuse_twice(root: Fields, countries: list[HelpCountry]) -> None:
    codes = [one.code for one in countries if one.code]
    if not codes:
        root.refuse("countries", "There must be at least one country.")
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        root.refuse("countries", f"The country {code} stands here twice.")


def _country(fields: Fields) -> HelpCountry:
    code, name = fields.need("code", CODE), fields.need("name", text(60))
    lines = [_line(one) for one in fields.objects("lines", MOST_LINES)]
    if not any(line.kind is HelpKind.EMERGENCY for line in lines):
        fields.refuse("lines", "There must be an entry of the kind emergency; it may be one without a number.")
    fields.finish()
    return HelpCountry(code, name, tuple(sorted(lines, key=lambda line: ORDER.index(line.kind))))


def _line(fields: Fields) -> HelpLine:
    line = HelpLine(
        kind=fields.need("kind", word(HelpKind)),
        name=fields.need("name", text(120)),
        phone=fields.given("phone", NUMBER, ""),
        sms=fields.given("sms", TEXT_TO, ""),
        hours=fields.given("hours", text(120), ""),
        note=fields.given("note", text(300), ""),
        site=fields.given("site", URL, ""),
        source=fields.given("source", SOURCE, ""),
        checked_on=fields.given("checked_on", DATE, None),
        checked=fields.given("checked", word(Checked), None),
    )
    if line.has_number or line.site:
        for key in ("source", "checked_on", "checked"):
            if not fields.raw(key):
                fields.refuse(
                    key, "This is missing. A number or a site is shown only with its source, the day, and how."
                )
    fields.finish()
    return line
