"""What is promised for the money of a plan: by element, district and group of people."""

import csv
import io
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nayu.budget.domain.benefits import Counted, RollUp, overlaps
from nayu.budget.models import Stage
from nayu.core.cells import harmless
from nayu.core.errors import NotVisible
from nayu.core.money import text_of
from nayu.documents.domain import Column, Document, Paragraph, Table
from nayu.documents.domain import Row as DocumentRow
from nayu.documents.services import MEDIA_TYPES, Choice
from nayu.documents.services import write as write_document
from nayu.portal.forms.entry_fields import group_choices
from nayu.portal.queries.plans import Plan, plan_of
from nayu.portal.queries.promised import stages_of
from nayu.portal.queries.roll_ups import (
    BY,
    DISTRICT,
    ELEMENT,
    GROUP,
    NOT_STATED,
    Bucket,
    RollUps,
    bucket_of,
    roll_ups,
)
from nayu.portal.views.frame import is_english, named_here, page_frame
from nayu.portal.views.listing import page_of
from nayu.projects.domain import GROUPS
from nayu.strategy.queries import frameworks_in_force
from nayu.ui.components import Crumb

UNITS_SHOWN = 3


def by_names() -> dict[str, str]:
    return {
        ELEMENT: _("Element of the framework"),
        DISTRICT: _("District"),
        GROUP: _("Group of people"),
    }


@require_GET
def ledger(request: HttpRequest, year: int, by: str = ELEMENT) -> HttpResponse:
    """The whole plan one way: each row with its promises, its money and two bounds of people."""
    plan, stage = _asked(request, year, by)
    page = page_frame(year, "portal:ledger", "budget", plan) | {"by": by, "by_names": by_names()}
    if plan is None or stage is None:
        return render(request, "portal/ledger.html", page)
    found = roll_ups(plan, by, stage.code)
    page |= _frame_of(request, plan, stage, by) | {
        "rows": [_shown(row.bucket, row.figures, by) for row in found.rows],
        "found": found,
        "whole": _figures(found.whole),
        "frameworks": frameworks_in_force(year) if by == ELEMENT else [],
    }
    return render(request, "portal/ledger.html", page)


@require_GET
def ledger_part(request: HttpRequest, year: int, by: str, code: str) -> HttpResponse:
    """One row: all of its promises, each with its project, its number and its money."""
    plan, stage = _asked(request, year, by)
    if plan is None or stage is None:
        raise NotVisible
    row = bucket_of(roll_ups(plan, by, stage.code), code)
    if row is None:
        raise NotVisible
    held = sorted(
        row.bucket.held,
        key=lambda pair: (-pair[1].total_baht, pair[0].entry_id, pair[0].order),
    )
    _start, shown, paging = page_of(
        request, held, lambda pair: f"{pair[0].entry_id}-{pair[0].order}"
    )
    name = _name_of(row.bucket, by)
    page = page_frame(year, "portal:ledger", "budget", plan) | _frame_of(request, plan, stage, by)
    page |= {
        "by": by,
        "name": name,
        "figures": _figures(row.figures),
        "note": _overlap_of(code) if by == GROUP else "",
        "held": [(one, part, plan.entries[one.entry_id]) for one, part in shown],
        "bare": [
            (plan.entries[entry_id], amount) for entry_id, amount in row.bucket.unpromised.items()
        ],
        "paging": paging,
        "crumbs": [
            Crumb(_("Budget"), reverse("portal:money", args=[year])),
            Crumb(_("What people get for it"), reverse("portal:ledger_by", args=[year, by])),
            Crumb(name),
        ],
    }
    return render(request, "portal/ledger_part.html", page)


def _asked(request: HttpRequest, year: int, by: str) -> tuple[Plan | None, Stage | None]:
    """The plan by the framework and at the stage that the address names. Raises NotVisible."""
    plan = plan_of(year)
    if by not in BY:
        raise NotVisible
    if plan is None:
        return None, None
    if wanted := request.GET.get("framework", ""):
        chosen = next((one for one in frameworks_in_force(year) if one.code == wanted), None)
        if chosen is None:
            raise NotVisible
        plan = plan.in_framework(chosen)
    code = request.GET.get("stage", "") or plan.version.stage_id
    stage = next((one for one in stages_of(plan.version) if one.code == code), None)
    if stage is None:
        raise NotVisible
    return plan, stage


def _frame_of(request: HttpRequest, plan: Plan, stage: Stage, by: str) -> dict[str, Any]:
    """The stages to choose from, and the query by which links keep stage and framework."""
    kept = request.GET.copy()
    for name in set(kept) - {"stage", "framework"}:
        kept.pop(name)
    links = []
    for one in stages_of(plan.version):
        kept_here = kept.copy()
        kept_here["stage"] = one.code
        links.append((one, f"?{kept_here.urlencode()}", one.pk == stage.pk))
    return {
        "stage": stage,
        "is_own_stage": stage.code == plan.version.stage_id,
        "stages": links,
        "kept": f"?{kept.urlencode()}" if kept else "",
        "by_name": by_names()[by],
        "framework": plan.framework,
    }


def _name_of(bucket: Bucket, by: str) -> str:
    if by == GROUP:
        return group_names()[bucket.code]
    name = named_here(bucket)
    return f"{bucket.code} {name}" if by == ELEMENT and bucket.code[:1].isdecimal() else name


def group_names() -> dict[str, str]:
    names = {choice.code: choice.name for choice in group_choices() if choice.code}
    return names | {NOT_STATED: _("group not stated")}


