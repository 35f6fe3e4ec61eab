"""Words that many are told are rendered once; what is each person's own is put in for each."""

import pytest
from jinja2 import UndefinedError

from groupsite.mail.compose import compose

SAID = {"title": "Library hour", "link": ""}


def test_each_person_reads_her_own_addresses() -> None:
    mails = [compose("invite", SAID, {"stop": f"https://evenings.example/u/{name}"}) for name in ("a", "b")]
    assert ["/u/a" in mails[0].text, "/u/b" in mails[0].text] == [True, False]
    assert ["/u/a" in mails[1].html, "/u/b" in mails[1].html] == [False, True]
    assert mails[0].subject == mails[1].subject == "Library hour: dates for your calendar"


def test_address_that_is_empty_leaves_its_line_out() -> None:
    assert "Stop" not in compose("invite", SAID, {"stop": ""}).text


def test_markup_in_an_address_stays_text() -> None:
    assert "mailto:a@b?x=1&amp;y=2" in compose("invite", SAID, {"stop": "mailto:a@b?x=1&y=2"}).html


def test_words_that_are_missing_are_an_error() -> None:
    with pytest.raises(UndefinedError):
        compose("invite", {"title": "Library hour"}, {"stop": ""})
