"""Sentences of notices: on their page, in mails, and of broken rules; Thai and English."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from nayu.approvals.domain import CHANGE, REQUEST
from nayu.approvals.messages import NAMES
from nayu.core.dates import thai_date
from nayu.core.money import format_baht
from nayu.notices.domain import ANSWERED, HELD, Letter, Row, Told

MESSAGES: dict[str, Any] = {
    "unsubscribe_link_not_understood": _(
        "This link is not complete. Copy the whole address from the mail, or sign in and choose at"
        " “Notices”."
    ),
    "mail_not_for_resending": _(
        "This mail is not one to send again: it was sent, or is still to be sent. Open the page again."
    ),
    "mail_is_off": _("This city sends no mail. Set NAYU_MAIL first."),
    "mail_refused": _("The mail server refused the mail: %(reply)s"),
    "mail_gave_up": _(
        "The mail was tried %(attempts)s times and never taken. The last answer: %(reply)s"
    ),
    "mail_unknown": _(
        "The worker stopped, or the connection broke, after the mail was on its way. It may have"
        " arrived; it is not sent again by itself."
    ),
    "mail_waits": _("Not taken yet, tried again: %(reply)s"),
}

KIND_NAMES: dict[str, Any] = {
    "returned": _("Returned to you"),
    "waiting": _("Waiting for you"),
    "decided": _("Decided"),
    "closing": _("Closing soon"),
    "opinions": _("Opinions and answers"),
    "digest": _("Daily summary"),
}
DELIVERY_NAMES: dict[str, Any] = {
    "now": _("At once"),
    "daily": _("In the daily summary"),
    "never": _("No mail"),
}
MAIL_STATE_NAMES: dict[str, Any] = {
    "queued": _("Waiting to be sent"),
    "sending": _("Being sent"),
    "sent": _("Sent"),
    "unknown": _("May have arrived"),
    "failed": _("Not taken"),
    "lapsed": _("Nothing left to say"),
}
LANGUAGE_NAMES: dict[str, Any] = {
    "both": _("Thai, then English"),
    "th": _("Thai"),
    "en": _("English"),
}
PART_NAMES: dict[str, Any] = {
    "to_fix": _("To fix"),
    "waiting_for_me": _("Waiting for you"),
    "drafts": _("Being written"),
    "closing": _("Closing soon"),
}
ROLE_NAMES: Mapping[str, Any] = {
    "planner": _("the agency's planner"),
    "head": _("the agency's head"),
    "strategist": _("the Strategy and Evaluation Department"),
    "budgeter": _("the Budget Department"),
    "executive": _("the executive"),
}


def in_language(thing: Any, part: str) -> str:
    """`part` of a thing in the active language: part_en where there is one, else part_th."""
    english = str(getattr(thing, f"{part}_en", "") or "")
    return english if get_language() == "en" and english else str(getattr(thing, f"{part}_th"))


def day_in_words(day: Any) -> str:
    return thai_date(day, form="short", language="en" if get_language() == "en" else "th")


def what(thing: Told | Row) -> str:
    """The thing's name with its code and year, as a mail and the page call it."""
    name = in_language(thing, "name")
    if thing.about == REQUEST:
        return _t("budget request %(year)s of %(agency)s") % {
            "year": thing.fiscal_year_be, "agency": name,
        }  # fmt: skip
    if thing.about == CHANGE:
        return _t("change request %(code)s/%(year)s on “%(name)s”") % {
            "code": thing.code, "name": name, "year": thing.fiscal_year_be,
        }  # fmt: skip
    if thing.about == "project":
        return _t("“%(name)s” (%(code)s, %(year)s)") % {
            "name": name, "code": thing.code, "year": thing.fiscal_year_be,
        }  # fmt: skip
    if thing.about == "opinion":
        return _t("opinion %(code)s on “%(name)s” (%(year)s)") % {
            "code": thing.code, "name": name, "year": thing.fiscal_year_be,
        }  # fmt: skip
    return _t("“%(name)s” (plan of %(year)s)") % {"name": name, "year": thing.fiscal_year_be}


def state_name(code: str) -> str:
    return str(NAMES.get(code, code))


def sentence_of(told: Told) -> str:
    """One notice in one sentence, in the active language."""
    facts = {
        "what": what(told),
        "state": state_name(told.state),
        "step": state_name(told.step),
        "post": in_language(told, "post_title"),
        "day": day_in_words(told.last_day) if told.last_day else "",
    }
    return _pattern(told) % facts


def _pattern(told: Told) -> str:
    if told.kind == "returned":
        return _t("Returned to you: %(what)s, by %(post)s")
    if told.kind == "waiting":
        return _t("Waiting for you: %(what)s, now “%(state)s”")
    if told.kind == "decided":
        return _t("%(what)s: “%(step)s”, by %(post)s")
    if told.kind == "closing":
        return _t("Closing on %(day)s: %(what)s")
    if told.source == HELD:
        return _t("To look at before publication: %(what)s")
    if told.source == ANSWERED:
        return _t("The city answered %(what)s")
    return _t("Waiting for an answer: %(what)s")


def amount_of(told: Told) -> str:
    """The project's amount as its page writes it, or nothing."""
    if told.amount_baht is None:
        return ""
    return _t("%(amount)s baht") % {"amount": format_baht(told.amount_baht, 2)}


def subject_of(letter: Letter) -> str:
    """What a mail is about, and which project, on one line."""
    if letter.kind == "digest":
        return _digest_subject(letter)
    first = sentence_of(letter.told[0])
    others = len(letter.told) - 1
    if not others:
        return first
    return _t("%(first)s, and %(others)s more") % {"first": first, "others": others}


def _digest_subject(letter: Letter) -> str:
    counts = {part.key: part.total for part in letter.parts}
    return _t("%(day)s: %(fix)s to fix, %(mine)s waiting for you, %(closing)s closing soon") % {
        "day": day_in_words(letter.day),
        "fix": counts.get("to_fix", 0),
        "mine": counts.get("waiting_for_me", 0),
        "closing": counts.get("closing", 0),
    }