def _overlap_of(code: str) -> str:
    """Which groups may hold the same people as this one, in a sentence."""
    if code == NOT_STATED:
        return _("These promises name no group: their people may be of any")
    names = group_names()
    others = overlaps(GROUPS)[code]
    apart = [names[one] for one in GROUPS if one != code and one not in others]
    if apart:
        return _("May be the same people as in every other group but: %(groups)s") % {
            "groups": ", ".join(apart)
        }
    return _("May be the same people as in every other group")


def _unit(counted: Counted) -> str:
    return counted.unit_en if is_english() and counted.unit_en else counted.unit_th


def _figures(figures: RollUp) -> dict[str, Any]:
    return {
        "sums": figures,
        "counted": [(one, _unit(one)) for one in figures.counted],
    }


def _shown(bucket: Bucket, figures: RollUp, by: str) -> dict[str, Any]:
    counted = [(one, _unit(one)) for one in figures.counted]
    return {
        "code": bucket.code,
        "depth": bucket.depth,
        "name": _name_of(bucket, by),
        "note": _overlap_of(bucket.code) if by == GROUP else "",
        "sums": figures,
        "counted": counted[:UNITS_SHOWN],
        "more_units": max(0, len(counted) - UNITS_SHOWN),
    }


# --- The same table as a file -----------------------------------------------------------------


@require_GET
def ledger_file(request: HttpRequest, year: int, by: str, file_format: str) -> HttpResponse:
    """The table as CSV or XLSX: one row for each unit of each bucket, one for what has no promise."""
    plan, stage = _asked(request, year, by)
    if plan is None or stage is None or file_format not in ("csv", "xlsx"):
        raise NotVisible
    found = roll_ups(plan, by, stage.code)
    name = f"ledger-{year}-{by}-{stage.code}.{file_format}"
    content = _csv(found, by) if file_format == "csv" else _xlsx(plan, stage, found, by)
    media = "text/csv; charset=utf-8" if file_format == "csv" else MEDIA_TYPES["xlsx"]
    return HttpResponse(
        content,
        content_type=media,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _heads() -> list[str]:
    return [
        _("Level"), _("Code"), _("Name"), _("Unit"), _("Promises"), _("At least"), _("At most"),
        _("Promises whose number is not stated for this money"), _("Baht"), _("Baht for each one"),
    ]  # fmt: skip


Cells = tuple[int, str, str, str, int, Decimal | None, Decimal | None, int, Decimal, Decimal | None]


def table_rows(found: RollUps, by: str) -> list[Cells]:
    """Rows of level 1 add up to the whole; those of deeper levels are parts of the ones above."""
    rows: list[Cells] = []
    for row in found.rows:
        at = (row.bucket.depth, row.bucket.code, _name_of(row.bucket, by))
        rows += [
            (*at, _unit(one), one.promises, one.at_least, one.at_most, one.unknown,
             one.total_baht, one.per_one_baht)
            for one in row.figures.counted
        ]  # fmt: skip
        if row.figures.unpromised_baht:
            words, bare = _("(no promise)"), row.figures.unpromised_baht
            rows.append((*at, words, 0, None, None, 0, bare, None))
    return rows


def _csv(found: RollUps, by: str) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(_heads())
    for *words, promises, least, most, unknown, baht, each in table_rows(found, by):
        figures = ["" if one is None else f"{one.normalize():f}" for one in (least, most)]
        money = [text_of(baht), "" if each is None else text_of(each)]
        cells = [str(words[0]), *map(str, words[1:]), str(promises), *figures, str(unknown), *money]
        writer.writerow([harmless(cell) for cell in cells])
    return ("\ufeff" + stream.getvalue()).encode()


def _xlsx(plan: Plan, stage: Stage, found: RollUps, by: str) -> bytes:
    kinds = ("number", "code", "text", "text", "number", "number", "number", "number", "money", "money")  # fmt: skip
    columns = tuple(
        Column(head, kind, 40 if place == 2 else 1)  # type: ignore[arg-type]
        for place, (head, kind) in enumerate(zip(_heads(), kinds, strict=True))
    )
    rows = [
        DocumentRow(tuple(Decimal(one) if isinstance(one, int) else one for one in cells))
        for cells in table_rows(found, by)
    ]
    total = (None, None, _("Total"), None, Decimal(found.whole.promises), None, None, None,
             found.total_baht, None)  # fmt: skip
    title = _("What people get for the money, fiscal year %(year)s") % {"year": plan.fiscal_year_be}
    document = Document(
        title=title,
        subtitle=f"{by_names()[by]} · {named_here(stage)}",
        running_head=title,
        lang="en" if get_language() == "en" else "th",
        digits="arabic",
        as_at=plan.version.published_at.date(),
        sample_mark=_("Sample data: not the figures of the Bangkok Metropolitan Administration")
        if settings.SAMPLE_CITY
        else None,
        blocks=(
            Paragraph(people_rule()),
            Table(by_names()[by], columns, (*rows, DocumentRow(total, emphasis="total"))),
        ),
    )
    return write_document(Choice("ledger", plan.fiscal_year_be, "xlsx"), document).content


def people_rule() -> str:
    """How people of several projects are counted; the same words on every page and file."""
    return _(
        "At least: the largest single promise, since all the others may be made to the same people. "
        "At most: all promises added up, right only if nobody is counted twice. Nobody knows the "
        "number between, so none is shown"
    )
