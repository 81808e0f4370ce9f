"""Questions about the budget, by subject; other apps ask through this door."""

from nayu.budget.domain import LineSheet
from nayu.budget.queries.ceilings import (
    all_uses,
    ceilings,
    due_commitments,
    lines_outside_the_plan,
    open_commitments,
    request_lines,
    uses,
)
from nayu.budget.queries.changes import changes_of_request
from nayu.budget.queries.checks import Checked, checks_of
from nayu.budget.queries.lines import line_sheet, line_sheets
from nayu.budget.queries.requests import (
    Balance,
    balance,
    entry_amounts,
    line_counts,
    may_see_ceilings,
    visible_request,
)
from nayu.budget.queries.totals import (
    BUCKETS,
    Books,
    Row,
    Totals,
    breakdown,
    line_visibility,
    reached_stage,
    weights_by_entry,
    working_books,
)

__all__ = [
    "BUCKETS", "Balance", "Books", "Checked", "LineSheet", "Row", "Totals", "all_uses", "balance",
    "breakdown", "ceilings", "changes_of_request", "checks_of", "due_commitments", "entry_amounts",
    "line_counts", "line_sheet",
    "line_sheets", "line_visibility", "lines_outside_the_plan", "may_see_ceilings",
    "open_commitments", "reached_stage", "request_lines", "uses", "visible_request",
    "weights_by_entry", "working_books",
]  # fmt: skip
