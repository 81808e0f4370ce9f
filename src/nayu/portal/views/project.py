"""One project, as published or as it stands."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nayu.agencies.domain import Person
from nayu.approvals.domain import PROCEDURES, may
from nayu.approvals.messages import NAMES
from nayu.approvals.queries import decisions_of
from nayu.budget.models import Line, Stage
from nayu.budget.queries import LineSheet, line_sheets
from nayu.budget.queries.past import entry_lines_then, sheet_then
from nayu.core.errors import NotVisible
from nayu.core.fiscal_year import FiscalYear
from nayu.portal.queries.ledger import LedgerTable, ledger_table
from nayu.portal.queries.plans import (
    Plan,
    plan_of,
    working_entry,
)
from nayu.portal.queries.promised import PERSON
from nayu.portal.views.as_at import day_asked
from nayu.portal.views.differing import changes_told
from nayu.portal.views.frame import is_english, month_of, named_here, page_frame, place_tiles
from nayu.projects.domain import EntrySheet, PromiseValues
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheet_of
from nayu.publication.models import FrozenEntry, FrozenLine
from nayu.publication.queries import published_changes, published_project, stands_published
from nayu.ui.components import (
    BarRow,
    Crumb,
    StepShown,
    bar_rows,
)
from nayu.ui.templatetags.nayu import short_date


@require_GET
def project(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """A project's sheet: the working one for those who may see it, the published one for all."""
    person = request.person  # type: ignore[attr-defined]
    day = day_asked(request)
    side = _past_side(person, year, code, day) if day else _working_side(person, year, code)
    entry = side[0] if side else None
    plan = plan_of(year, day)
    working = entry is not None and request.GET.get("view") != "published"
    frozen_id = 0
    if working and side is not None:
        _entry, sheet, lines = side
    else:
        if plan is None:
            raise NotVisible
        published = published_project(plan.version, code)
        sheet, lines = published.sheet, list(published.lines)
        frozen_id = published.frozen_id
    stage = plan.version.stage_id if plan and not working else "requested"
    ledger = ledger_table(sheet, lines, stage)
    page = page_frame(year, "portal:projects", "projects", None) | {
        "plan": plan,
        "sheet": sheet,
        "entry": entry,
        "working": working,
        "lines": lines,
        "line_total": sum((line.at(stage) or Decimal(0) for line in lines), Decimal(0)),
        "line_rows": _line_rows(lines, stage, frozen_id),
        "requested_total": sum((line.amount for line in lines), Decimal(0)),
        "is_restaged": any(line.at(stage) != line.amount for line in lines),
        "stage": Stage.objects.filter(code=stage).first(),
        "stage_bars": _stage_bars(lines),
        "promises": [_sheet_promise(sheet, promise, ledger) for promise in sheet.promises],
        "ledger": ledger,
        "people": int(
            sum(
                (
                    row.kept.how_many or Decimal(0)
                    for row in ledger.rows
                    if row.promise.unit_th == PERSON
                ),
                Decimal(0),
            )
        ),
        "links": sheet.links,
        "position": sheet.links[0].position if sheet.links else 0,
        "ribbon": [(sheet.links[0].position if sheet.links else None, Decimal(100))],
        "tiles": place_tiles(sheet),
        "activities": [
            {
                "name": a.name_th,
                "weight_percent": Decimal(a.weight_percent),
                "first_position": a.first_month,
                "last_position": a.last_month,
            }
            for a in sheet.activities
        ],
        "steps": _steps(entry) if working and entry and not day else [],
        "changes_made": []
        if working or plan is None
        else changes_told(
            one
            for one in published_changes(year, code)
            if one.published_in and one.published_in.number <= plan.version.number
        ),
        "may_ask_change": bool(
            entry
            and not day
            and may(person, "change.begin", agency_code=entry.agency_id)
            and stands_published(entry)
        ),
        "past_total": bool(day and working),
        "crumbs": _project_crumbs(sheet, year),
        "family": _family(sheet, plan),
        "other_years": _other_years(sheet, year),
        "may_edit": bool(
            entry
            and not day
            and may(person, "project.edit", state=entry.state, agency_code=entry.agency_id)
        ),
        "first_day": FiscalYear(year).month(sheet.first_month),
        "last_day": FiscalYear(year).month(sheet.last_month),
    }
    return render(request, "portal/project.html", page)


Sides = tuple[ProjectEntry, EntrySheet, list[LineSheet]]


def _working_side(person: Person, year: int, code: str) -> Sides | None:
    """The entry as it stands, for whoever may see it."""
    entry = working_entry(person, year, code)
    if entry is None:
        return None
    return entry, sheet_of(entry), line_sheets(Line.objects.filter(entry=entry))


