"""How a year stood at the end of a past day: what stands now, with every later deed undone.

Nothing is stored for it; the record of deeds and the decisions are read (decision 0016).
"""

from nayu.budget.queries.past.entries import (
    EntriesThen,
    end_of,
    entries_then,
    sheet_before,
    sheet_then,
)
from nayu.budget.queries.past.lines import LinesThen, LineThen, entry_lines_then, lines_then
from nayu.budget.queries.past.totals import (
    PastBooks,
    entry_amounts_then,
    past_books,
    request_states_then,
    uses_then,
)

__all__ = [
    "EntriesThen", "LineThen", "LinesThen", "PastBooks", "end_of", "entries_then",
    "entry_amounts_then", "entry_lines_then", "lines_then", "past_books", "request_states_then",
    "sheet_before", "sheet_then", "uses_then",
]  # fmt: skip
