"""The plan as published against the working entries: which projects differ, and by how much."""

from dataclasses import dataclass
from decimal import Decimal

from nayu.agencies.domain import Person
from nayu.approvals.domain import PROJECT
from nayu.audit.models import Event
from nayu.budget.models import Line, StageAmount
from nayu.budget.queries import line_sheets
from nayu.db.fields import sum_satang
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheets
from nayu.publication.domain import Difference, between
from nayu.publication.models import FrozenEntry, PlanVersion
from nayu.publication.queries import whole
from nayu.publication.services import STATES_OF_KIND

CHANGED, NEW, GONE = "changed", "new", "gone"


@dataclass(frozen=True)
class Differing:
    """A project that stands otherwise than published; amounts are baht at the version's stage."""

    kind: str
    code: str
    name_th: str
    name_en: str
    agency: object
    published: Decimal | None
    working: Decimal | None
    difference: Difference | None = None


def differing(version: PlanVersion, person: Person) -> list[Differing]:
    """Projects of the year that differ from a version, of those the person may see, by code.

    Only entries that a deed has touched since, or whose amount is another, are compared in full.
    """
    seen = {
        entry.pk: entry
        for entry in ProjectEntry.objects.visible_to(person)
        .filter(fiscal_year_be=version.fiscal_year_be, state__in=STATES_OF_KIND[version.kind])
        .select_related("project", "agency")
    }
    frozen = {
        one.entry_id: one
        for one in version.entries.defer("sheet").select_related("agency", "entry")
    }
    amounts = _amounts(version)
    touched = _touched_since(version)
    suspects = [
        pk
        for pk in seen.keys() & frozen.keys()
        if pk in touched or amounts.get(pk, Decimal(0)) != frozen[pk].amount
    ]
    found = _compared(version, suspects, seen, amounts)
    for pk, entry in seen.items():
        if pk not in frozen:
            name = (entry.name_th, entry.name_en)
            amount = amounts.get(pk, Decimal(0))
            found.append(Differing(NEW, entry.project.code, *name, entry.agency, None, amount))
    visible = set(
        ProjectEntry.objects.visible_to(person)
        .filter(pk__in=list(frozen))
        .values_list("pk", flat=True)
    )
    for pk, one in frozen.items():
        if pk in visible and pk not in seen:
            name = (one.name_th, one.name_en)
            found.append(Differing(GONE, one.project_code, *name, one.agency, one.amount, None))
    return sorted(found, key=lambda row: row.code)


def _amounts(version: PlanVersion) -> dict[int, Decimal]:
    rows = (
        StageAmount.objects.filter(
            stage_id=version.stage_id, line__fiscal_year_be=version.fiscal_year_be,
            line__kind=PROJECT,
        )
        .values("line__entry_id")
        .annotate(s=sum_satang("amount"))
    )  # fmt: skip
    return {row["line__entry_id"]: row["s"] for row in rows}


def _touched_since(version: PlanVersion) -> set[int]:
    published = Event.objects.filter(
        verb="plan.publish", subject_id=f"{version.fiscal_year_be}/{version.number}"
    ).first()
    later = Event.objects.filter(fiscal_year_be=version.fiscal_year_be, subject_kind=PROJECT)
    later = later.filter(pk__gt=published.pk) if published else later
    return {int(pk) for pk in later.values_list("subject_id", flat=True).distinct()}


def _compared(
    version: PlanVersion, suspects: list[int], seen: dict[int, ProjectEntry],
    amounts: dict[int, Decimal],
) -> list[Differing]:  # fmt: skip
    entries = [seen[pk] for pk in suspects]
    now = {sheet.entry_id: sheet for sheet in sheets(entries)}
    lines: dict[int | None, list[object]] = {}
    for line in line_sheets(Line.objects.filter(entry__in=suspects)):
        lines.setdefault(line.entry_id, []).append(line)
    published = FrozenEntry.objects.filter(version=version, entry__in=suspects)
    found = []
    for one in published.select_related("agency").prefetch_related("lines"):
        was = whole(one)
        difference = between(was.sheet, was.lines, now[one.entry_id], lines.get(one.entry_id, []))  # type: ignore[arg-type]
        amount = amounts.get(one.entry_id, Decimal(0))
        if difference.is_none and amount == one.amount:
            continue
        entry = seen[one.entry_id]
        found.append(
            Differing(
                CHANGED, one.project_code, entry.name_th, entry.name_en, one.agency, one.amount,
                amount, difference,
            )
        )  # fmt: skip
    return found
