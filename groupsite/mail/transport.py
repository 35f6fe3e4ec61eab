"""The only place that hands mail over: SMTP, a Maildir for one's own machine, or nothing."""

import mailbox
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT = 30.0
"""Seconds for each step of the dialogue; less than a lease."""


class MailError(Exception):
    """The message was not taken. `code` says why in a word, without anything personal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Temporary(MailError):
    """Try again later."""


class Permanent(MailError):
    """This message will never be taken."""


class Ambiguous(MailError):
    """The line broke after the body had left: it may have been taken."""


class Line(Protocol):
    """An open way out for one message after the other."""

    def send(self, message: bytes, sender: str, recipient: str) -> None:
        """Hand over one message. Raises Temporary, Permanent or Ambiguous."""


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

    def send(self, message: bytes, sender: str, recipient: str) -> None:
        """Taken."""


class IntoMaildir:
    """Each message becomes a file that mail programs can open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def open(self) -> Iterator["IntoMaildir"]:
        yield self

    def send(self, message: bytes, sender: str, recipient: str) -> None:  # noqa: ARG002  they stand in the message
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
        """A greeted and, if asked for, encrypted and signed-in connection. Raises Temporary."""
        try:
            connection = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
            if self.starttls:
                connection.starttls(context=ssl.create_default_context())
            if self.user:
                connection.login(self.user, self.password)
        except (OSError, smtplib.SMTPException) as error:
            raise Temporary(_code(error)) from error
        return connection


class SmtpLine:
    def __init__(self, way: OverSmtp) -> None:
        self._way = way
        self._connection: smtplib.SMTP | None = None

    def send(self, message: bytes, sender: str, recipient: str) -> None:
        connection = self._connection or self._way.connect()
        self._connection = None
        self._introduce(connection, sender, recipient)
        _body(connection, message)
        self._connection = connection

    def _introduce(self, connection: smtplib.SMTP, sender: str, recipient: str) -> None:
        try:
            connection.ehlo_or_helo_if_needed()
            for reply in (connection.mail(sender), connection.rcpt(recipient)):
                _judge(reply[0])
        except MailError:
            _quit(connection)
            raise
        except (OSError, smtplib.SMTPException) as error:
            raise Temporary(_code(error)) from error

    def close(self) -> None:
        if self._connection is not None:
            _quit(self._connection)


def _body(connection: smtplib.SMTP, message: bytes) -> None:
    """From DATA on a broken line leaves it open whether the message was taken (RFC 1047)."""
    try:
        code, _ = connection.data(message)
    except smtplib.SMTPDataError as error:
        _quit(connection)
        _judge(error.smtp_code)
    except (OSError, smtplib.SMTPException) as error:
        raise Ambiguous(_code(error)) from error
    else:
        if code >= 400:  # noqa: PLR2004  SMTP
            _quit(connection)
        _judge(code)


def _judge(code: int) -> None:
    """Raises for a refusal: 5xx is final, 4xx is not (RFC 5321, 4.2.1)."""
    if code >= 500:  # noqa: PLR2004  SMTP
        raise Permanent(f"smtp_{code}")
    if code >= 400:  # noqa: PLR2004  SMTP
        raise Temporary(f"smtp_{code}")


def _quit(connection: smtplib.SMTP) -> None:
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()


def _code(error: Exception) -> str:
    return f"smtp_{error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else type(error).__name__
