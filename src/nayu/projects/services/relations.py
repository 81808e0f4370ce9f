"""Deeds between projects: refer, join, tell apart; and one text shared by a family of projects."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from nayu.agencies.domain import PLANNER, STRATEGIST, Person
from nayu.approvals.domain import PROJECT, may
from nayu.audit.services import record
from nayu.core.errors import NotPermitted, NotVisible, RuleBroken
from nayu.core.thai import normalise
from nayu.projects.domain import ACCEPTED, ASKED, DECLINED, DIFFERS, JOINS, RELATIONS, STANDS
from nayu.projects.models import Project, ProjectEntry, Relation
from nayu.projects.services.entries import TextTooLong, ensure_editable, label_of, locked

_REASON_LIMIT = 2_000


class RelationReasonMissing(RuleBroken):
    """Why two are different, or why another will not join, is said in words."""

    code = "relation_reason_missing"


class RelatedToItself(RuleBroken):
    code = "related_to_itself"


class RelationAnswered(RuleBroken):
    """Somebody answered before."""

    code = "relation_answered"


def _reason(text: str, *, is_needed: bool) -> str:
    clean = normalise(text, keep_lines=True)
    if is_needed and not clean:
        raise RelationReasonMissing
    if len(clean) > _REASON_LIMIT:
        raise TextTooLong(field="reason", length=len(clean), limit=_REASON_LIMIT)
    return clean


@transaction.atomic
def relate(
    entry_id: int,
    other_id: int,
    kind: str,
    *,
    reason: str = "",
    is_published: bool,
    actor: Person,
    at: datetime,
) -> Relation:
    """Say how one's own entry stands to another that one may see.

    `is_published` tells whether the other can be read by everybody; published plans lie in the
    app above. To join asks the planner of the other, who then reads name, agency and reason.
    Saying it again changes the reason. Raises NotVisible, NotPermitted, RelationReasonMissing,
    RelatedToItself, TextTooLong.
    """
    if kind not in RELATIONS:
        raise NotVisible
    entry = locked(entry_id)
    ensure_editable(entry, actor)
    other = ProjectEntry.objects.filter(pk=other_id).select_related("project").first()
    if other is None or not (is_published or _sees(actor, other)):
        raise NotVisible
    if other.project_id == entry.project_id:
        raise RelatedToItself
    clean = _reason(reason, is_needed=kind == DIFFERS)
    assert actor.user_id is not None  # somebody who may edit is somebody
    holding = actor.holding_for(PLANNER, entry.agency_id)
    relation, _made = Relation.objects.update_or_create(
        entry=entry,
        other=other,
        kind=kind,
        defaults={
            "reason": clean,
            "state": ASKED if kind == JOINS else STANDS,
            "made_by_id": actor.user_id,
            "post_title_th": holding.title_th if holding else "",
            "post_title_en": holding.title_en if holding else "",
            "at": at,
            "answer": "",
            "answered_at": None,
        },
    )
    _record(f"project.{kind}", entry, other, actor=actor, at=at, reason=clean)
    return relation


def _sees(actor: Person, entry: ProjectEntry) -> bool:
    return may(actor, "project.view", state=entry.state, agency_code=entry.agency_id)


def _record(
    verb: str, entry: ProjectEntry, other: ProjectEntry, *, actor: Person, at: datetime, reason: str
) -> None:
    """One event, told with the entry that says it; the other is named by its code alone."""
    record(
        verb,
        subject=(PROJECT, str(entry.pk), label_of(entry)),
        actor=actor,
        at=at,
        holding=actor.holding_for(PLANNER, entry.agency_id),
        agency_code=entry.agency_id,
        fiscal_year_be=entry.fiscal_year_be,
        reason=reason,
        facts={"other": other.project.code, "other_year": other.fiscal_year_be},
    )


@transaction.atomic
def remove_relation(relation_id: int, *, actor: Person, at: datetime) -> ProjectEntry:
    """Take back what was said, while one's own entry may be written; answers that entry."""
    relation = Relation.objects.select_related("other__project").filter(pk=relation_id).first()
    if relation is None:
        raise NotVisible
    entry = locked(relation.entry_id)
    ensure_editable(entry, actor)
    if not Relation.objects.filter(pk=relation.pk).delete()[0]:
        raise NotVisible
    _record(
        f"project.no_longer_{relation.kind}", entry, relation.other, actor=actor, at=at, reason=""
    )
    return entry


@transaction.atomic
def answer_join(
    relation_id: int, *, accepts: bool, reason: str = "", actor: Person, at: datetime
) -> Relation:
    """Answer for the agency that was asked to work together.

    Raises NotVisible for anybody else, RelationAnswered, RelationReasonMissing for a refusal
    without its reason.
    """
    relation = (
        Relation.objects.select_for_update(of=("self",))
        .select_related("entry__project", "other__project")
        .filter(pk=relation_id, kind=JOINS)
        .first()
    )
    if relation is None or not _answers(actor, relation.other):
        raise NotVisible
    if relation.state != ASKED:
        raise RelationAnswered(state=relation.state)
    relation.answer = _reason(reason, is_needed=not accepts)
    relation.state = ACCEPTED if accepts else DECLINED
    relation.answered_at = at
    relation.save(update_fields=["answer", "state", "answered_at"])
    record(
        f"project.join_{relation.state}",
        subject=(PROJECT, str(relation.other_id), label_of(relation.other)),
        actor=actor,
        at=at,
        holding=actor.holding_for(PLANNER, relation.other.agency_id),
        agency_code=relation.other.agency_id,
        fiscal_year_be=relation.other.fiscal_year_be,
        reason=relation.answer,
        facts={
            "other": relation.entry.project.code,
            "other_year": relation.entry.fiscal_year_be,
        },
    )
    return relation


def _answers(actor: Person, entry: ProjectEntry) -> bool:
    return may(actor, "project.answer", state=entry.state, agency_code=entry.agency_id)


@transaction.atomic
def share_template(
    entry_ids: Collection[int], family: str, *, actor: Person, at: datetime
) -> list[str]:
    """Make the projects of these entries one family: one text, other places and numbers.

    Answers the codes of the projects that this changed. Raises NotPermitted if one of them is
    not the actor's to change, NotVisible for one that the actor may not know of.
    """
    entries = list(
        ProjectEntry.objects.filter(pk__in=entry_ids)
        .select_related("project")
        .order_by("project__code")
    )
    if not entries or len(entries) != len(set(entry_ids)):
        raise NotVisible
    for entry in entries:
        if not _sees(actor, entry):
            raise NotVisible
        if not may(actor, "project.family", state=entry.state, agency_code=entry.agency_id):
            raise NotPermitted(act="project.family", state=entry.state)
    changed = {e.project.code: e.project.family for e in entries if e.project.family != family}
    if not changed:
        return []
    Project.objects.filter(code__in=changed).update(family=family)
    first = entries[0]
    record(
        "project.family",
        subject=("family", family, f"{family} {first.name_th}"),
        actor=actor,
        at=at,
        holding=actor.holding_for(STRATEGIST, None) or actor.holding_for(PLANNER, first.agency_id),
        fiscal_year_be=first.fiscal_year_be,
        facts={"family": family, "before": changed},
    )
    return sorted(changed)
