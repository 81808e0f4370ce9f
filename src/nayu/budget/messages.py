"""Sentences of broken rules about money."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from nayu.budget.domain import Use
from nayu.budget.domain.prices import Band
from nayu.budget.models import ExpenditureType
from nayu.core.money import format_baht

MESSAGES: dict[str, Any] = {
    "over_ceiling": _(
        "The request is over its ceiling. Reduce lines, or ask for a higher ceiling."
    ),
    "request_closed": _("The request is “%(state)s”: its lines can no longer be changed."),
    "request_empty": _("The request has no lines yet."),
    "later_year_passed": _(
        "%(year)s is not after fiscal year %(fiscal_year)s, the year of this line."
    ),
    "line_not_exact": _(
        "Write quantity and unit price so that the amount is exact: %(quantity)s × %(unit_price)s has a"
        " fraction of a satang."
    ),
    "stage_not_reached": _(
        "No amounts of fiscal year %(fiscal_year)s are published at the stage “%(stage)s”."
    ),
    "money_not_understood": _("“%(value)s” is not an amount of money. Write it like 1,200,000."),
    "money_negative": _("%(value)s is negative. Amounts are zero or more."),
    "money_too_large": _(
        "%(value)s is above 1,000,000,000,000 baht, the largest amount of a line."
    ),
    "money_not_whole_baht": _("%(value)s has satang. Requests and ceilings are whole baht."),
    "item_missing": _("Write what the line is for."),
    "price_reason_missing": _(
        "The price of some lines is outside what the city paid before. Say why beside each, or "
        "correct the price."
    ),
    "grid_too_long": _(
        "%(rows)s rows are more than the %(limit)s that go in at once. Paste them in parts, or bring "
        "them in as the agency's workbook. Nothing was stored."
    ),
    "grid_not_read": _("The table could not be read. Nothing was stored."),
    "quantity_not_understood": _("“%(value)s” is not a quantity."),
    "unknown_code": _("“%(value)s” is not in the list of “%(field)s”."),
}

# What the examiner's rules say; the place stands before the sentence.
CHECKS: dict[str, Any] = {
    "weights_not_100": _("The weights of the activities add up to %(sum)s, not 100."),
    "no_evidence": _("Promise %(promise)s does not say how we shall know."),
    "more_people_than_residents": _(
        "%(number)s people are promised something where %(residents)s live. How were they counted?"
    ),
    "no_target": _("The indicator %(indicator)s has no target for this year."),
    "target_worse_than_baseline": _(
        "The target of %(indicator)s, %(target)s, is worse than its baseline of %(baseline)s."
    ),
    "price_outside_band": _(
        "“%(item)s” costs %(price)s baht each; like items cost about %(middle)s. Why?"
    ),
    "no_price_reference": _("“%(item)s” has no price reference."),
    "no_consequence": _("“%(item)s” does not say what happens if it is not funded."),
    "same_name": _("The agency has another project of the same name: %(other)s."),
    "over_ceiling": _(
        "Expenditure type %(type)s: asked %(asked)s baht, %(over)s baht over the ceiling."
    ),
    "not_balanced": _("Expenditure of %(expenditure)s baht against revenue of %(revenue)s baht."),
}


def check_sentence(code: str, facts: dict[str, object]) -> str:
    """The sentence of a finding in the language now active, money written out."""
    money = {"asked", "over", "expenditure", "revenue", "price", "middle"}
    shown = {
        key: format_baht(value) if isinstance(value, Decimal) and key in money else value
        for key, value in facts.items()
    }
    return str(CHECKS[code]) % shown


def price_sentences(lines: Iterable[tuple[str, Decimal, str, Band]]) -> list[str]:
    """One sentence for each price without its reason: item, price, side, band."""
    said = {
        "above": _t("%(item)s: %(price)s baht is above %(limit)s; usual are %(low)s to %(high)s."),
        "below": _t("%(item)s: %(price)s baht is below %(limit)s; usual are %(low)s to %(high)s."),
    }
    return [
        said[side]
        % {
            "item": item,
            "price": format_baht(price),
            "limit": format_baht(band.most if side == "above" else band.least),
            "low": format_baht(band.low),
            "high": format_baht(band.high),
        }
        for item, price, side, band in lines
    ]


def more_sentences(facts: Mapping[str, Any]) -> list[str]:
    """What lies below the sentence of a broken rule about money, with figures."""
    return overrun_sentences(facts.get("overruns", ())) + price_sentences(facts.get("prices", ()))


def overrun_sentences(overruns: Iterable[Use]) -> list[str]:
    """One sentence for each exceeded ceiling, with its figures."""
    overruns = list(overruns)
    if not overruns:
        return []
    types = {t.code: t for t in ExpenditureType.objects.all()}
    english = get_language() == "en"
    return [
        _t("%(type)s: asked %(asked)s baht, ceiling %(ceiling)s baht, %(over)s baht over.")
        % {
            "type": types[use.type_code].name_en if english else types[use.type_code].name_th,
            "asked": format_baht(use.asked_baht),
            "ceiling": format_baht(use.ceiling_baht or use.asked_baht - use.asked_baht),
            "over": format_baht(use.over_baht),
        }
        for use in overruns
    ]
