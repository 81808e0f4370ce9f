"""A line as the record tells it: JSON values, so that any earlier day can be read back."""

from typing import Any

from nayu.budget.models import Line
from nayu.core.money import text_of
from nayu.core.values import to_json

# Columns a deed on a line may change, as the record names them.
COLUMNS = (
    "item", "quantity", "unit", "unit_price", "category_id", "work_id", "source_id",
    "price_reference", "price_evidence", "price_reason", "first_month", "last_month", "novelty", "priority",
    "if_not_funded", "promise_number",
)  # fmt: skip


def columns_told(line: Line) -> dict[str, Any]:
    """What the line says, by column; figures as text."""
    told = {name: to_json(getattr(line, name)) for name in COLUMNS}
    return told | {
        "quantity": f"{line.quantity.normalize():f}",
        "unit_price": text_of(line.unit_price),
    }


def line_told(line: Line) -> dict[str, Any]:
    """The whole line, with its amounts by stage: enough to write it again."""
    return columns_told(line) | {
        "kind": line.kind,
        "order": line.order,
        "stages": {a.stage_id: text_of(a.amount) for a in line.stage_amounts.all()},
    }


def differing(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """[before, after] of the columns that differ."""
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}
