"""A mail from plain values: subject, plain text and HTML, and the headers that mail programs read."""

from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import urlsplit

from django.template.loader import render_to_string
from django.utils import translation

from nayu.notices.domain import BOTH, MOST_LISTED, THAI, Letter, Part, Row, Told
from nayu.notices.messages import (
    KIND_NAMES,
    PART_NAMES,
    amount_of,
    day_in_words,
    sentence_of,
    state_name,
    subject_of,
    what,
)

SENDER_NAME = "น่าอยู่ Nayu"
StopLink = Callable[[str], str]  # the path that stops a kind of mail for this reader


def message_of(
    letter: Letter,
    *,
    mail_id: int,
    recipient: str,
    sender: str,
    url: str,
    language: str,
    stop_link: StopLink,
    at: datetime,
) -> EmailMessage:
    """The mail of a letter that is not empty.

    `url` is the city's public address; `language` th, en or both (Thai first). The Message-ID
    follows from `mail_id`: the same mail sent again is known as the same by who receives it.
    """
    languages = ("th", "en") if language == BOTH else (language,)
    shown = []
    for code in languages:
        with translation.override(code):
            shown.append(_page(letter, url, stop_link, code))
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(shown[0]["subject"].split())
    message["From"] = Address(SENDER_NAME, addr_spec=sender)
    message["To"] = Address(addr_spec=recipient)
    message["Date"] = at
    message["Message-ID"] = f"<nayu-mail-{mail_id}@{urlsplit(url).hostname}>"
    message["List-Unsubscribe"] = f"<{url}{stop_link(letter.kind)}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    message["Content-Language"] = ", ".join(languages)
    page = {"pages": shown, "language": THAI if language == BOTH else language}
    message.set_content(render_to_string("notices/mail/mail.txt", page))
    message.add_alternative(render_to_string("notices/mail/mail.html", page), subtype="html")
    return message


def _page(letter: Letter, url: str, stop_link: StopLink, language: str) -> dict[str, Any]:
    """All that the templates write, in the active language."""
    return {
        "language": language,
        "subject": subject_of(letter),
        "told": [_told(told, url) for told in letter.told[:MOST_LISTED]],
        "told_more": max(len(letter.told) - MOST_LISTED, 0),
        "parts": [_part(part, url) for part in letter.parts],
        "work_url": f"{url}/my-work/",
        "wishes_url": f"{url}/notices/",
        "stops": [(str(KIND_NAMES[kind]), f"{url}{stop_link(kind)}") for kind in letter.kinds],
    }


def _told(told: Told, url: str) -> dict[str, str]:
    return {
        "sentence": sentence_of(told),
        "reason": told.reason,
        "amount": amount_of(told),
        "url": f"{url}{told.path}",
    }


def _part(part: Part, url: str) -> dict[str, Any]:
    rows = [_row(row, url) for row in part.rows[:MOST_LISTED]]
    return {
        "name": str(PART_NAMES[part.key]),
        "total": part.total,
        "rows": rows,
        "more": part.total - len(rows),
    }


def _row(row: Row, url: str) -> dict[str, Any]:
    return {
        "what": what(row),
        "state": state_name(row.state) if row.state else "",
        "days": row.days,
        "last_day": day_in_words(row.last_day) if row.last_day else "",
        "reason": row.reason,
        "url": f"{url}{row.path}",
    }
