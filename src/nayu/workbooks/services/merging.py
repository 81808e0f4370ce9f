"""A row of a workbook against its line: cell by cell, from what the workbook was made with.

What the line said then is read back from the record by the row's revision, not from the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nayu.budget import services as budget
from nayu.budget.models import Line
from nayu.budget.queries.past.revisions import line_at
from nayu.budget.queries.told import COLUMNS, columns_told
from nayu.budget.services.lines import columns_of
from nayu.core.merge import Conflict, merge

# Column of a line → field of `LineInput`; a workbook says nothing of promises and reasons.
FIELDS = {
    "item": "item", "quantity": "quantity", "unit": "unit", "unit_price": "unit_price",
    "category_id": "category_code", "work_id": "work_code", "source_id": "source_code",
    "price_reference": "price_reference", "price_evidence": "price_evidence",
    "first_month": "first_month", "last_month": "last_month", "novelty": "novelty",
    "priority": "priority", "if_not_funded": "if_not_funded",
}  # fmt: skip
FILE, HELD = "file", "held"
ROW = "row"  # the name that stands for a whole row
# (line, column) or (entry, flat name, which has a dot) → FILE or HELD
Choices = Mapping[tuple[int, str], str]


@dataclass(frozen=True, slots=True)
class MergedRow:
    """`given` is what the line should say, None where it says so already.

    `conflicts` are cells that two people changed otherwise and nobody chose yet; `kept` tells that
    cells which somebody else changed since the workbook was made stay as they are.
    """

    given: budget.LineInput | None
    conflicts: Mapping[str, Conflict]
    kept: bool


def merged_row(
    line: Line, row: budget.LineInput, revision: int, choices: Choices
) -> MergedRow | None:
    """None where the record does not reach back to that revision."""
    then = line_at(line, revision)
    if then is None:
        return None
    now, base, typed = (
        _texts(told) for told in (columns_told(line), then, columns_told(Line(**columns_of(row))))
    )
    merged = merge(now, base, typed)
    chosen = {name: choices.get((line.pk, name), "") for name in merged.conflicts}
    changed = set(merged.changed) | {name for name, choice in chosen.items() if choice == FILE}
    conflicts = {name: one for name, one in merged.conflicts.items() if not chosen[name]}
    kept = now != base
    if not changed:
        return MergedRow(None, conflicts, kept)
    values = {
        field: getattr(row, field) if name in changed else getattr(line, name)
        for name, field in FIELDS.items()
    }
    given = budget.LineInput(
        **values, promise_number=line.promise_number, price_reason=line.price_reason
    )
    return MergedRow(given, conflicts, kept)


def _texts(told: Mapping[str, object]) -> dict[str, str]:
    return {
        name: "" if told[name] is None else str(told[name]) for name in COLUMNS if name in FIELDS
    }
