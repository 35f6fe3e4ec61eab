"""The codes of RFC 6238 (appendix B, SHA-1) and RFC 4226 (appendix D), what is typed for them, and that none is taken twice."""

from datetime import UTC, datetime, timedelta

import pytest

from groupsite.domain.totp import as_address, as_bytes, as_text, code_of, new_secret, step_at, step_of

SECRET = b"12345678901234567890"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HERE = step_at(NOW)


@pytest.mark.parametrize(
    ("second", "eight_digits"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_code_is_that_of_the_standard(second: int, eight_digits: str) -> None:
    assert code_of(SECRET, step_at(datetime.fromtimestamp(second, UTC))) == eight_digits[2:]


def test_first_ten_codes_are_those_of_the_standard() -> None:
    expected = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489"
    assert " ".join(code_of(SECRET, step) for step in range(10)) == expected


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_one_step(steps: int, is_taken: bool) -> None:
    found = step_of(SECRET, code_of(SECRET, HERE + steps), NOW, after=0)
    assert found == (HERE + steps if is_taken else None)


@pytest.mark.parametrize("shape", ["{0}", " {0} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "{0}\u00a0", "\t{0}\n"])
def test_code_taken_once_is_not_taken_in_any_other_shape(shape: str) -> None:
    typed = shape.format(code_of(SECRET, HERE))
    assert step_of(SECRET, typed, NOW, after=HERE - 1) == HERE
    assert step_of(SECRET, typed, NOW, after=HERE) is None


@pytest.mark.parametrize("steps", [-1, 0])
def test_code_of_an_earlier_step_is_not_taken_after_a_later_one(steps: int) -> None:
    assert step_of(SECRET, code_of(SECRET, HERE + steps), NOW, after=HERE) is None


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "0{0}", "{0}0", "+{0}", "１２３４５６", "²²²²²²", "\0{0}"]
)
def test_what_is_not_six_digits_is_no_code(typed: str) -> None:
    assert step_of(SECRET, typed.format(code_of(SECRET, HERE)), NOW, after=0) is None


def test_code_ends_with_its_step() -> None:
    last = NOW + timedelta(seconds=59)
    assert step_of(SECRET, code_of(SECRET, HERE), last, after=0) == HERE
    assert step_of(SECRET, code_of(SECRET, HERE), last + timedelta(seconds=1), after=0) is None


def test_secret_is_written_in_fours_and_read_again() -> None:
    secret = new_secret()
    text = as_text(secret)
    assert (len(secret), {len(four) for four in text.split(" ")}, as_bytes(text)) == (20, {4}, secret)


def test_address_names_the_site_and_the_login() -> None:
    assert as_address(SECRET, issuer="Quiet Evenings", login="a:b") == (
        "otpauth://totp/Quiet%20Evenings:a%3Ab?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Quiet%20Evenings"
        "&digits=6&period=30"
    )
