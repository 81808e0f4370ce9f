"""Deeds on projects and their yearly entries; other apps use this door."""

from nayu.projects.services.entries import (
    ElementNotLinkable,
    EntryInput,
    NameMissing,
    TextTooLong,
    continue_project,
    ensure_editable,
    entry_line_count,
    next_code,
    open_project,
    partner,
    save_entry,
    take_step,
)
from nayu.projects.services.likeness import keep_likeness
from nayu.projects.services.relations import (
    RelatedToItself,
    RelationAnswered,
    RelationReasonMissing,
    answer_join,
    relate,
    remove_relation,
    share_template,
)
from nayu.projects.services.writing import Writing, unfinished_of, write

__all__ = [
    "ElementNotLinkable", "EntryInput", "NameMissing", "RelatedToItself", "RelationAnswered",
    "RelationReasonMissing", "TextTooLong", "Writing", "answer_join", "continue_project",
    "ensure_editable", "entry_line_count", "keep_likeness", "next_code", "open_project",
    "partner", "relate", "remove_relation", "save_entry", "share_template", "take_step",
    "unfinished_of", "write",
]  # fmt: skip