def _past_side(person: Person, year: int, code: str, day: date) -> Sides | None:
    """The entry at the end of a day, for whoever could see it in the state it then was."""
    entry = (
        ProjectEntry.objects.filter(fiscal_year_be=year, project__code=code)
        .select_related("project", "agency")
        .first()
    )
    sheet = sheet_then(entry, day) if entry else None
    if entry is None or sheet is None:
        return None
    if not may(person, "project.view", state=sheet.state, agency_code=entry.agency_id):
        return None
    return entry, sheet, entry_lines_then(entry, day)


def _project_crumbs(sheet: EntrySheet, year: int) -> list[Crumb]:
    crumbs = [
        Crumb(_("Plan of %(year)s") % {"year": year}, reverse("portal:home_year", args=[year]))
    ]
    if sheet.links:
        link = sheet.links[0]
        for number, thai, english in link.path:
            crumbs.append(
                Crumb(
                    f"{number} {english if is_english() and english else thai}",
                    reverse("portal:element", args=[year, link.framework_code, number]),
                )
            )
    return [*crumbs, Crumb(sheet.project_code)]


def _sheet_promise(
    sheet: EntrySheet, promise: PromiseValues, ledger: LedgerTable
) -> dict[str, Any]:
    english = is_english()
    row = ledger.of(promise.order)
    how_many, amount = row.kept.how_many, row.shown.total_baht
    names = {code: (th, en) for code, th, en, _w in sheet.districts}
    where = [
        names.get(code, (code, code))[1 if english else 0] for code in promise.districts or names
    ]
    return {
        "number": int(how_many) if how_many is not None and how_many == int(how_many) else how_many,
        "asked": promise.number,
        "percent": row.kept.percent,
        "unit": promise.unit_en if english and promise.unit_en else promise.unit_th,
        "who": promise.who_en if english and promise.who_en else promise.who_th,
        "change": promise.change_en if english and promise.change_en else promise.change_th,
        "where": ", ".join(where) if where else _("Whole city"),
        "period": month_of(sheet.fiscal_year_be, promise.from_month)
        + (f" · {promise.lasts_th}" if promise.lasts_th and not english else ""),
        "indicator": promise.evidence_en
        if english and promise.evidence_en
        else promise.evidence_th,
        "amount_baht": amount,
        "per_person_baht": row.per_one_baht if amount and promise.unit_th == PERSON else None,
        "position": sheet.links[0].position if sheet.links else 0,
    }


def _line_rows(
    lines: list[LineSheet], stage: str, frozen_id: int
) -> list[tuple[LineSheet, Decimal | None, int | None]]:
    """(line, amount at the stage, id of the published line)."""
    frozen = dict(FrozenLine.objects.filter(frozen_id=frozen_id).values_list("line_id", "pk"))
    return [(line, line.at(stage), frozen.get(line.line_id)) for line in lines]


def _stage_bars(lines: list[LineSheet]) -> tuple[BarRow, ...]:
    sums: dict[str, Decimal] = {}
    for line in lines:
        for stage, amount in line.stages:
            sums[stage] = sums.get(stage, Decimal(0)) + amount
    stages = [s for s in Stage.objects.order_by("order") if s.code in sums]
    return bar_rows(
        BarRow(
            named_here(stage),
            sums[stage.code],
            "" if stage is stages[-1] else "was",
            strong=stage is stages[-1],
        )
        for stage in stages
    )


def _steps(entry: ProjectEntry) -> list[StepShown]:
    shown = [
        StepShown(
            "done",
            str(NAMES[row.to_state]),
            f"{row.post_title_en if is_english() else row.post_title_th} · {short_date(row.at)}"
            + (f" · {_('meeting')} {row.meeting_number}" if row.meeting_number else ""),
            row.reason,
        )
        for row in decisions_of("project", entry.pk)
    ]
    waits = PROCEDURES["project"].waits_for.get(entry.state)
    if waits:
        shown.append(StepShown("now", str(NAMES[entry.state]), _role_name(waits), icon="clock"))
    return shown


def _role_name(role: str) -> str:
    return {
        "planner": _("waiting for the agency's planner"),
        "head": _("waiting for the head of the agency"),
        "strategist": _("waiting for the Strategy and Evaluation Department"),
        "budgeter": _("waiting for the Budget Department"),
        "executive": _("waiting for the executive"),
    }[role]


def _family(sheet: EntrySheet, plan: Plan | None) -> list[FrozenEntry]:
    if not sheet.family or plan is None:
        return []
    return list(
        plan.version.entries.filter(entry__project__family=sheet.family)
        .exclude(project_code=sheet.project_code)
        .select_related("agency")
        .defer("sheet")
        .order_by("project_code")[:50]
    )


def _other_years(sheet: EntrySheet, year: int) -> list[int]:
    found = (
        FrozenEntry.objects.filter(project_code=sheet.project_code)
        .exclude(version__fiscal_year_be=year)
        .values_list("version__fiscal_year_be", flat=True)
        .distinct()
        .order_by("version__fiscal_year_be")
    )
    return list(found)
