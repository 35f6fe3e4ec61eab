"""The only place that hands mail over: SMTP, a Maildir for one's own machine, or nothing."""

import mailbox
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from groupsite.domain.bounces import Fault, Step
from groupsite.mail.refusals import Ambiguous, MailError, OurFault, Temporary, judge, judge_broken, word_for

LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
"""Doubled, so that none of them ends the message (RFC 5321, 4.5.2)."""
TAKEN = range(200, 300)
CLOSING = "smtp_421"
"""The server ends the connection (RFC 5321, 3.8)."""
GO_ON = range(354, 355)
"""The body may come."""
TIMEOUT = 30.0
"""Seconds for each step of the dialogue; less than a lease."""


Leaving = Callable[[], None]


def unnoted() -> None:
    """Nobody wants to know when the body leaves."""


class Line(Protocol):
    """An open way out for one message after the other."""

    def send(self, message: bytes, sender: str, recipient: str, leaving: Leaving = unnoted) -> None:
        """Hand over one message, `sender` being where it comes back to. `leaving` is called just before its body leaves: what
        it raises stops the message.

        Raises the MailErrors of mail/refusals.py.
        """


class Transport(Protocol):
    @contextmanager
    def open(self) -> Iterator[Line]:
        """A line for a batch. Raises Temporary when the other side cannot be reached."""


def transport_for(url: str) -> Transport:
    """The transport that `MAIL_URL` names: `smtp://user:password@host:587?tls=starttls`, `maildir:///path`, `null:`.

    Raises SystemExit with one line for an address that is none of these.
    """
    parts = urlsplit(url)
    if parts.scheme == "null":
        return Nowhere()
    if parts.scheme == "maildir" and parts.path:
        return IntoMaildir(Path(unquote(parts.path)))
    if parts.scheme == "smtp" and parts.hostname:
        return OverSmtp(
            parts.hostname,
            parts.port or 25,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            starttls=parse_qs(parts.query).get("tls") == ["starttls"],
        )
    raise SystemExit("MAIL_URL must be smtp://host:port, maildir:///path or null:")


class Nowhere:
    """Takes everything and keeps nothing."""

    @contextmanager
    def open(self) -> Iterator["Nowhere"]:
        yield self

    def send(self, message: bytes, sender: str, recipient: str, leaving: Leaving = unnoted) -> None:  # noqa: ARG002  nobody reads them
        """Taken."""
        leaving()


