"""What is a minor correction and what a material change, and which body may decide it.

The rule is the table FIELDS; a field that it does not name is material as soon as it differs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from nayu.core.differences import is_layout, is_spelling
from nayu.core.errors import RuleBroken

MINOR, MATERIAL = "minor", "material"
# How far a field may differ and still be a minor correction.
NOTHING, LAYOUT, SPELLING, ANYTHING = "nothing", "layout", "spelling", "anything"
ALLOWANCES = (NOTHING, LAYOUT, SPELLING, ANYTHING)

# Money, promises and who gains, indicators and targets, place, time and links are material. Of
# these only blanks and punctuation may be corrected lightly; prose may also have its spelling
# mended. A translation binds nobody: the Thai text is the plan.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "name_th": SPELLING,
        "rationale": SPELLING,
        "objectives": SPELLING,
        "target_quantity": LAYOUT,
        "target_quality": LAYOUT,
        "method": SPELLING,
        "place_text": LAYOUT,
        "districts": NOTHING,
        "first_month": NOTHING,
        "last_month": NOTHING,
        "promises": LAYOUT,
        "activities": SPELLING,
        "risks": SPELLING,
        "indicators": LAYOUT,
        "links": NOTHING,
        "origin": NOTHING,
        "novelty": NOTHING,
        "supporting": NOTHING,
        "partners": SPELLING,
        # Of a budget line.
        "item": SPELLING,
        "unit": LAYOUT,
        "price_evidence": SPELLING,
        "if_not_funded": SPELLING,
    }
)
TRANSLATIONS = "_en"  # a part of any field whose name ends so may differ in anything


class NotPublished(RuleBroken):
    """Only what stands in an official version changes by request."""

    code = "not_published"


class ChangeStale(RuleBroken):
    """What the request would change has changed meanwhile; `facts["differences"]` says how."""

    code = "change_stale"


class NothingProposed(RuleBroken):
    code = "nothing_proposed"


class WhyMissing(RuleBroken):
    code = "why_missing"


class BodyMissing(RuleBroken):
    code = "body_missing"


class BodyTooLow(RuleBroken):
    """This body decides minor corrections only."""

    code = "body_too_low"


@dataclass(frozen=True, slots=True)
class Weighed:
    """The weight of a change, and the fields that make it material."""

    weight: str
    because: tuple[str, ...] = ()


def weigh(changed: Mapping[str, Iterable[Any]]) -> Weighed:
    """Of changed fields, `[before, after]` of JSON values by field: the heaviest counts."""
    because = tuple(
        name for name, pair in changed.items() if not _is_minor(name, *pair)
    )
    return Weighed(MATERIAL if because else MINOR, because)


def _is_minor(name: str, before: Any, after: Any) -> bool:
    return _within(allowance_of(name), before, after)


def allowance_of(name: str) -> str:
    return ANYTHING if name.endswith(TRANSLATIONS) else FIELDS.get(name, NOTHING)


def _within(allowance: str, before: Any, after: Any) -> bool:
    """Whether two values differ by no more than is allowed; lists must match part by part."""
    if before == after or allowance == ANYTHING:
        return True
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(
            _within(ANYTHING if key.endswith(TRANSLATIONS) else allowance, before[key], after[key])
            for key in before
        )
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(
            _within(allowance, one, other) for one, other in zip(before, after, strict=True)
        )
    if isinstance(before, str) and isinstance(after, str):
        if _same_figure(before, after):
            return True
        if allowance == SPELLING:
            return is_spelling(before, after)
        return allowance == LAYOUT and is_layout(before, after)
    return False


def _same_figure(before: str, after: str) -> bool:
    try:
        return Decimal(before) == Decimal(after)
    except InvalidOperation:
        return False
