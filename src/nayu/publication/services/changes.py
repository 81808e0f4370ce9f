"""Changing what is published: only by request, decided by a body, shown in the next version.

The working entry stays as it is until a request is approved; then it is written, and `publish`
shows it. Money of lines follows the budget's own procedure, never a change request.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from nayu.agencies.domain import PLANNER, STRATEGIST, Person
from nayu.approvals.domain import CHANGE, may, right_of
from nayu.approvals.services import Meeting, Subject, decide
from nayu.audit.services import record
from nayu.core.errors import NotPermitted, NotVisible, Stale
from nayu.core.thai import normalise
from nayu.core.values import from_json, to_json
from nayu.projects import services as projects
from nayu.projects.domain import ActivityValues, PromiseValues, RiskValues
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheet_of
from nayu.projects.services import EntryInput
from nayu.publication.domain import (
    MATERIAL,
    NOT_COMPARED,
    BodyMissing,
    BodyTooLow,
    ChangeStale,
    NothingProposed,
    NotPublished,
    WhyMissing,
    weigh,
)
from nayu.publication.models import OFFICIAL, ChangeRequest, DecidingBody, PlanVersion
from nayu.publication.queries import stands_published
from nayu.publication.services.publishing import publish
from nayu.strategy.models import Element, Indicator

DRAFT, SUBMITTED, APPROVED = "draft", "submitted", "approved"
TEXTS = (
    "name_th",
    "name_en",
    "rationale",
    "target_quantity",
    "target_quality",
    "method",
    "place_text",
)
PLAIN = ("first_month", "last_month", "origin", "novelty")


@transaction.atomic
def begin_change(entry_id: int, *, actor: Person, at: datetime) -> ChangeRequest:
    """The entry's draft of a change, made if there is none: pressing twice begins one.

    Raises NotVisible, NotPermitted, NotPublished.
    """
    entry = projects.locked(entry_id)
    scope = {"agency_code": entry.agency_id}
    if not may(actor, "project.view", state=entry.state, **scope):
        raise NotVisible
    if not may(actor, "change.begin", **scope):
        raise NotPermitted(act="change.begin", state="-")
    if not stands_published(entry):
        raise NotPublished
    draft = ChangeRequest.objects.filter(entry=entry, state=DRAFT).first()
    if draft is not None:
        return draft
    assert actor.user_id is not None
    # One number after another: whoever begins a request holds the year's first version.
    PlanVersion.objects.select_for_update(of=("self",)).get(
        fiscal_year_be=entry.fiscal_year_be, number=1
    )
    last = ChangeRequest.objects.filter(fiscal_year_be=entry.fiscal_year_be).aggregate(
        last=Max("number")
    )["last"]
    change = ChangeRequest.objects.create(
        fiscal_year_be=entry.fiscal_year_be,
        number=(last or 0) + 1,
        entry=entry,
        agency_id=entry.agency_id,
        state_since=at,
        author_id=actor.user_id,
    )
    _record("change.begin", change, actor=actor, at=at)
    return change


@transaction.atomic
def propose(
    change_id: int,
    given: EntryInput | None = None,
    *,
    why: str | None = None,
    revision: int,
    actor: Person,
    at: datetime,
) -> ChangeRequest:
    """Put fields, and the reason, into a draft request; None leaves either as it is.

    A field proposed as it stands is no proposal. Raises NotVisible, NotPermitted, Stale, and what
    writing an entry raises; then nothing is written.
    """
    change = _editable(change_id, actor, revision)
    if given is not None:
        base, proposed = _would_say(change.entry, given, actor=actor, at=at)
        for name, value in proposed.items():
            change.base.pop(name, None)
            change.proposed.pop(name, None)
            if value != base[name]:
                change.base[name], change.proposed[name] = base[name], value
    if why is not None:
        change.why = normalise(why, keep_lines=True)[:20_000]
    _save(change)
    _record("change.edit", change, actor=actor, at=at, facts=_facts(change))
    return change


@transaction.atomic
def withdraw_field(
    change_id: int, name: str, *, revision: int, actor: Person, at: datetime
) -> ChangeRequest:
    """Take one field out of a draft request."""
    change = _editable(change_id, actor, revision)
    change.base.pop(name, None)
    change.proposed.pop(name, None)
    _save(change)
    _record("change.edit", change, actor=actor, at=at, facts=_facts(change))
    return change


@transaction.atomic
def adopt_current(change_id: int, *, revision: int, actor: Person, at: datetime) -> ChangeRequest:
    """Take what stands now as what the draft request changes, after looking at the difference."""
    change = _editable(change_id, actor, revision)
    now = to_json(sheet_of(change.entry))
    change.base = {name: now[name] for name in change.proposed}
    change.proposed = {n: v for n, v in change.proposed.items() if v != change.base[n]}
    change.base = {name: change.base[name] for name in change.proposed}
    _save(change)
    _record("change.edit", change, actor=actor, at=at, facts=_facts(change))
    return change


@transaction.atomic
def take_change_step(
    change_id: int,
    step: str,
    *,
    revision: int,
    actor: Person,
    at: datetime,
    reason: str = "",
    body_code: str = "",
    meeting: Meeting = Meeting(),
) -> ChangeRequest:
    """Submit, return, approve or refuse a request; `revision` is the one that was read.

    Approving writes the working entry; the public reads it from the next version on. Raises Stale
    (the request was rewritten), ChangeStale (what it changes was), BodyMissing, BodyTooLow,
    NothingProposed, WhyMissing, and what `decide` raises; then nothing is written.
    """
    change = _locked(change_id, actor)
    decision = decide(_subject(change), step, actor=actor, at=at, reason=reason, meeting=meeting)
    if change.revision != revision:
        raise Stale(revision=change.revision, change_id=change.pk)
    if step in ("submit", "approve"):
        _ensure_sound(change)
    if step in ("approve", "refuse"):
        _decided(change, step, body_code, meeting, decision.reason)
        change.decided_at = at
        change.decided_post_th = decision.post_title_th
        change.decided_post_en = decision.post_title_en
    if step == "approve":
        _write(change, actor=actor, at=at)
    if step == "return":
        change.outcome_reason = decision.reason
    _moved(change, decision.to_state, at)
    return change


@transaction.atomic
def apply_now(change_id: int, *, revision: int, actor: Person, at: datetime) -> PlanVersion:
    """Publish an approved change at once, with a new official version of the whole plan.

    Everything else that is approved or in the plan by now stands in that version too. Raises what
    `decide` and `publish` raise.
    """
    change = _locked(change_id, actor)
    _subject_may_apply(change, actor)
    if change.revision != revision:
        raise Stale(revision=change.revision, change_id=change.pk)
    note = f"คำขอเปลี่ยนแปลงที่ {change.number}/{change.fiscal_year_be}"
    return publish(change.fiscal_year_be, kind=OFFICIAL, note=note, actor=actor, at=at)


# --- Parts ---------------------------------------------------------------------------------------


def _locked(change_id: int, actor: Person) -> ChangeRequest:
    """The request with its entry, both held. Raises NotVisible."""
    entry_id = ChangeRequest.objects.filter(pk=change_id).values_list("entry_id", flat=True).first()
    if entry_id is None:
        raise NotVisible
    entry = projects.locked(entry_id)
    change = ChangeRequest.objects.select_for_update(of=("self",)).get(pk=change_id)
    change.entry = entry
    if not may(actor, "change.view", state=change.state, agency_code=change.agency_id):
        raise NotVisible
    return change


def _editable(change_id: int, actor: Person, revision: int) -> ChangeRequest:
    change = _locked(change_id, actor)
    if not may(actor, "change.edit", state=change.state, agency_code=change.agency_id):
        raise NotPermitted(act="change.edit", state=change.state)
    if change.revision != revision:
        raise Stale(revision=change.revision, change_id=change.pk)
    return change


def _subject(change: ChangeRequest) -> Subject:
    label = f"{change.number}/{change.fiscal_year_be} {change.entry.project.code}"
    return Subject(
        CHANGE, change.pk, label, change.state, change.agency_id, change.fiscal_year_be,
        frozenset({change.author_id}),
    )  # fmt: skip


def _subject_may_apply(change: ChangeRequest, actor: Person) -> None:
    """The same answer as `decide` gives, before a whole plan is frozen."""
    if change.state != APPROVED or not right_of(actor, "change.apply", state=change.state):
        decide(_subject(change), "apply", actor=actor, at=change.state_since)


def _would_say(
    entry: ProjectEntry, given: EntryInput, *, actor: Person, at: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(fields as they stand, as they would stand): written, read, and taken back."""
    base = to_json(sheet_of(entry))
    with transaction.atomic():
        projects.write_into(
            ProjectEntry.objects.select_related("project").get(pk=entry.pk),
            given,
            actor=actor,
            at=at,
        )
        after = to_json(sheet_of(entry))
        transaction.set_rollback(True)
    touched = [
        name
        for name in after
        if name not in NOT_COMPARED and (name in given_fields(given) or after[name] != base[name])
    ]
    return base, {name: after[name] for name in touched}


