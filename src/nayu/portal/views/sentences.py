"""Sentences of broken rules, for desks that answer on their own page and keep what was typed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from nayu.approvals.messages import MESSAGES as APPROVALS
from nayu.approvals.messages import NAMES
from nayu.attachments.messages import MESSAGES as ATTACHMENTS
from nayu.audit.messages import MESSAGES as AUDIT
from nayu.budget.messages import MESSAGES as BUDGET
from nayu.budget.messages import more_sentences
from nayu.core.dates import thai_date
from nayu.core.errors import Incomplete, RuleBroken
from nayu.core.money import format_baht
from nayu.projects.domain import Problem
from nayu.projects.messages import MESSAGES as PROJECTS
from nayu.projects.messages import PROBLEMS
from nayu.publication.messages import MESSAGES as PUBLICATION
from nayu.strategy.models import Framework
from nayu.ui.messages import MESSAGES as UI
from nayu.ui.templatetags.nayu import named

SENTENCES: Mapping[str, Any] = {
    **UI, **APPROVALS, **ATTACHMENTS, **AUDIT, **PROJECTS, **BUDGET, **PUBLICATION,
}  # fmt: skip
# These are the whole answer: the desk has nothing to show beside them.
NOT_OURS = ("not_visible", "not_permitted")


def problem_sentence(problem: Problem) -> str:
    """One thing that an entry lacks."""
    facts = {"field": NAMES.get(problem.field, problem.field), **dict(problem.facts)}
    if "framework" in facts:
        found = Framework.objects.filter(code=facts["framework"]).first()
        facts["framework"] = named(found) if found else facts["framework"]
    return str(PROBLEMS[problem.code]) % facts


def sentences_of(broken: RuleBroken) -> list[str]:
    """The sentence of a rule, then every missing part or exceeded ceiling.

    Raises the rule again where only the whole refusal page can tell it.
    """
    if broken.code in NOT_OURS:
        raise broken
    facts = {key: _shown(value) for key, value in broken.facts.items()}
    said = [str(SENTENCES[broken.code]) % facts]
    if isinstance(broken, Incomplete):
        return said + [problem_sentence(problem) for problem in broken.facts["problems"]]
    return said + more_sentences(broken.facts)


def _shown(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format_baht(value)
    if isinstance(value, date):
        return thai_date(value, form="full", language="en" if get_language() == "en" else "th")
    if isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        return ", ".join(str(NAMES.get(one, one)) for one in value)
    return NAMES.get(value, value) if isinstance(value, str) else value
