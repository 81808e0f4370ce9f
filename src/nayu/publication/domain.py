"""What is a minor correction and what a material change, and which body may decide it.

The rule is the table FIELDS; a field that it does not name is material as soon as it differs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from nayu.budget.domain import LineSheet
from nayu.core.differences import is_layout, is_spelling
from nayu.core.errors import RuleBroken
from nayu.core.values import to_json
from nayu.projects.domain import EntrySheet

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
        "price_reason": SPELLING,
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


class DayNotPassed(RuleBroken):
    """What a page showed at the end of a day is known only after it."""

    code = "day_not_passed"


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
    because = tuple(name for name, pair in changed.items() if not _is_minor(name, *pair))
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


# --- Two versions of one entry -------------------------------------------------------------------

# Of the sheet: what is derived, or nobody's writing.
NOT_COMPARED = ("entry_id", "state", "family", "agency_name_th", "agency_name_en", "last_fy")
LINE_FIELDS = (
    "item", "quantity", "unit", "unit_price", "amount", "category_th", "work_th", "source_th",
    "price_reference", "price_evidence", "price_reason", "first_month", "last_month", "novelty",
    "if_not_funded", "promise_number",
)  # fmt: skip
ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that came, went or changed; `changed` is [before, after] by field."""

    kind: str
    item: str
    amounts: tuple[Decimal | None, Decimal | None]
    changed: Mapping[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two versions of an entry."""

    fields: Mapping[str, list[Any]]
    lines: tuple[LineChange, ...]

    @property
    def is_none(self) -> bool:
        return not self.fields and not self.lines

    @property
    def count(self) -> int:
        return len(self.fields) + len(self.lines)

    @property
    def weighed(self) -> Weighed:
        """Lines that come or go are money."""
        because = list(weigh(self.fields).because)
        for line in self.lines:
            if line.kind != CHANGED or weigh(line.changed).weight == MATERIAL:
                because.append("lines")
                break
        return Weighed(MATERIAL if because else MINOR, tuple(because))


def between(
    before: EntrySheet,
    lines_before: Iterable[LineSheet],
    after: EntrySheet,
    lines_after: Iterable[LineSheet],
) -> Difference:
    """What changed from one version of an entry to another."""
    old, new = to_json(before), to_json(after)
    fields = {
        name: [old.get(name), value]
        for name, value in new.items()
        if name not in NOT_COMPARED and old.get(name) != value
    }
    return Difference(fields, tuple(_lines_between(lines_before, lines_after)))


def _lines_between(before: Iterable[LineSheet], after: Iterable[LineSheet]) -> Iterator[LineChange]:
    old = {line.line_id: line for line in before}
    new = {line.line_id: line for line in after}
    for pk, line in new.items():
        if pk not in old:
            yield LineChange(ADDED, line.item, (None, line.amount), {})
            continue
        was = old[pk]
        pairs = {name: (getattr(was, name), getattr(line, name)) for name in LINE_FIELDS}
        changed = {name: [to_json(a), to_json(b)] for name, (a, b) in pairs.items() if a != b}
        if changed:
            yield LineChange(CHANGED, line.item, (was.amount, line.amount), changed)
    for pk, line in old.items():
        if pk not in new:
            yield LineChange(REMOVED, line.item, (line.amount, None), {})
