"""Deeds on projects and entries: one transaction, one audit event each.

Lines of money lie in the app above; `submit` is told how many an entry has.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from nayu.agencies.domain import PLANNER, Holding, Person
from nayu.agencies.models import Agency, District, PartnerBody
from nayu.approvals.domain import PROJECT, may
from nayu.approvals.queries import content_changes, newest_change
from nayu.approvals.services import Meeting, Remark, Subject, decide
from nayu.audit.services import record
from nayu.core.errors import Incomplete, NotPermitted, NotVisible, RuleBroken, Stale
from nayu.core.thai import match_key, normalise
from nayu.core.values import to_json
from nayu.projects.domain import (
    TEXT_LIMIT,
    ActivityValues,
    PromiseValues,
    RiskValues,
)
from nayu.projects.models import (
    Activity,
    DistrictShare,
    EntryIndicator,
    EntryLink,
    ProjectEntry,
    Promise,
    Risk,
)
from nayu.projects.queries import ROW_PARTS, problems, rows_of, sheet_of
from nayu.strategy.models import Element, Indicator

LONG_TEXTS = (
    "rationale", "objectives", "target_quantity", "target_quality", "method", "place_text",
)  # fmt: skip
SHORT_TEXTS = ("name_th", "name_en")


class TextTooLong(RuleBroken):
    code = "text_too_long"


class NameMissing(RuleBroken):
    code = "name_missing"


class ElementNotLinkable(RuleBroken):
    """The element is not at its framework's linkable level, or the framework is not in force."""

    code = "element_not_linkable"


@dataclass(frozen=True, slots=True)
class EntryInput:
    """What a form gives; None leaves a part as it is."""

    texts: dict[str, str] = field(default_factory=dict)
    first_month: int | None = None
    last_month: int | None = None
    origin: str | None = None
    novelty: str | None = None
    promises: tuple[PromiseValues, ...] | None = None
    activities: tuple[ActivityValues, ...] | None = None
    risks: tuple[RiskValues, ...] | None = None
    primary_element_ids: tuple[int, ...] | None = None
    other_element_ids: tuple[int, ...] | None = None
    indicator_ids: tuple[int, ...] | None = None
    district_weights: dict[str, int] | None = None
    supporting_codes: tuple[str, ...] | None = None
    partner_names: tuple[str, ...] | None = None


def label_of(entry: ProjectEntry) -> str:
    return f"{entry.project.code} {entry.name_th}"


def locked(entry_id: int) -> ProjectEntry:
    entry = (
        ProjectEntry.objects.select_for_update(of=("self",))
        .select_related("project")
        .filter(pk=entry_id)
        .first()
    )
    if entry is None:
        raise NotVisible
    return entry


def subject_of(entry: ProjectEntry) -> Subject:
    """The entry as deeds of approval see it, with the newest change of its content."""
    return Subject(
        PROJECT,
        entry.pk,
        label_of(entry),
        entry.state,
        entry.agency_id,
        entry.fiscal_year_be,
        frozenset({entry.author_id} if entry.author_id else set()),
        newest_change(content_changes(PROJECT, entry.pk)),
    )


def ensure_editable(entry: ProjectEntry, actor: Person) -> None:
    """Raises NotVisible for somebody who may not know of it, NotPermitted for a reader."""
    scope = {"state": entry.state, "agency_code": entry.agency_id}
    if not may(actor, "project.view", **scope):
        raise NotVisible
    if not may(actor, "project.edit", **scope):
        raise NotPermitted(act="project.edit", state=entry.state)


@transaction.atomic
def save_entry(
    entry_id: int, given: EntryInput, *, revision: int, actor: Person, at: datetime
) -> ProjectEntry:
    """Save what was given of a draft or returned entry.

    `revision` is the one the form was opened with. Raises Stale (with who and when) if somebody
    saved since, NotVisible, NotPermitted, TextTooLong, NameMissing, ElementNotLinkable; then
    nothing is written.
    """
    entry = locked(entry_id)
    ensure_editable(entry, actor)
    if entry.revision != revision:
        raise Stale(revision=entry.revision, entry_id=entry.pk)
    write_into(entry, given, actor=actor, at=at)
    return entry


