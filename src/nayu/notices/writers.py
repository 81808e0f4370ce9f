"""Handing one message over: to an SMTP server or to the console, and what became of it.

Between the last line of a message and the server's answer nobody knows whether it was taken: that
is UNSURE, and such a message is not sent again by itself. Source: RFC 5321, section 4.5.3.2.6, and
RFC 1047 on doubled mail.
"""

import re
import smtplib
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as CRLF
from typing import TextIO

from nayu.notices.domain import CONSOLE, IMPLICIT, STARTTLS, MailSettings

ACCEPTED, TRY_AGAIN, REFUSED, UNSURE = "accepted", "try_again", "refused", "unsure"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message, and the server's words (or the fault's)."""

    kind: str
    reply: str = ""


class _NotTaken(Exception):
    """The server said no at some command; 5xx is meant for good, 4xx for now."""

    def __init__(self, code: int, reply: bytes) -> None:
        super().__init__(code, reply)
        self.outcome = Outcome(
            REFUSED if 500 <= code < 600 else TRY_AGAIN,
            f"{code} {reply.decode(errors='replace')}",
        )


def deliver(settings: MailSettings, message: EmailMessage) -> Outcome:
    """Hand one message to where the settings say."""
    if settings.backend == CONSOLE:
        return write_to(sys.stdout, message)
    return send(settings, message)


def write_to(stream: TextIO, message: EmailMessage) -> Outcome:
    """The message as a person reads it: its headers decoded, then its plain text."""
    body = message.get_body(("plain",))
    shown = [f"{name}: {value}" for name, value in message.items() if name in _SHOWN]
    text = body.get_content() if body is not None else ""
    stream.write("\n".join(["-" * 78, *shown, "", text.rstrip("\n"), "-" * 78, ""]))
    stream.flush()
    return Outcome(ACCEPTED, "console")


_SHOWN = ("Date", "From", "To", "Subject", "Message-ID", "List-Unsubscribe")


def send(settings: MailSettings, message: EmailMessage) -> Outcome:
    """One message over one connection; never raises for what a server or a network does."""
    try:
        server = _connect(settings)
    except (OSError, smtplib.SMTPException) as error:
        # A wrong password is the operator's to mend, so it is tried again and not given up.
        return Outcome(TRY_AGAIN, _words(error))
    try:
        return _hand_over(server, settings.sender, message)
    except _NotTaken as no:
        return no.outcome
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(TRY_AGAIN, _words(error))
    finally:
        _leave(server)


def _connect(settings: MailSettings) -> smtplib.SMTP:
    secure = ssl.create_default_context()
    server: smtplib.SMTP
    if settings.tls == IMPLICIT:
        server = smtplib.SMTP_SSL(
            settings.host, settings.port, timeout=settings.timeout_seconds, context=secure
        )
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_seconds)
    try:
        if settings.tls == STARTTLS:
            server.starttls(context=secure)
        server.ehlo_or_helo_if_needed()
        if settings.user:
            server.login(settings.user, settings.password)
    except BaseException:
        server.close()
        raise
    return server


def _hand_over(server: smtplib.SMTP, sender: str, message: EmailMessage) -> Outcome:
    """Commands up to DATA can fail safely; from the message's end on, silence is UNSURE."""
    _expect(server.mail(sender), 250)
    _expect(server.rcpt(str(message["To"].addresses[0].addr_spec)), 250, 251)
    _expect(server.docmd("DATA"), 354)
    try:
        server.send(_on_the_wire(message))
        code, reply = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(UNSURE, _words(error))
    _expect((code, reply), 250)
    return Outcome(ACCEPTED, f"{code} {reply.decode(errors='replace')}")


def _on_the_wire(message: EmailMessage) -> bytes:
    """With CRLF, a dot doubled at the beginning of a line, and the line that ends it."""
    content = message.as_bytes(policy=CRLF)
    content = re.sub(rb"(?m)^\.", b"..", content)
    if not content.endswith(b"\r\n"):
        content += b"\r\n"
    return content + b".\r\n"


def _expect(answer: tuple[int, bytes], *good: int) -> None:
    code, reply = answer
    if code not in good:
        raise _NotTaken(code, reply)


def _leave(server: smtplib.SMTP) -> None:
    """Nothing that happens after the answer changes it."""
    for act in (server.quit, server.close):
        if _quietly(act):
            return


def _quietly(act: Callable[[], object]) -> bool:
    try:
        act()
    except (OSError, smtplib.SMTPException):
        return False
    return True


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"
