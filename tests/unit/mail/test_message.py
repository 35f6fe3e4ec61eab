"""A message on the wire: one recipient, stable names, and no way to write a header into it."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groupsite.mail.message import Message, to_bytes

PLAIN = Message(
    message_id="0123@dates.invalid",
    date=datetime(2026, 11, 24, 21, 0, tzinfo=UTC),
    sender_name="Dates",
    sender="notes@evenings.example",
    return_path="notes+b0@evenings.example",
    recipient="ada@example.org",
    subject="Library hour today",
    text="19:00\n",
    html="<p>19:00</p>\n",
    unsubscribe=("https://evenings.example/u/token",),
)
QUOTED = '"ada b"@example.org'
HOSTILE = ["Ada\r\nBcc: all@example.org", "Ada\nSubject: x", "Ada\x00", "Ada\u2028Bcc: all@example.org", "Ada\u0085b"]


def read(message: Message) -> EmailMessage:
    return message_from_bytes(to_bytes(message), policy=policy.default)


def test_headers_name_one_recipient_and_how_to_stop() -> None:
    mail = read(PLAIN)
    assert mail["To"] == "ada@example.org"
    assert mail["Message-ID"] == "<0123@dates.invalid>"
    assert mail["Date"] == "Tue, 24 Nov 2026 21:00:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<https://evenings.example/u/token>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_begin_no_header(hostile: str) -> None:
    mail = read(replace(PLAIN, subject=hostile, sender_name=hostile))
    assert sorted(mail.keys()) == sorted(read(PLAIN).keys())
    assert mail["Bcc"] is None
    assert len(mail["From"].addresses) == 1


@pytest.mark.parametrize("hostile", ["ada@example.org\r\nBcc: all@example.org", "ada@example.org, all@example.org"])
def test_second_recipient_is_refused(hostile: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        to_bytes(replace(PLAIN, recipient=hostile))


def test_invite_carries_the_calendar_inside_and_as_a_file() -> None:
    mail = read(replace(PLAIN, calendar=b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", method="REQUEST"))
    types = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert types == ["text/plain", "text/html", "text/calendar", "application/ics"]


def test_lines_keep_to_their_length() -> None:
    long = "Bücherstunde über die Brücke " * 8
    stops = ("https://evenings.example/u/" + "t" * 43, "mailto:notes+stop@evenings.example")
    message = replace(PLAIN, subject=long, text=long * 9, html=long * 9, calendar=b"X" * 900, method="REQUEST")
    wire = to_bytes(replace(message, unsubscribe=stops))
    head, _, body = wire.partition(b"\r\n\r\n")
    assert max(len(line) for line in body.split(b"\r\n")) <= 76
    assert max(len(word) for line in head.split(b"\r\n") for word in line.split() if word.startswith(b"=?")) <= 75
    assert b"\r\nList-Unsubscribe: <https://evenings.example/u/" + b"t" * 43 + b">, <mailto:notes+stop@" in head
    assert message_from_bytes(wire, policy=policy.default)["Subject"] == long.strip()


@given(
    text=st.text(max_size=300),
    html=st.text(max_size=300),
    subject=st.text(max_size=80),
    name=st.text(max_size=20),
    stops=st.lists(
        st.sampled_from(["https://evenings.example/u/t", "mailto:notes+stop@evenings.example?subject=t"]),
        max_size=4,  # no mail names more; beyond 998 octets a header is folded in other places
    ),
)
def test_mail_from_a_frame_reads_as_one_that_the_library_wrote_whole(
    text: str, html: str, subject: str, name: str, stops: list[str]
) -> None:
    """An address with quotes stands in no frame: the library writes that mail."""
    said = {"text": text, "html": html, "subject": subject, "sender_name": name, "unsubscribe": tuple(stops)}
    framed, whole = read(replace(PLAIN, **said)), read(replace(PLAIN, recipient=QUOTED, **said))  # type: ignore[arg-type]
    assert [*framed.items()][2:-1] == [*whole.items()][2:-1]
    assert [framed["From"], framed["To"], whole["To"]] == [whole["From"], PLAIN.recipient, QUOTED]
    assert [part.get_content().split() for part in framed.iter_parts()] == [
        part.get_content().split() for part in whole.iter_parts()
    ]
