"""Deeds on projects and their yearly entries; other apps use this door."""

from nayu.projects.services.beginning import continue_project, next_code, open_project
from nayu.projects.services.entries import (
    ElementNotLinkable,
    EntryInput,
    NameMissing,
    TextTooLong,
    ensure_editable,
    entry_line_count,
    locked,
    partner,
    save_entry,
    subject_of,
    take_step,
    write_into,
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
from nayu.projects.services.results import (
    ResultFromTheFuture,
    ResultInput,
    ResultWithoutEvidence,
    report_result,
)
from nayu.projects.services.templates import (
    TemplateGone,
    TemplateInput,
    TemplateStale,
    TemplateWithoutKind,
    load_pack,
    save_template,
)
from nayu.projects.services.writing import Writing, unfinished_of, write

__all__ = [
    "ElementNotLinkable", "EntryInput", "NameMissing", "RelatedToItself", "RelationAnswered",
    "RelationReasonMissing", "ResultFromTheFuture", "ResultInput", "ResultWithoutEvidence",
    "TemplateGone", "TemplateInput", "TemplateStale", "TemplateWithoutKind", "TextTooLong",
    "Writing", "answer_join", "continue_project", "ensure_editable", "entry_line_count",
    "keep_likeness", "load_pack", "locked", "next_code", "open_project", "partner", "relate",
    "remove_relation", "report_result", "save_entry", "save_template", "share_template",
    "subject_of", "take_step", "unfinished_of", "write", "write_into",
]  # fmt: skip