def given_fields(given: EntryInput) -> set[str]:
    """Fields of the sheet that an input speaks of."""
    parts = {
        "promises": given.promises, "activities": given.activities, "risks": given.risks,
        "indicators": given.indicator_ids, "districts": given.district_weights,
        "supporting": given.supporting_codes, "partners": given.partner_names,
        "first_month": given.first_month, "last_month": given.last_month, "origin": given.origin,
        "novelty": given.novelty,
    }  # fmt: skip
    named = {name for name, value in parts.items() if value is not None}
    if given.primary_element_ids is not None or given.other_element_ids is not None:
        named.add("links")
    return named | set(given.texts)


def input_of(proposed: dict[str, Any]) -> EntryInput:
    """The input that makes an entry say what was proposed."""
    texts = {name: proposed[name] for name in TEXTS if name in proposed}
    if "objectives" in proposed:
        texts["objectives"] = "\n".join(proposed["objectives"])
    parts: dict[str, Any] = {name: proposed[name] for name in PLAIN if name in proposed}
    for name, kind in (
        ("promises", PromiseValues),
        ("activities", ActivityValues),
        ("risks", RiskValues),
    ):
        if name in proposed:
            parts[name] = tuple(from_json(kind, one) for one in proposed[name])
    if "districts" in proposed:
        parts["district_weights"] = {code: weight for code, *_n, weight in proposed["districts"]}
    if "supporting" in proposed:
        parts["supporting_codes"] = tuple(code for code, *_names in proposed["supporting"])
    if "partners" in proposed:
        parts["partner_names"] = tuple(name for name, _english in proposed["partners"])
    if "links" in proposed:
        for key, primary in (("primary_element_ids", True), ("other_element_ids", False)):
            parts[key] = tuple(
                _element(link) for link in proposed["links"] if link["is_primary"] is primary
            )
    if "indicators" in proposed:
        codes = [one["code"] for one in proposed["indicators"]]
        found = Indicator.objects.filter(code__in=codes).order_by("code")
        parts["indicator_ids"] = tuple(found.values_list("pk", flat=True))
    return EntryInput(texts=texts, **parts)


