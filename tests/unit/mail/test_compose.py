"""Words that many are told are rendered once; what is each person's own is put in for each."""

import pytest
from jinja2 import UndefinedError

from groupsite.mail.compose import Part, Words, compose, compose_several

SAID = {"title": "Library hour", "link": ""}


def invite(stop: str) -> Words:
    return compose(Part("invite", SAID, {}), {"stop": stop, "stop_all": stop})


def test_each_person_reads_her_own_addresses() -> None:
    mails = [invite(f"https://evenings.example/u/{name}") for name in ("a", "b")]
    assert ["/u/a" in mails[0].text, "/u/b" in mails[0].text] == [True, False]
    assert ["/u/a" in mails[1].html, "/u/b" in mails[1].html] == [False, True]
    assert mails[0].subject == mails[1].subject == "Library hour: dates for your calendar"


def test_address_that_is_empty_leaves_its_line_out() -> None:
    assert "Stop" not in invite("").text


def test_markup_in_an_address_stays_text() -> None:
    assert "mailto:a@b?x=1&amp;y=2" in invite("mailto:a@b?x=1&y=2").html


def test_markup_in_words_stays_text_in_one_mail_and_in_several() -> None:
    part = Part("invite", SAID | {"title": "<b>Hour</b>"}, {})
    for words in (
        compose(part, {"stop": "", "stop_all": ""}),
        compose_several([part, part], {"stop": "", "stop_all": ""}),
    ):
        assert "<b>" not in words.html
        assert "&lt;b&gt;Hour" in words.html


def test_first_words_are_hidden_in_front_of_all_others() -> None:
    words = invite("")
    assert words.html.split("<body>")[1].split(">")[1].startswith(words.preheader)
    assert words.preheader == "For your calendar, as you asked."


def test_words_that_are_missing_are_an_error() -> None:
    with pytest.raises(UndefinedError):
        compose(Part("invite", {"title": "Library hour"}, {}), {"stop": "", "stop_all": ""})


def test_mail_about_several_groups_says_how_to_stop_all() -> None:
    part, stop_all = Part("invite", SAID, {}), "https://evenings.example/u/a/all"
    words = compose_several([part, part], {"stop": "", "stop_all": stop_all})
    assert [stop_all in words.text, stop_all in words.html] == [True, True]
    assert ["Stop these notes" in words.text, "Stop these notes" in words.html] == [False, False]