def write_into(
    entry: ProjectEntry,
    given: EntryInput,
    *,
    actor: Person,
    at: datetime,
    verb: str = "project.edit",
    holding: Holding | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Write what was given into a locked entry, and one event of what changed by it.

    The caller has asked the right. `verb`, `holding` and `facts` tell of another deed than editing.
    """
    before = _told(entry, given)
    _save_texts(entry, given)
    for name in ("first_month", "last_month", "origin", "novelty"):
        if (value := getattr(given, name)) is not None:
            setattr(entry, name, value)
    entry.revision += 1
    entry.save()
    _save_parts(entry, given)
    after = _told(entry, given)
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changed:
        record(
            verb,
            subject=(PROJECT, str(entry.pk), label_of(entry)),
            actor=actor,
            at=at,
            holding=holding or actor.holding_for(PLANNER, entry.agency_id),
            agency_code=entry.agency_id,
            fiscal_year_be=entry.fiscal_year_be,
            facts={"changed": changed, **(facts or {})},
        )


COLUMNS = (*SHORT_TEXTS, *LONG_TEXTS, "first_month", "last_month", "origin", "novelty")


def _told(entry: ProjectEntry, given: EntryInput) -> dict[str, Any]:
    """The entry's fields as its sheet tells them; only those given, where they are few to ask for.

    A field saves itself every few seconds, and the whole sheet takes a dozen questions.
    """
    named = {part.name for part in fields(given) if getattr(given, part.name) is not None}
    if named <= {"texts", *COLUMNS, *ROW_PARTS}:
        told = {name: getattr(entry, name) for name in COLUMNS}
        told["objectives"] = [line for line in entry.objectives.split("\n") if line.strip()]
        rows = [part for part in ROW_PARTS if part in named]
        return told | {part: [to_json(row) for row in rows_of(entry, part)] for part in rows}
    whole: dict[str, Any] = to_json(sheet_of(entry))
    return whole


def _save_texts(entry: ProjectEntry, given: EntryInput) -> None:
    for name, text in given.texts.items():
        limit = 500 if name in SHORT_TEXTS else TEXT_LIMIT
        if name not in SHORT_TEXTS + LONG_TEXTS:
            raise KeyError(name)
        clean = normalise(text, keep_lines=name in LONG_TEXTS)
        if len(clean) > limit:
            raise TextTooLong(field=name, length=len(clean), limit=limit)
        if name == "name_th" and not clean:
            raise NameMissing
        setattr(entry, name, clean)


def _save_parts(entry: ProjectEntry, given: EntryInput) -> None:
    if given.promises is not None:
        _replace_promises(entry, given.promises)
    if given.activities is not None:
        entry.activities.all().delete()
        Activity.objects.bulk_create(
            Activity(
                entry=entry,
                order=order,
                name_th=normalise(a.name_th)[:500],
                first_month=a.first_month,
                last_month=a.last_month,
                weight_percent=a.weight_percent,
            )
            for order, a in _numbered(given.activities)
        )
    if given.risks is not None:
        entry.risks.all().delete()
        Risk.objects.bulk_create(
            Risk(
                entry=entry,
                order=order,
                event_th=normalise(r.event_th, keep_lines=True),
                likelihood=r.likelihood,
                impact=r.impact,
                response_th=normalise(r.response_th, keep_lines=True),
            )
            for order, r in _numbered(given.risks)
        )
    _save_links(entry, given)
    if given.district_weights is not None:
        entry.district_shares.all().delete()
        ids = dict(District.objects.values_list("plan_code", "pk"))
        DistrictShare.objects.bulk_create(
            DistrictShare(entry=entry, district_id=ids[code], weight=weight)
            for code, weight in sorted(given.district_weights.items())
        )
    if given.supporting_codes is not None:
        entry.supporting_agencies.set(Agency.objects.filter(code__in=given.supporting_codes))
    if given.partner_names is not None:
        entry.partners.set([partner(name) for name in given.partner_names if name.strip()])


Row = TypeVar("Row", PromiseValues, ActivityValues, RiskValues)


def _numbered(rows: tuple[Row, ...]) -> Iterator[tuple[int, Row]]:
    """Rows with the numbers they are known by; one without a number, or with a taken one, is next."""
    taken: set[int] = set()
    for row in rows:
        order = row.order
        if order < 1 or order in taken:
            order = max(taken, default=0) + 1
        taken.add(order)
        yield order, row


def partner(name: str) -> PartnerBody:
    """The partner body of this name, made if new; one key for two spellings."""
    clean = normalise(name)[:200]
    body, _ = PartnerBody.objects.get_or_create(
        match_key=match_key(clean)[:200],
        defaults={"code": f"B-{PartnerBody.objects.count() + 1:04d}", "name_th": clean},
    )
    return body


def _replace_promises(entry: ProjectEntry, promises: tuple[PromiseValues, ...]) -> None:
    entry.promises.all().delete()
    numbered = list(_numbered(promises))
    ids = dict(District.objects.values_list("plan_code", "pk"))
    indicator_ids = dict(
        Indicator.objects.filter(
            code__in=[p.indicator_code for p in promises if p.indicator_code]
        ).values_list("code", "pk")
    )
    saved = Promise.objects.bulk_create(
        Promise(
            entry=entry,
            order=order,
            who_th=normalise(p.who_th)[:300],
            who_en=normalise(p.who_en)[:300],
            number=p.number,
            unit_th=normalise(p.unit_th)[:60],
            unit_en=normalise(p.unit_en)[:60],
            change_th=normalise(p.change_th, keep_lines=True),
            change_en=normalise(p.change_en, keep_lines=True),
            from_month=p.from_month,
            lasts_th=normalise(p.lasts_th)[:200],
            indicator_id=indicator_ids.get(p.indicator_code),
            evidence_th=normalise(p.evidence_th, keep_lines=True),
            evidence_en=normalise(p.evidence_en, keep_lines=True),
            share_percent=p.share_percent,
            group=p.group,
            levels=[[percent, f"{how_many:f}"] for percent, how_many in p.levels],
        )
        for order, p in numbered
    )
    Promise.districts.through.objects.bulk_create(
        Promise.districts.through(promise_id=row.pk, district_id=ids[code])
        for row, (_order, p) in zip(saved, numbered, strict=True)
        for code in dict.fromkeys(p.districts)
    )


def _save_links(entry: ProjectEntry, given: EntryInput) -> None:
    for ids, is_primary in (
        (given.primary_element_ids, True),
        (given.other_element_ids, False),
    ):
        if ids is None:
            continue
        entry.links.filter(is_primary=is_primary).delete()
        for element in Element.objects.filter(pk__in=ids).select_related("framework", "level"):
            framework = element.framework
            in_force = framework.first_fy <= entry.fiscal_year_be <= framework.last_fy
            if is_primary and not (element.level.is_linkable and in_force):
                raise ElementNotLinkable(number=element.number, name=element.name_th)
            EntryLink.objects.update_or_create(
                entry=entry,
                element=element,
                defaults={"framework": framework, "is_primary": is_primary},
            )
    if given.indicator_ids is not None:
        entry.indicator_links.all().delete()
        EntryIndicator.objects.bulk_create(
            EntryIndicator(entry=entry, indicator_id=pk)
            for pk in dict.fromkeys(given.indicator_ids)
        )


@transaction.atomic
def take_step(
    entry_id: int,
    step: str,
    *,
    actor: Person,
    at: datetime,
    reason: str = "",
    meeting: Meeting = Meeting(),
    lines: int | None = None,
    seen: int | None = None,
    remarks: tuple[Remark, ...] = (),
) -> ProjectEntry:
    """Move an entry one step along its procedure.

    Submitting needs a complete entry: Incomplete tells all that is missing at once; `lines`
    is how many budget lines it has; `seen` is the newest change that the actor was shown. Other
    errors are those of `approvals.services.decide`.
    """
    entry = locked(entry_id)
    decision = decide(
        subject_of(entry),
        step,
        actor=actor,
        at=at,
        reason=reason,
        meeting=meeting,
        seen=seen,
        remarks=remarks,
    )
    if step == "submit":
        missing = problems(sheet_of(entry), lines=entry_line_count(lines))
        if missing:
            raise Incomplete(problems=tuple(missing))
    changes: dict[str, Any] = {"state": decision.to_state, "state_since": decision.at}
    if step == "submit":
        changes["author_id"] = actor.user_id
    for name, value in changes.items():
        setattr(entry, name, value)
    entry.revision += 1
    entry.save(update_fields=[*changes, "revision"])
    return entry


def entry_line_count(lines: int | None) -> int:
    """Callers that submit must say how many lines the entry has."""
    if lines is None:
        raise TypeError("submitting needs the number of budget lines")
    return lines
