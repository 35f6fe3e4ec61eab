"""How a hand-over can fail, and which failure an SMTP reply is."""

import smtplib
import ssl

from groupsite.domain.bounces import OURS, Fault, Step, enhanced_status, fault_of_reply

REFUSED = 400
FINAL = 500


class MailError(Exception):
    """The message was not taken. `code` says why in a word, without anything personal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Temporary(MailError):
    """Try again later."""


class Permanent(MailError):
    """This message will never be taken. `fault` says whether the address is to blame."""

    def __init__(self, code: str, fault: Fault = Fault.OTHER) -> None:
        super().__init__(code)
        self.fault = fault


class Ambiguous(MailError):
    """The line broke after the body had left: it may have been taken."""


class OurFault(MailError):
    """We are refused, whoever the mail is for: no member is to blame, and every other mail would fare the same.

    `is_certain` is False when it may be this one message only.
    """

    def __init__(self, code: str, fault: Fault, *, is_certain: bool = True) -> None:
        super().__init__(code)
        self.fault = fault
        self.is_certain = is_certain


def judge(step: Step, code: int, text: bytes | str) -> None:
    """Raises for a refusal: 5xx is final, 4xx is not (RFC 5321, 4.2.1). The enhanced code (RFC 3463) says whose fault it is."""
    if code < REFUSED:
        return
    status = enhanced_status(text.decode("ascii", "replace") if isinstance(text, bytes) else text)
    word = f"smtp_{code}_{status}" if status else f"smtp_{code}"
    if code < FINAL:
        raise Temporary(word)
    fault = fault_of_reply(step, code, status)
    if fault in OURS:
        raise OurFault(word, fault, is_certain=step not in {Step.RECIPIENT, Step.BODY} or fault is not Fault.POLICY)
    raise Permanent(word, fault)


def judge_broken(step: Step, error: Exception) -> MailError:
    """What an exception of the library before the body left means."""
    if isinstance(error, smtplib.SMTPResponseException):
        try:
            judge(step, error.smtp_code, error.smtp_error)
        except MailError as judged:
            return judged
    if isinstance(error, ssl.SSLError):
        return OurFault(type(error).__name__, Fault.TLS)
    if step is Step.SIGN_IN and isinstance(error, smtplib.SMTPException) and not _is_broken_line(error):
        return OurFault(type(error).__name__, Fault.AUTHENTICATION)
    return Temporary(word_for(error))


def word_for(error: Exception) -> str:
    return f"smtp_{error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else type(error).__name__


def _is_broken_line(error: Exception) -> bool:
    return isinstance(error, smtplib.SMTPServerDisconnected | smtplib.SMTPResponseException)
