"""Publishing: a deed of its own, on a version of the plan, which is then frozen."""

import hashlib
import json
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from nayu.agencies.domain import STRATEGIST, Person
from nayu.agencies.models import District
from nayu.approvals.domain import CHANGE, may
from nayu.approvals.services import Subject, decide
from nayu.audit.services import record, seal_all
from nayu.budget.domain import PROJECT
from nayu.budget.models import Line, Request
from nayu.budget.queries import LineSheet, line_sheets, reached_stage
from nayu.core.errors import NotPermitted, RuleBroken
from nayu.core.money import text_of
from nayu.core.money import total as add_up
from nayu.core.values import to_json
from nayu.projects import services as projects
from nayu.projects.domain import EntrySheet
from nayu.projects.models import EntryLink, ProjectEntry, Relation
from nayu.projects.queries import sheets
from nayu.publication.models import (
    DRAFT,
    OFFICIAL,
    ChangeRequest,
    FrozenEntry,
    FrozenLine,
    FrozenLink,
    FrozenShare,
    PlanVersion,
)
from nayu.publication.queries import is_published


class NothingToPublish(RuleBroken):
    """No project of the year is in the plan yet."""

    code = "nothing_to_publish"


# A draft for comment shows what the desks have reviewed; the plan only what is in it.
STATES_OF_KIND = {DRAFT: ("reviewed", "in_plan"), OFFICIAL: ("in_plan",)}


@transaction.atomic
def publish(
    fiscal_year_be: int, *, kind: str, note: str = "", actor: Person, at: datetime
) -> PlanVersion:
    """Freeze the year's plan as a new version, at the stage its money has reached.

    Routine work and the central fund come in once their requests have left the agency.
    Raises NotPermitted, NothingToPublish.
    """
    if not may(actor, "plan.publish"):
        raise NotPermitted(act="plan.publish", state="-")
    stage = reached_stage(fiscal_year_be)
    entries = list(
        ProjectEntry.objects.select_for_update(of=("self",))
        .filter(fiscal_year_be=fiscal_year_be, state__in=STATES_OF_KIND[kind])
        .order_by("project__code")
    )
    if not entries:
        raise NothingToPublish(fiscal_year=fiscal_year_be)
    number = (
        PlanVersion.objects.filter(fiscal_year_be=fiscal_year_be).aggregate(last=Max("number"))[
            "last"
        ]
        or 0
    ) + 1
    holding = actor.holding_for(STRATEGIST, None)
    assert holding is not None
    assert actor.user_id is not None
    version = PlanVersion.objects.create(
        fiscal_year_be=fiscal_year_be,
        number=number,
        kind=kind,
        stage_id=stage,
        published_at=at,
        published_by_id=actor.user_id,
        post_title_th=holding.title_th,
        post_title_en=holding.title_en,
        note=note,
        content_hash="",
    )
    version.content_hash = _freeze(version, entries, stage)
    # Last, so that the worker's sealer waits for as little of this as possible.
    version.record_head = seal_all(at=at)[1]
    version.save(update_fields=["content_hash", "record_head"])
    if kind == OFFICIAL:
        _show_changes(version, by_entry=[entry.pk for entry in entries], actor=actor, at=at)
    record(
        "plan.publish",
        subject=("plan", f"{fiscal_year_be}/{number}", f"{fiscal_year_be} / {number}"),
        actor=actor,
        at=at,
        holding=holding,
        fiscal_year_be=fiscal_year_be,
        facts={
            "stage": stage,
            "kind": kind,
            "hash": version.content_hash,
            "record_head": version.record_head,
        },
    )
    return version


def _show_changes(
    version: PlanVersion, *, by_entry: list[int], actor: Person, at: datetime
) -> None:
    """Approved changes of the entries stand in this version: each takes its last step."""
    waiting = ChangeRequest.objects.select_for_update(of=("self",)).filter(
        fiscal_year_be=version.fiscal_year_be, state="approved", entry__in=by_entry
    )
    for change in waiting.select_related("entry__project").order_by("number"):
        label = f"{change.number}/{change.fiscal_year_be} {change.entry.project.code}"
        subject = Subject(
            CHANGE, change.pk, label, change.state, change.agency_id, change.fiscal_year_be
        )
        decision = decide(subject, "apply", actor=actor, at=at)
        change.state, change.state_since = decision.to_state, at
        change.published_in = version
        change.revision += 1
        change.save(update_fields=["state", "state_since", "published_in", "revision"])