def _element(link: dict[str, Any]) -> int:
    found = Element.objects.get(framework__code=link["framework_code"], number=link["number"])
    return int(found.pk)


def _ensure_sound(change: ChangeRequest) -> None:
    if not change.proposed:
        raise NothingProposed
    if not change.why:
        raise WhyMissing
    if not stands_published(change.entry):
        raise NotPublished
    now = to_json(sheet_of(change.entry))
    moved = {name: [base, now[name]] for name, base in change.base.items() if now[name] != base}
    if moved:
        raise ChangeStale(fields=tuple(moved), differences=moved)


def _decided(
    change: ChangeRequest, step: str, body_code: str, meeting: Meeting, reason: str
) -> None:
    body = DecidingBody.objects.filter(pk=body_code).first()
    if body is None:
        raise BodyMissing
    if step == "approve" and change.weight == MATERIAL and not body.decides_material:
        because = weigh({n: [change.base[n], change.proposed[n]] for n in change.proposed}).because
        raise BodyTooLow(body=body.name_th, fields=because)
    change.body = body
    change.meeting_number, change.meeting_date = meeting.number.strip(), meeting.day
    change.outcome_reason = reason


def _write(change: ChangeRequest, *, actor: Person, at: datetime) -> None:
    """The working entry says from now on what was approved."""
    projects.write_into(
        change.entry,
        input_of(change.proposed),
        actor=actor,
        at=at,
        verb="project.change",
        holding=actor.holding_for(STRATEGIST, None),
        facts={"change": f"{change.number}/{change.fiscal_year_be}"},
    )


def _save(change: ChangeRequest) -> None:
    pairs = {name: [change.base[name], value] for name, value in change.proposed.items()}
    change.weight = weigh(pairs).weight
    change.revision += 1
    change.save()


def _moved(change: ChangeRequest, state: str, at: datetime) -> None:
    change.state, change.state_since = state, at
    change.revision += 1
    change.save()


def _facts(change: ChangeRequest) -> dict[str, Any]:
    changed = {name: [change.base[name], value] for name, value in change.proposed.items()}
    return {"changed": changed, "why": change.why, "weight": change.weight}


def _record(
    verb: str,
    change: ChangeRequest,
    *,
    actor: Person,
    at: datetime,
    facts: dict[str, Any] | None = None,
) -> None:
    subject = _subject(change)
    record(
        verb,
        subject=(CHANGE, str(change.pk), subject.label),
        actor=actor,
        at=at,
        holding=actor.holding_for(PLANNER, change.agency_id),
        agency_code=change.agency_id,
        fiscal_year_be=change.fiscal_year_be,
        facts=facts,
    )
