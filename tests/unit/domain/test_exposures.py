from datetime import date, datetime, timedelta
from datetime import time as hour

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupsite.domain.exposures import Exposure, in_display_name, in_words

TELEPHONE, EMAIL, FULL_NAME = ({one} for one in (Exposure.TELEPHONE, Exposure.EMAIL, Exposure.FULL_NAME))


@pytest.mark.parametrize(
    "number",
    [
        "+44 20 7946 0958", "020 7946 0958", "+1 (212) 555-0187", "212-555-0187", "(212) 555 0187", "212.555.0187", "555-0187",
        "06 12 34 56 78", "06.12.34.56.78", "0171 / 123 45 67", "+49 171 1234567", "00491711234567", "612 345 678", "5550187",
        "+61 4 1234 5678", "+91 98765 43210", "090-1234-5678", "+64 21 123 456", "+52 55 1234 5678", "(020) 79460958",
        "+47\u00a0901\u00a023\u00a0456", "0770\u20119001234",
    ],
)  # fmt: skip
def test_telephone_number_is_seen_in_whatever_country(number: str) -> None:
    for text in (number, f"You can call me: {number}.", f"Call {number}, or write", f"({number})"):
        assert in_words(text) == TELEPHONE


@pytest.mark.parametrize(
    "text",
    [
        "From 19:00 to 20:30, or 19.00-20.30", "19h30", "1900-2030", "Since 1998-2026", "2024 2025 2026", "24.11.2026 19.30",
        "2026-11-24T19:00", "11/24/2026", "24-11-2026", "pages 12-14 and 112-118", "p. 1065-1089", "pp 1165 1189",
        "Steps 1 2 3 4 5 6 7 8 9 10 11 12", "Step 1-2-3-4-5-6-7-8-9-10-11-12", "10 11 12 13 14", "1 000 000", "2.500.000",
        "1,500,000", "978-3-16-148410-0", "90210", "I counted to 100, 200, 300.", "3 times in 14 days and 2 nights",
        "Genesis 12:1-3, 15:6", "room 12/14, floor 3", "at 7.30 and 8.15 and 9.45", "30 minutes, 60 minutes, 90 minutes",
    ],
)  # fmt: skip
def test_other_numbers_are_no_telephone_numbers(text: str) -> None:
    assert in_words(text) == frozenset()


@given(
    st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    st.times(),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%y"]),
)
def test_no_date_and_hour_is_a_telephone_number(day: date, at: hour, written: str) -> None:
    moment = datetime.combine(day, at)
    end = moment + timedelta(minutes=90)
    day_and_hours = f"On {moment.strftime(written)} {moment:%H:%M}-{end:%H:%M}"
    text = f"{day_and_hours}, that is {moment:%H.%M}\u2013{end:%H.%M} ({moment:%H%M} {end:%H%M})."
    assert in_words(text) == frozenset()


@given(st.lists(st.integers(0, 99), min_size=1, max_size=20), st.sampled_from([", ", " and ", "; ", " ", "-"]))
def test_no_list_of_small_numbers_is_a_telephone_number(numbers: list[int], sign: str) -> None:
    assert in_words("Steps " + sign.join(map(str, numbers))) == frozenset()


@given(st.integers(1, 9999), st.integers(0, 99), st.sampled_from(["p. ", "pp. ", "page ", "Pages "]))
def test_no_span_of_pages_is_a_telephone_number(first: int, length: int, word: str) -> None:
    assert in_words(f"It is on {word}{first}-{first + length}, and {first}.") == frozenset()


@given(
    st.integers(1, 999).filter(lambda country: country != 0),
    st.integers(10**7, 10**11 - 1),
    st.sampled_from(["", " ", "-", "."]),
)
def test_every_number_with_its_country_is_seen(country: int, number: int, sign: str) -> None:
    digits = str(number)
    blocks = sign.join(digits[start : start + 3] for start in range(0, len(digits), 3))
    assert in_words(f"It is +{country} {blocks}") == TELEPHONE


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.org",
        "write to Ada.L+x@mail.example.co.uk!",
        "<ada@example.org>",
        "ada (at) example.org",
        "ada[at]example.org",
    ],
)
def test_address_is_seen(text: str) -> None:
    assert in_words(text) == EMAIL


@pytest.mark.parametrize("text", ["We met @ the hall.", "a@b", "I was at home. Org is a word.", "me@", "@ada"])
def test_at_sign_alone_is_no_address(text: str) -> None:
    assert in_words(text) == frozenset()


@pytest.mark.parametrize(
    "text", ["I spoke to Anna Schmidt.", "Then José came, and María González.", "Dr. Adeyemi said so", "Mrs Lane"]
)
def test_full_name_in_words_is_seen(text: str) -> None:
    assert in_words(text) == FULL_NAME


@pytest.mark.parametrize(
    "text",
    [
        "Anna said so. I went.", "Tuesday Lantern in New York", "The Twelve Steps and the Serenity Prayer", "I. He. She.",
        "Higher Power", "On Sunday Anna Maria called", "At Al-Anon May came", "ANNA", "Thomas in April",
    ],
)  # fmt: skip
def test_other_capitals_are_no_full_name(text: str) -> None:
    assert in_words(text) == frozenset()


@pytest.mark.parametrize(
    "name", ["Charlie Lane", "anna schmidt", "María José González", "Siobhán O'Neill", "Ali Al-Sayed"]
)
def test_first_and_last_name_is_seen(name: str) -> None:
    assert in_display_name(name) == FULL_NAME


@pytest.mark.parametrize(
    "name",
    [
        "C.",
        "Charlie",
        "Charlie L.",
        "Charlie L",
        "C. L.",
        "Mary-Jane",
        "小明",
        "Charlie of the lake",
        "🌻 Charlie",
        "Dev 2",
    ],
)
def test_first_name_letter_or_made_up_name_is_not_asked_about(name: str) -> None:
    assert in_display_name(name) == frozenset()


def test_contacts_in_a_name_are_seen() -> None:
    assert in_display_name("ada@example.org") == EMAIL
    assert in_display_name("Ada 0770 9001234") == TELEPHONE


@pytest.mark.parametrize(
    "text",
    [
        "1-" * 5000 + "a",
        "1 " * 5000,
        "(" * 10_000,
        "1- " * 3300 + "x",
        "A" * 10_000,
        "Anna " * 2000,
        "a@" * 5000,
        "1.1." * 2500,
    ],
)
def test_number_is_seen_after_long_odd_words(text: str) -> None:
    """Patterns that go back on themselves would not come to an end here."""
    assert in_words(f"{text} +44 20 7946 0958") >= TELEPHONE
