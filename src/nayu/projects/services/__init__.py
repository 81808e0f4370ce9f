"""Deeds on projects and their yearly entries; other apps use this door."""

from nayu.projects.services.entries import (
    ElementNotLinkable,
    EntryInput,
    NameMissing,
    TextTooLong,
    continue_project,
    ensure_editable,
    entry_line_count,
    locked,
    next_code,
    open_project,
    partner,
    save_entry,
    take_step,
    write_into,
)
from nayu.projects.services.writing import Writing, unfinished_of, write

__all__ = [
    "ElementNotLinkable", "EntryInput", "NameMissing", "TextTooLong", "Writing",
    "continue_project", "ensure_editable", "entry_line_count", "locked", "next_code",
    "open_project", "partner", "save_entry", "take_step", "unfinished_of", "write", "write_into",
]  # fmt: skip
