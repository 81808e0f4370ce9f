"""Deeds of allocation: scenarios and their rules, runs, hand changes, adoption; others use this door."""

from nayu.allocation.services.adoption import adopt, propose, send_back, undo
from nayu.allocation.services.drafts import draft
from nayu.allocation.services.files import (
    Answered,
    CertificateNotUnderstood,
    answer_file,
    export,
    reasons,
    steps,
    verify_file,
)
from nayu.allocation.services.runs import (
    adjust,
    ask,
    estimate,
    package,
    plan_with_changes,
    study,
    take_adjustment_back,
)
from nayu.allocation.services.sample import write_sample
from nayu.allocation.services.scenarios import (
    RuleInput,
    ScenarioInput,
    make,
    make_from,
    make_from_point,
    remove_rule,
    set_rule,
    settle,
    subject_of,
)
from nayu.allocation.services.scoring import give_mark

__all__ = [
    "Answered", "CertificateNotUnderstood", "RuleInput", "ScenarioInput", "adjust", "adopt",
    "answer_file", "ask", "draft", "estimate", "export", "give_mark", "make", "make_from",
    "make_from_point", "package", "plan_with_changes", "propose", "reasons", "remove_rule",
    "send_back", "set_rule", "settle", "steps", "study", "subject_of", "take_adjustment_back",
    "undo", "verify_file", "write_sample",
]  # fmt: skip
