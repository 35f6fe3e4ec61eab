"""What an SMTP server says when it does not take a mail, and whose fault that is."""

import socket
import threading
from collections.abc import Iterator

import pytest

from groupsite.domain.bounces import Fault
from groupsite.mail.refusals import Ambiguous, MailError, OurFault, Permanent, Temporary
from groupsite.mail.transport import transport_for
from tests.smtp_server import Server, smtp_server

MESSAGE = b"Subject: Appointment today\r\n\r\nAppointment\r\n"


@pytest.fixture
def server() -> Iterator[Server]:
    with smtp_server() as running:
        yield running


def refused(url: str) -> MailError:
    with pytest.raises(MailError) as refusal, transport_for(url).open() as line:
        line.send(MESSAGE, "notes+b0@evenings.example", "charlene@example.org")
    return refusal.value


def signed_in(server: Server, query: str = "") -> str:
    return f"smtp://notes:secret@127.0.0.1:{server.port}{query}"


@pytest.mark.parametrize(
    ("command", "answer", "code"),
    [
        ("RCPT", "421 4.3.2 Service shutting down", "smtp_421_4.3.2"),
        ("MAIL", "421 4.7.0 Too many connections", "smtp_421_4.7.0"),
        ("RCPT", "450 4.2.0 <charlene@example.org>: Greylisted", "smtp_450_4.2.0"),
        ("RCPT", "451 4.7.1 Greylisting in action, please come back later", "smtp_451_4.7.1"),
        ("RCPT", "452 4.2.2 The recipient's inbox is out of storage space", "smtp_452_4.2.2"),
        ("DATA", "452 4.3.1 Insufficient system storage", "smtp_452_4.3.1"),
    ],
)
def test_refused_for_now_is_tried_later(server: Server, command: str, answer: str, code: str) -> None:
    server.answers[command] = answer
    refusal = refused(server.url)
    assert (type(refusal), refusal.code) == (Temporary, code)


