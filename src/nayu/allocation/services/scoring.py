"""Marks of the rubric: 0 to 5 by several reviewers, each with a note for the reviewer alone."""

from datetime import datetime

from django.db import transaction

from nayu.agencies.domain import BUDGETER, STRATEGIST, Person
from nayu.allocation.domain.scenario import ScenarioWrong
from nayu.allocation.domain.scores import MOST_RUBRIC
from nayu.allocation.models import RubricScore
from nayu.approvals.domain import PROJECT, may
from nayu.audit.services import record
from nayu.core.errors import NotPermitted, NotVisible
from nayu.core.thai import normalise
from nayu.projects.models import ProjectEntry


@transaction.atomic
def give_mark(
    entry: ProjectEntry, mark: int | None, note: str, *, done: bool, actor: Person, at: datetime
) -> RubricScore:
    """Give, change or finish one's own mark. Raises NotVisible, NotPermitted, ScenarioWrong."""
    if not may(actor, "project.view", state=entry.state, agency_code=entry.agency_id):
        raise NotVisible
    if not may(actor, "rubric.give"):
        raise NotPermitted(act="rubric.give", state="-")
    if mark is not None and not 0 <= mark <= MOST_RUBRIC:
        raise ScenarioWrong(reason="mark_outside", value=mark)
    if done and mark is None:
        raise ScenarioWrong(reason="mark_missing", value="")
    holding = actor.holding_for(BUDGETER, None) or actor.holding_for(STRATEGIST, None)
    assert holding is not None
    assert actor.user_id is not None
    given, _ = RubricScore.objects.update_or_create(
        entry=entry, reviewer_id=actor.user_id,
        defaults={
            "mark": mark, "note": normalise(note, keep_lines=True), "is_done": done, "at": at,
            "post_title_th": holding.title_th, "post_title_en": holding.title_en,
        },
    )  # fmt: skip
    # The note is private, so the record tells the mark alone.
    record(
        "rubric.give", subject=(PROJECT, str(entry.pk), entry.name_th), actor=actor, at=at,
        holding=holding, agency_code=entry.agency_id, fiscal_year_be=entry.fiscal_year_be,
        facts={"mark": mark, "done": done},
    )  # fmt: skip
    return given
