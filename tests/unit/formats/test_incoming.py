"""What is read of a mail's headers, and what is not."""

import pytest

from groupsite.formats.incoming import LONGEST_HEADER, MOST_ADDRESSES, TooLarge, Unreadable, read

TOO_LONG = b"x" * LONGEST_HEADER


def mail(*headers: bytes) -> bytes:
    return b"\r\n".join([*headers, b"", b"Hello"])


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        (b"Marisol <Marisol@Example.org>", "marisol@example.org"),
        (b"marisol@example.org", "marisol@example.org"),
        (b"=?utf-8?q?M=C3=A1risol?= <marisol@example.org>", "marisol@example.org"),
        (b'"Day, Marisol"\r\n <marisol@example.org>', "marisol@example.org"),
        (b"marisol@example.org, him@example.org", ""),
        (b"marisol@example.org)him@example.org", ""),
        (b"marisol@example.org<him@example.org>", ""),
        (b"marisol@example.org\r\nFrom: him@example.org", ""),
        (b"", ""),
    ],
)
def test_sender_is_the_only_one_or_nobody(written: bytes, sender: str) -> None:
    assert read(mail(b"From: " + written)).sender == sender


@pytest.mark.parametrize("name", [b"From", b"Authentication-Results"])
def test_sender_who_cannot_be_told_is_unreadable(name: bytes) -> None:
    """Our own mail server's verdict could be pushed out of sight by a long enough sender."""
    with pytest.raises(Unreadable):
        read(mail(name + b": " + TOO_LONG + b"x"))


def test_other_long_headers_say_nothing() -> None:
    found = read(
        mail(
            b"From: a@example.org", b"To: notes+one@x, " + TOO_LONG, b"Cc: notes+two@x", b"Subject: " + TOO_LONG + b"x"
        )
    )
    assert (found.sender, found.roles, found.subject) == ("a@example.org", ("two",), "")


def test_only_the_first_recipients_count_and_each_once() -> None:
    many = [b"To: " + b", ".join(b"notes+%d@x" % one for one in range(100)), *[b"Delivered-To: notes+a@x"] * 5]
    assert read(mail(*many)).roles[:2] == ("a", "0")
    assert len(read(mail(*many)).roles) < MOST_ADDRESSES
    assert read(mail(*many), sent_to="notes+envelope@x").roles[0] == "envelope"


def test_subject_is_read_as_it_was_meant() -> None:
    assert read(mail(b"Subject: =?utf-8?q?caf=C3=A9?= token")).subject == "café token"
    assert read(mail(b"Subject: =?no-such?q?a?= token")).subject == "=?no-such?q?a?= token"


def test_mail_that_often_speaks_of_boundaries_is_read() -> None:
    assert read(mail(b"From: a@example.org") + b" boundary" * 1000).sender == "a@example.org"


def test_more_parts_than_a_mail_has_are_refused() -> None:
    with pytest.raises(TooLarge):
        read(b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\nx\n" * 200)
