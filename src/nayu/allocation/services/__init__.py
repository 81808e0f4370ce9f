"""Deeds of allocation: scenarios and their rules, runs, hand changes, adoption; others use this door."""

from nayu.allocation.services.adoption import adopt, propose, send_back, undo
from nayu.allocation.services.files import (
    Answered,
    CertificateNotUnderstood,
    answer_file,
    export,
    verify_file,
)
from nayu.allocation.services.runs import (
    adjust,
    ask,
    package,
    plan_with_changes,
    study,
    take_adjustment_back,
)
from nayu.allocation.services.scenarios import (
    RuleInput,
    ScenarioInput,
    make,
    make_from,
    remove_rule,
    set_rule,
    settle,
)
from nayu.allocation.services.scoring import give_mark

__all__ = [
    "Answered", "CertificateNotUnderstood", "RuleInput", "ScenarioInput", "adjust", "adopt",
    "answer_file", "ask", "export", "give_mark", "make", "make_from", "package",
    "plan_with_changes", "propose", "remove_rule", "send_back", "set_rule", "settle", "study",
    "take_adjustment_back", "undo", "verify_file",
]  # fmt: skip
