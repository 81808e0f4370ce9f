"""Names of headings, kinds of fault and severities, and refusals of the coach's own."""

from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES: dict[str, Any] = {
    "remark_answer_missing": _("Write the reason; an empty answer tells reviewers nothing."),
    "remark_gone": _(
        "This remark no longer stands here: the text has changed. Open the page again."
    ),
    "remark_answer_too_long": _(
        "The answer has %(length)s characters; at most %(limit)s are kept. Shorten it."
    ),
}

KIND_NAMES: dict[str, Any] = {
    "empty-filler": _("A heading filled with nothing"),
    "vague-quantity": _("Size without a figure"),
    "no-place-or-time": _("Where, when or who is missing"),
    "needless-english-or-jargon": _("Words a citizen need not know"),
    "text-used-elsewhere": _("Text used elsewhere"),
    "cause-not-shown": _("Need not shown"),
    "several-things-in-one": _("Several things in one"),
    "objective-without-activity-or-indicator": _("Parts that do not meet"),
    "beneficiary-not-countable": _("People who cannot be counted"),
    "result-is-only-an-activity": _("Work instead of a result"),
    "evidence-cannot-show-it": _("Proof that cannot show it"),
    "consequence-not-told": _("Consequence not told"),
    "indicator-not-measurable": _("Indicator that cannot be measured"),
    "target-not-above-last-actual": _("Target no better than last time"),
    "unit-does-not-fit": _("Unit that does not fit"),
    "price-outside-band": _("Price outside the band"),
    "item-not-specific": _("Item nobody knows"),
}

HEADINGS: dict[str, Any] = {
    "name": _("Name"),
    "promise_who": _("Who gains"),
    "promise_change": _("What changes for them"),
    "promise_evidence": _("How we shall know"),
    "rationale": _("Principles and rationale"),
    "objective": _("Objectives"),
    "target": _("Targets"),
    "method": _("Nature of the project"),
    "place": _("Place"),
    "activity": _("Action plan"),
    "line_item": _("Budget line"),
    "if_not_funded": _("If the line is not funded"),
    "risk": _("Risk"),
    "risk_response": _("Response to a risk"),
    "indicator": _("Indicator"),
}

SEVERITY_NAMES: dict[str, Any] = {
    "must": _("Must look"),
    "consider": _("Consider"),
}