class IntoMaildir:
    """Each message becomes a file that mail programs can open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def open(self) -> Iterator["IntoMaildir"]:
        yield self

    def send(self, message: bytes, sender: str, recipient: str, leaving: Leaving = unnoted) -> None:  # noqa: ARG002  they stand in the message
        leaving()
        try:
            mailbox.Maildir(self.folder, create=True).add(message)
        except OSError as error:
            raise Temporary("disk") from error


class OverSmtp:
    """One connection for a batch; a broken one is opened anew for the next message."""

    def __init__(self, host: str, port: int, user: str, password: str, *, starttls: bool) -> None:
        self.host, self.port, self.user, self.password, self.starttls = host, port, user, password, starttls

    @contextmanager
    def open(self) -> Iterator["SmtpLine"]:
        line = SmtpLine(self)
        try:
            yield line
        finally:
            line.close()

    def connect(self) -> smtplib.SMTP:
        """A greeted and, if asked for, encrypted and signed-in connection. Raises Temporary, OurFault."""
        try:
            connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        except (OSError, smtplib.SMTPException) as error:
            raise judge_broken(Step.GREETING, error) from error
        try:
            self._encrypt(connection)
            self._sign_in(connection)
        except MailError:
            connection.close()
            raise
        return connection

    def _encrypt(self, connection: smtplib.SMTP) -> None:
        if not self.starttls:
            return
        try:
            connection.starttls(context=ssl.create_default_context())
        except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException, ssl.SSLError) as error:
            raise OurFault(word_for(error), Fault.TLS) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Temporary(word_for(error)) from error

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        if not self.user:
            return
        try:
            connection.login(self.user, self.password)
        except (OSError, smtplib.SMTPException) as error:
            raise judge_broken(Step.SIGN_IN, error) from error


class SmtpLine:
    def __init__(self, way: OverSmtp) -> None:
        self._way = way
        self._connection: smtplib.SMTP | None = None

    def send(self, message: bytes, sender: str, recipient: str, leaving: Leaving = unnoted) -> None:
        connection = self._introduced(sender, recipient)
        with _broken_off_if_stopped(connection):
            leaving()
        with _closed_if_refused(connection):
            _body(connection, message)
        self._connection = connection

    def _introduced(self, sender: str, recipient: str) -> smtplib.SMTP:
        """The connection of the last message as far as the body, or a new one if the server has had enough of that."""
        used, self._connection = self._connection, None
        if used is not None:
            try:
                return _introduce(used, sender, recipient)
            except Temporary as refusal:
                if refusal.code.startswith("smtp_") and not refusal.code.startswith(CLOSING):
                    raise
        return _introduce(self._way.connect(), sender, recipient)

    def close(self) -> None:
        if self._connection is not None:
            _quit(self._connection)


@contextmanager
def _closed_if_refused(connection: smtplib.SMTP) -> Iterator[None]:
    try:
        yield
    except Ambiguous:
        connection.close()
        raise
    except Exception:
        _quit(connection)
        raise


@contextmanager
def _broken_off_if_stopped(connection: smtplib.SMTP) -> Iterator[None]:
    """The server waits for a body now, and would take a QUIT for its first line."""
    try:
        yield
    except BaseException:
        connection.close()
        raise


def _introduce(connection: smtplib.SMTP, sender: str, recipient: str) -> smtplib.SMTP:
    with _closed_if_refused(connection):
        _say(connection, sender, recipient)
    return connection


def _say(connection: smtplib.SMTP, sender: str, recipient: str) -> None:
    """Up to where the body is asked for: in one go where the server takes it so (RFC 2920), else line by line."""
    step = Step.GREETING
    try:
        connection.ehlo_or_helo_if_needed()
        lines = {
            Step.SENDER: f"MAIL FROM:{_path(sender)}\r\n",
            Step.RECIPIENT: f"RCPT TO:{_path(recipient)}\r\n",
            Step.BODY: "DATA\r\n",
        }
        is_piped = connection.has_extn("pipelining")
        step = Step.SENDER
        if is_piped:
            connection.send("".join(lines.values()))
        for step, line in lines.items():
            if not is_piped:
                connection.send(line)
            _expect(connection, step, GO_ON if step is Step.BODY else TAKEN)
    except (OSError, smtplib.SMTPException) as error:
        raise judge_broken(step, error) from error


def _expect(connection: smtplib.SMTP, step: Step, wanted: range) -> None:
    """The reply that lets the dialogue go on. Raises for a refusal, and SMTPException for what is no answer to what was said."""
    code, text = connection.getreply()
    judge(step, code, text)
    if code not in wanted:
        raise smtplib.SMTPException("an answer out of step")


def _path(address: str) -> str:
    """As it stands in the dialogue (RFC 5321, 4.1.2). Raises ValueError for what would begin a line of its own."""
    if "\r" in address or "\n" in address:
        raise ValueError("an address has one line")
    return f"<{address}>"


def _body(connection: smtplib.SMTP, message: bytes) -> None:
    """Once it has begun to leave, a broken line leaves it open whether the message was taken (RFC 1047)."""
    stuffed = LEADING_DOT.sub(b"..", message)
    try:
        connection.send(stuffed + (b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"))
        _expect(connection, Step.BODY, TAKEN)
    except (OSError, smtplib.SMTPException) as error:
        raise Ambiguous(word_for(error)) from error


def _quit(connection: smtplib.SMTP) -> None:
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()
