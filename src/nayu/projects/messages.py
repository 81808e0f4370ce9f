"""Sentences of broken rules about projects, and of what is missing in an entry."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Any] = {
    "incomplete": _("The project cannot be submitted yet. All that is missing is listed below."),
    "stale": _(
        "Somebody saved this after you opened it. Your text is kept below; compare and save again."
    ),
    "text_too_long": _(
        "“%(field)s” has %(length)s characters; at most %(limit)s are kept. Shorten it."
    ),
    "name_missing": _("Write the name."),
    "element_not_linkable": _(
        "“%(number)s %(name)s” cannot be the primary link: choose an element of the linkable level"
        " in a framework that is in force."
    ),
    "relation_reason_missing": _("Say in your own words why."),
    "related_to_itself": _("A project cannot be related to itself."),
    "relation_answered": _("This was answered before you."),
    "template_gone": _(
        "This template is no longer in use for your agency. Choose another, or begin without one."
    ),
    "template_without_kind": _("Choose at least one kind of agency."),
    "result_without_evidence": _("Say where the result can be checked."),
    "result_from_the_future": _(
        "The result is counted on %(day)s; write a day from %(first)s to %(today)s."
    ),
    "figure_not_understood": _("“%(value)s” in “%(field)s” is not a whole number."),
}

PROBLEMS: dict[str, Any] = {
    "promise_missing": _("%(field)s: write at least one promise, who gains and how many."),
    "promise_without_evidence": _(
        "%(field)s: promise %(number)s does not say how we shall know. Name an indicator or evidence."
    ),
    "promise_shares_over_100": _(
        "%(field)s: the shares of money add up to %(sum)s percent; at most 100."
    ),
    "text_missing": _("%(field)s: nothing is written."),
    "primary_element_missing": _(
        "%(field)s: choose exactly one primary element in the framework “%(framework)s”."
    ),
    "indicator_missing": _("%(field)s: choose or write at least one indicator."),
    "indicator_without_target": _(
        "%(field)s: %(indicator)s has no target for this fiscal year and cannot carry the project."
    ),
    "indicator_without_unit": _("%(field)s: %(indicator)s has no unit."),
    "activity_missing": _("%(field)s: write at least one activity."),
    "weights_not_100": _("%(field)s: the weights add up to %(sum)s; they must be 100."),
    "activity_outside_period": _(
        "%(field)s: activity %(number)s lies outside the project's period."
    ),
    "risk_missing": _("%(field)s: write at least one risk and its response."),
    "line_missing": _("%(field)s: write at least one budget line."),
}
