"""What comes back, in the forms that mail programs write it in; and whatever else arrives."""

import logging
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupsite.domain.bounces import Fault
from groupsite.formats.bounce import read
from groupsite.formats.incoming import LARGEST_MAIL, TooLarge, Unreadable

MAILS = Path(__file__).parents[2] / "data" / "bounces"
OURS = ("notes+btoken@evenings.example",)
FAULTS = {
    "postfix_unknown_user": Fault.ADDRESS,
    "postfix_mailbox_full": Fault.MAILBOX,
    "postfix_gave_up": Fault.MAILBOX,
    "postfix_delayed": None,
    "postfix_spam": Fault.POLICY,
    "postfix_no_such_domain": Fault.MAILBOX,
    "gmail_unknown_user": Fault.ADDRESS,
    "gmail_policy": Fault.POLICY,
    "outlook_not_found": Fault.ADDRESS,
    "exchange_quota": Fault.MAILBOX,
    "exim_report": Fault.ADDRESS,
    "exim_text": Fault.ADDRESS,
    "qmail_unknown_user": Fault.ADDRESS,
    "qmail_refused": Fault.POLICY,
    "qmail_says_nothing": Fault.MAILBOX,
    "forwarded_to_two": Fault.MAILBOX,
    "relayed": None,
    "bounce_of_a_bounce": None,
    "out_of_office": None,
    "yahoo_complaint": Fault.COMPLAINT,
    "complaint_with_copy_only": Fault.COMPLAINT,
    "complaint_taken_back": None,
    "complaint_about_sign": Fault.POLICY,
    "complaint_about_nothing_of_ours": Fault.COMPLAINT,
}


def mail(name: str) -> bytes:
    return (MAILS / f"{name}.eml").read_bytes()


def test_every_mail_of_the_collection_is_read() -> None:
    assert {path.stem for path in MAILS.iterdir()} == set(FAULTS)


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_fault_is_read_from(name: str, line_end: bytes) -> None:
    assert read(mail(name).replace(b"\n", line_end)).fault is FAULTS[name]


@pytest.mark.parametrize("name", ["yahoo_complaint", "complaint_with_copy_only"])
def test_complaint_says_which_mail_it_is_about(name: str) -> None:
    assert read(mail(name)).return_paths == OURS


def test_complaint_with_headers_only_says_it_too() -> None:
    short = mail("complaint_with_copy_only").replace(b"message/rfc822", b"text/rfc822-headers")
    assert read(short).return_paths == OURS


def test_report_without_the_copy_is_read() -> None:
    whole = mail("postfix_unknown_user")
    assert read(whole[: whole.index(b"Content-Type: text/rfc822-headers")]).fault is Fault.ADDRESS


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (b"Action: FAILED (permanently)", Fault.ADDRESS),
        (b"Action: error", Fault.ADDRESS),
        (b"Action: delivered", None),
        (b"Action: expanded", None),
        (b"Action: what is this", None),
    ],
)
def test_action_decides_whether_it_failed(written: bytes, fault: Fault | None) -> None:
    assert read(mail("postfix_unknown_user").replace(b"Action: failed", written)).fault is fault


@given(st.binary(max_size=3000))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with suppress(Unreadable, TooLarge):
        assert read(raw).fault in {None, *Fault}


@given(st.sampled_from(sorted(FAULTS)), st.data())
def test_damaged_mail_is_read_or_refused(name: str, data: st.DataObject) -> None:
    whole = mail(name)
    at = data.draw(st.integers(0, len(whole)))
    junk = data.draw(st.binary(max_size=60))
    cut = data.draw(st.integers(at, len(whole)))
    with suppress(Unreadable, TooLarge):
        assert read(whole[:at] + junk + whole[cut:]).fault in {None, *Fault}


def test_too_much_is_refused_unread() -> None:
    with pytest.raises(TooLarge):
        read(b"x" * (LARGEST_MAIL + 1))


def test_library_writes_nothing_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("flufl.bounce").error("it was about charlene@example.org")
    assert caplog.records == []
