"""Deeds on the budget: lines, commitments, ceilings and requests; other apps use this door."""

from nayu.budget.services.adopted import write_amounts
from nayu.budget.services.attachments import (
    attach_to_entry,
    attach_to_line,
    remove_from_entry,
    remove_from_line,
)
from nayu.budget.services.continuation import carry_commitment, continue_with_commitments
from nayu.budget.services.lines import (
    ItemMissing,
    LineInput,
    add_line,
    change_line,
    line_amount,
    remove_line,
)
from nayu.budget.services.pack import load_pack
from nayu.budget.services.requests import (
    ensure_within_ceilings,
    open_request,
    set_ceiling,
    set_stage_amount,
    submit_entry,
    take_request_step,
)

__all__ = [
    "ItemMissing", "LineInput", "add_line", "attach_to_entry", "attach_to_line", "carry_commitment",
    "change_line", "continue_with_commitments", "ensure_within_ceilings", "line_amount", "load_pack",
    "open_request", "remove_from_entry", "remove_from_line", "remove_line", "set_ceiling",
    "set_stage_amount", "submit_entry", "take_request_step", "write_amounts",
]  # fmt: skip