@pytest.mark.parametrize(
    ("command", "answer", "code", "fault"),
    [
        ("RCPT", "550 5.1.1 <charlene@example.org>: Recipient address rejected", "smtp_550_5.1.1", Fault.ADDRESS),
        ("DATA", "550 5.1.1 User unknown", "smtp_550_5.1.1", Fault.ADDRESS),
        ("RCPT", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", "smtp_550_5.1.10", Fault.ADDRESS),
        ("RCPT", "550 No such user here, ask 192.0.2.5", "smtp_550", Fault.MAILBOX),
        ("RCPT", "550 5.0.0 Rejected", "smtp_550_5.0.0", Fault.MAILBOX),
        ("RCPT", "552 5.2.2 Over quota", "smtp_552_5.2.2", Fault.MAILBOX),
        ("DATA", "552 5.2.2 Over quota", "smtp_552_5.2.2", Fault.MAILBOX),
        ("DATA", "552 5.3.4 Message too big", "smtp_552_5.3.4", Fault.OTHER),
        ("DATA", "554 Transaction failed", "smtp_554", Fault.OTHER),
        ("DATA", "554 5.6.0 Bad message", "smtp_554_5.6.0", Fault.OTHER),
        ("MAIL", "552 5.3.4 Message too big", "smtp_552_5.3.4", Fault.OTHER),
    ],
)
def test_refused_for_good_says_where_the_fault_is(
    server: Server, command: str, answer: str, code: str, fault: Fault
) -> None:
    server.answers[command] = answer
    refusal = refused(server.url)
    assert isinstance(refusal, Permanent)
    assert (refusal.code, refusal.fault) == (code, fault)
    assert server.taken == []


@pytest.mark.parametrize(
    ("command", "answer", "code", "fault", "is_certain"),
    [
        ("DATA", "554 5.7.1 Message rejected as spam", "smtp_554_5.7.1", Fault.POLICY, False),
        ("RCPT", "554 5.7.1 Client host [192.0.2.1] blocked", "smtp_554_5.7.1", Fault.POLICY, False),
        ("MAIL", "554 5.7.1 Sender address rejected", "smtp_554_5.7.1", Fault.POLICY, True),
        ("MAIL", "550 5.1.8 Bad sender", "smtp_550_5.1.8", Fault.POLICY, True),
        ("MAIL", "530 5.7.0 Authentication required", "smtp_530_5.7.0", Fault.AUTHENTICATION, True),
        ("RCPT", "530 5.7.0 Must issue a STARTTLS command first", "smtp_530_5.7.0", Fault.AUTHENTICATION, True),
    ],
)
def test_refusal_of_us_blames_no_member(
    server: Server, command: str, answer: str, code: str, fault: Fault, *, is_certain: bool
) -> None:
    server.answers[command] = answer
    refusal = refused(server.url)
    assert isinstance(refusal, OurFault)
    assert (refusal.code, refusal.fault, refusal.is_certain) == (code, fault, is_certain)


def test_wrong_password_is_our_fault(server: Server) -> None:
    server.answers["AUTH"] = "535 5.7.8 Authentication credentials invalid"
    refusal = refused(signed_in(server))
    assert isinstance(refusal, OurFault)
    assert (refusal.code, refusal.fault) == ("smtp_535_5.7.8", Fault.AUTHENTICATION)
    assert server.commands == ["AUTH"] * 2  # PLAIN, then LOGIN; no mail was begun


def test_sign_in_that_is_away_for_a_moment_is_tried_later(server: Server) -> None:
    server.answers["AUTH"] = "454 4.7.0 Temporary authentication failure"
    refusal = refused(signed_in(server))
    assert (type(refusal), refusal.code) == (Temporary, "smtp_454_4.7.0")


def test_missing_starttls_is_our_fault_and_nothing_goes_out_in_the_clear(server: Server) -> None:
    refusal = refused(signed_in(server, "?tls=starttls"))
    assert isinstance(refusal, OurFault)
    assert (refusal.code, refusal.fault) == ("SMTPNotSupportedError", Fault.TLS)
    assert server.commands == []


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_line_that_breaks_before_the_body_is_tried_later(server: Server, command: str) -> None:
    server.breaks_off_at = command
    assert type(refused(server.url)) is Temporary


def test_line_that_breaks_before_the_answer_to_the_body_leaves_a_doubt(server: Server) -> None:
    server.breaks_off_at = "DATA"
    assert type(refused(server.url)) is Ambiguous


def test_refused_mail_does_not_spoil_the_next(server: Server) -> None:
    server.answers["RCPT"] = "550 5.1.1 Unknown"
    with transport_for(server.url).open() as line:
        with pytest.raises(Permanent):
            line.send(MESSAGE, "notes@evenings.example", "nobody@example.org")
        del server.answers["RCPT"]
        line.send(MESSAGE, "notes@evenings.example", "charlene@example.org")
    assert [taken[1] for taken in server.taken] == [["charlene@example.org"]]


def spoken_once(*lines: bytes) -> int:
    """A port where one caller hears these lines, one after each of his, the first at once."""
    listening = socket.create_server(("127.0.0.1", 0))

    def speak() -> None:
        with listening, listening.accept()[0] as caller, caller.makefile("rb") as heard:
            for line in lines:
                caller.sendall(line)
                heard.readline()

    threading.Thread(target=speak, daemon=True).start()
    return int(listening.getsockname()[1])


@pytest.mark.parametrize(
    ("lines", "query", "error", "fault"),
    [
        ([b"554 5.7.1 Your host is blocked\r\n"], "", OurFault, Fault.POLICY),
        ([b"421 4.3.2 Too busy\r\n"], "", Temporary, None),
        ([b"220 here\r\n", b"250-here\r\n250 STARTTLS\r\n", b"454 4.7.0 No TLS now\r\n"], "?tls=starttls", OurFault, Fault.TLS),
        (
            [b"220 here\r\n", b"250-here\r\n250 STARTTLS\r\n", b"220 go\r\n", b"250 what is this?\r\n"],
            "?tls=starttls",
            OurFault,
            Fault.TLS,
        ),
    ],
)  # fmt: skip
def test_greeting_and_encryption_that_fail(
    lines: list[bytes], query: str, error: type[MailError], fault: Fault | None
) -> None:
    refusal = refused(f"smtp://127.0.0.1:{spoken_once(*lines)}{query}")
    assert (type(refusal), getattr(refusal, "fault", None)) == (error, fault)
