"""Sentences of broken rules about consultation, and the words for outcomes and held opinions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Any] = {
    "opinion_too_short": _(
        "Write at least %(least)s characters, so that the city can answer. Written: %(length)s"
    ),
    "opinion_too_long": _(
        "The text has %(length)s characters; at most %(limit)s are taken. Shorten it, or send it"
        " as several opinions"
    ),
    "consultation_closed": _(
        "Opinions are taken from %(first_day)s to %(last_day)s only. What others wrote and the"
        " city's answers can still be read"
    ),
    "too_many_opinions": _(
        "%(limit)s opinions came from this connection, which is the limit. Wait %(minutes)s minutes"
        " and send again"
    ),
    "consultation_period_out_of_order": _("The last day lies before the first day"),
    "consultation_title_missing": _("Write a title of at most %(limit)s characters"),
    "already_consulted": _(
        "Version %(number)s of the plan of %(fiscal_year)s has been put to the public already."
        " Publish a new version for another round"
    ),
    "partner_body_missing": _("Choose the body for which you speak"),
    "moderation_reason_missing": _("Write why this opinion is hidden"),
    "stance_unknown": _("Say whether you are for it, against it or take no side"),
    "outcome_unknown": _("Choose what the city does with this opinion"),
    "answer_reason_missing": _("Write the reason, in at least %(least)s characters"),
    "answer_change_missing": _(
        "Write what was changed, since the opinion is adopted in full or in part"
    ),
    "answer_change_not_expected": _(
        "An opinion that is not adopted changes nothing: clear the change, or choose “adopted”"
    ),
    "already_answered": _("This opinion has the city's answer already"),
    "opinion_not_published": _("This opinion is not published yet. Publish it first, then answer"),
}

OUTCOMES: dict[str, Any] = {
    "adopted": _("Adopted"),
    "in_part": _("Adopted in part"),
    "not_adopted": _("Not adopted"),
}
STANCES: dict[str, Any] = {
    "for": _("I am for it"),
    "against": _("I am against it"),
}
STANCES_TOLD: dict[str, Any] = {
    "for": _("For it"),
    "against": _("Against it"),
}
HOLD_REASONS: dict[str, Any] = {
    "links": _("it has more than two links"),
    "repeated_opinion": _("the same words were sent before"),
    "repeated_text": _("it repeats the same words many times"),
}
