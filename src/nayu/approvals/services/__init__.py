"""Deeds of approval: steps, comments, reviewers, windows, acting for a post; others use this door."""

from nayu.approvals.services.appointments import appoint_acting
from nayu.approvals.services.comments import (
    Remark,
    answer_comment,
    settle_comment,
    write_comment,
)
from nayu.approvals.services.forgetting import forget_person
from nayu.approvals.services.reviewers import (
    assign_reviewer,
    candidates,
    delegate_review,
    write_note,
)
from nayu.approvals.services.steps import Meeting, decide
from nayu.approvals.services.subjects import Subject
from nayu.approvals.services.windows import allow_late, set_window

__all__ = [
    "Meeting", "Remark", "Subject", "allow_late", "answer_comment", "appoint_acting",
    "assign_reviewer", "candidates", "decide", "delegate_review", "forget_person", "set_window",
    "settle_comment", "write_comment", "write_note",
]  # fmt: skip