def _freeze(version: PlanVersion, entries: list[ProjectEntry], stage: str) -> str:
    """Copy entries and lines as values; answers the SHA-256 of all of it."""
    digest = hashlib.sha256()
    entry_sheets = {sheet.entry_id: sheet for sheet in sheets(entries)}
    project_lines = _lines_of(entries)
    frozen = FrozenEntry.objects.bulk_create(
        [
            _frozen_entry(version, entry, entry_sheets[entry.pk], project_lines, stage)
            for entry in entries
        ],
        batch_size=500,
    )
    by_entry = {item.entry_id: item for item in frozen}
    _freeze_links(by_entry, entry_sheets)
    sheets_of_lines = [s for lines in project_lines.values() for s in lines]
    sheets_of_lines += _standing_lines(version.fiscal_year_be)
    columns = {line.pk: line for line in Line.objects.filter(fiscal_year_be=version.fiscal_year_be)}
    FrozenLine.objects.bulk_create(
        [
            _frozen_line(version, sheet, columns[sheet.line_id], by_entry, stage)
            for sheet in sheets_of_lines
        ],
        batch_size=1000,
    )
    for sheet in entry_sheets.values():
        digest.update(json.dumps(to_json(sheet), ensure_ascii=False, sort_keys=True).encode())
    for line in sheets_of_lines:
        digest.update(f"{line.line_id} {text_of(line.at(stage) or Decimal(0))}\n".encode())
    return digest.hexdigest()


def _lines_of(entries: list[ProjectEntry]) -> dict[int, list[LineSheet]]:
    lines: dict[int, list[LineSheet]] = {entry.pk: [] for entry in entries}
    for sheet in line_sheets(Line.objects.filter(entry__in=entries)):
        assert sheet.entry_id is not None
        lines[sheet.entry_id].append(sheet)
    return lines


def _standing_lines(fiscal_year_be: int) -> list[LineSheet]:
    """Lines of routine work and the central fund whose request has left the agency."""
    sent = (
        Request.objects.filter(fiscal_year_be=fiscal_year_be)
        .exclude(state="open")
        .values("agency_id")
    )
    return line_sheets(
        Line.objects.filter(fiscal_year_be=fiscal_year_be, agency_id__in=sent).exclude(kind=PROJECT)
    )


def _frozen_entry(
    version: PlanVersion,
    entry: ProjectEntry,
    sheet: EntrySheet,
    lines: dict[int, list[LineSheet]],
    stage: str,
) -> FrozenEntry:
    return FrozenEntry(
        version=version,
        entry=entry,
        agency_id=entry.agency_id,
        project_code=sheet.project_code,
        name_th=sheet.name_th,
        name_en=sheet.name_en,
        sheet=to_json(sheet),
        amount=add_up(line.at(stage) or Decimal(0) for line in lines[entry.pk]),
    )


def _freeze_links(by_entry: dict[int, FrozenEntry], entry_sheets: dict[int, EntrySheet]) -> None:
    FrozenLink.objects.bulk_create(
        [
            FrozenLink(
                frozen=by_entry[link.entry_id],
                framework_id=link.framework_id,
                element_id=link.element_id,
            )
            for link in EntryLink.objects.filter(entry_id__in=by_entry, is_primary=True)
        ],
        batch_size=1000,
    )
    ids = dict(District.objects.values_list("plan_code", "pk"))
    FrozenShare.objects.bulk_create(
        [
            FrozenShare(frozen=by_entry[sheet.entry_id], district_id=ids[code], weight=weight)
            for sheet in entry_sheets.values()
            for code, _th, _en, weight in sheet.districts
        ],
        batch_size=1000,
    )


def _frozen_line(
    version: PlanVersion,
    sheet: LineSheet,
    line: Line,
    by_entry: dict[int, FrozenEntry],
    stage: str,
) -> FrozenLine:
    return FrozenLine(
        version=version,
        line=line,
        frozen=by_entry.get(sheet.entry_id) if sheet.entry_id else None,
        entry_id=line.entry_id,
        kind=line.kind,
        agency_id=line.agency_id,
        category_id=line.category_id,
        work_id=line.work_id,
        source_id=line.source_id,
        order=line.order,
        item=line.item,
        sheet=to_json(sheet),
        amount=sheet.at(stage) or Decimal(0),
    )


def relate(
    entry_id: int, other_id: int, kind: str, *, reason: str = "", actor: Person, at: datetime
) -> Relation:
    """As `projects.services.relate`, which cannot know what is published."""
    other = ProjectEntry.objects.filter(pk=other_id).first()
    return projects.relate(
        entry_id, other_id, kind, reason=reason, actor=actor, at=at,
        is_published=other is not None and is_published(other),
    )  # fmt: skip
