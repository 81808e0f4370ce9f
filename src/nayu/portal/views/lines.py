"""The lines of a project: a table, a form, and beside them what is left of each ceiling."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nayu.agencies.domain import Person
from nayu.approvals.domain import may
from nayu.budget import services as budget
from nayu.budget.domain import NOVELTIES, PRICE_REFERENCES, PROJECT, UNSPECIFIED_TYPE
from nayu.budget.domain.profile import profile_of
from nayu.budget.models import (
    Commitment,
    ExpenditureCategory,
    ExpenditureType,
    FunctionNode,
    FundingSource,
    Line,
    Request,
)
from nayu.budget.queries import line_sheets, uses
from nayu.budget.queries.prices import outside
from nayu.core.errors import RuleBroken
from nayu.core.money import total as add_up
from nayu.db.clock import now
from nayu.portal.forms import (
    Choice,
    Drawing,
    Typed,
    later_fields,
    line_fields,
    line_input,
    plain,
    running_fields,
    whole_or_zero,
)
from nayu.portal.queries.attachments import filled, line_shelves, project_address
from nayu.portal.queries.prices import prices_of_line
from nayu.portal.views.comments import comments_context
from nayu.portal.views.parts import entry_or_404, month_choices
from nayu.portal.views.sentences import sentences_of
from nayu.projects.models import ProjectEntry
from nayu.ui.components import Crumb, Meter
from nayu.ui.templatetags.nayu import named

CENTRAL_TYPE = "6"  # the central fund is no agency's to ask from
LineLists = dict[str, tuple[Choice, ...]]


def line_lists() -> LineLists:
    """The choices of a line's form; a category carries the type whose ceiling it eats."""
    categories = (
        ExpenditureCategory.objects.exclude(type_id__in=[UNSPECIFIED_TYPE, CENTRAL_TYPE])
        .filter(code__regex=r"^[1-5]\.[0-9]$")
        .select_related("type")
        .order_by("code")
    )
    references = {
        "standard": _("standard price list"), "quotation": _("quotations"),
        "past_purchase": _("past purchase"), "design": _("drawing and median price"),
        "payroll": _("payroll"), "other": _("other"),
    }  # fmt: skip
    novelties = {
        "new": _("new"), "continuing": _("continuing"), "replacement": _("replacement"),
    }  # fmt: skip
    works = FunctionNode.objects.filter(depth=3, code__startswith="F").order_by("code")
    return {
        "category": tuple(
            Choice(one.code, f"{named(one.type)} › {named(one)}", one.type_id)
            for one in categories
        ),
        "work": tuple(Choice(one.code, named(one)) for one in works),
        "source": tuple(Choice(s.code, named(s)) for s in FundingSource.objects.order_by("order")),
        "price_reference": tuple(Choice(code, references[code]) for code in PRICE_REFERENCES),
        "novelty": tuple(Choice(code, novelties[code]) for code in NOVELTIES),
    }  # fmt: skip


def meters_of(
    person: Person, agency_code: str, year: int, own: Sequence[Line] = (), own_name: str = ""
) -> tuple[list[Meter], bool]:
    """(ceilings with what is asked from them, whether drafts are counted); none without the right.

    Lines under change, `own`, are counted as "this", once. Only who may read drafts is told their sum.
    """
    if not may(person, "ceiling.view", agency_code=agency_code):
        return [], False
    drafts = may(person, "project.view", state="draft", agency_code=agency_code)
    types = {t.code: t for t in ExpenditureType.objects.all()}
    counted = [
        line for line in own if drafts or line.entry is None or line.entry.state == "in_plan"
    ]
    meters = []
    for use in uses(agency_code, year, with_drafts=drafts):
        mine = add_up(line.amount for line in counted if line.category.type_id == use.type_code)
        meters.append(
            Meter(
                named(types[use.type_code]), use.asked_baht - mine, mine, use.ceiling_baht,
                this_name=own_name or _("this line"), code=use.type_code,
            )
        )  # fmt: skip
    return meters, drafts


def line_values(line: Line) -> dict[str, str]:
    """A line as it stands in its form."""
    return {
        "item": line.item, "quantity": plain(line.quantity), "unit": line.unit,
        "unit_price": plain(line.unit_price), "category": line.category_id,
        "work": line.work_id or "", "source": line.source_id,
        "price_reference": line.price_reference, "price_evidence": line.price_evidence,
        "price_reason": line.price_reason,
        "first_month": str(line.first_month), "last_month": str(line.last_month),
        "novelty": line.novelty, "priority": plain(line.priority),
        "if_not_funded": line.if_not_funded,
        "promise": str(line.promise_number or ""),
        **{f"later_{year}": plain(amount) for year, amount in years_of(line).items()},
        **{f"running_{one.fiscal_year_be}": plain(one.amount) for one in line.running_costs.all()},
    }  # fmt: skip


def years_of(line: Line | None) -> dict[int, Decimal]:
    """Baht by fiscal year of the line's commitment; empty when it is of one year."""
    if line is None or line.commitment is None:
        return {}
    years = line.commitment.years.order_by("fiscal_year_be")
    return dict(years.values_list("fiscal_year_be", "amount"))


def carried_years(line: Line | None) -> set[int]:
    """Years of the commitment that have a line of their own."""
    if line is None or line.commitment is None:
        return set()
    return set(line.commitment.lines.values_list("fiscal_year_be", flat=True))


def line_form(line: Line | None, draw: Drawing, lists: LineLists, year: int) -> dict[str, Any]:
    """What the page of a line's form needs besides who may use it."""
    years = years_of(line)
    later = later_fields(draw, year, carried_years(line))
    running = running_fields(draw, year)
    return {
        "line": line,
        "fields": line_fields(draw, lists),
        "later": later,
        "later_open": any(field.value for field in later),
        "running": running,
        "running_open": any(field.value for field in running),
        "earlier": [(one, amount) for one, amount in years.items() if one < year],
        "all_years": add_up(years.values()) if years else None,
    }


def usual_values(agency_code: str, novelty: str) -> dict[str, str]:
    """What a new line of an agency starts with: its most recent work, the city's own money."""
    latest = Line.objects.filter(agency_id=agency_code, work__isnull=False).order_by("-pk").first()
    return {
        "work": latest.work_id or "" if latest else "",
        "source": "bma",
        "novelty": novelty,
        "category": "2.1",
    }


def save_line(
    request: HttpRequest, line: Line | None, lists: LineLists, typed: Typed, **new: Any
) -> list[str]:
    """Add or change a line, or take it out; sentences tell why not. `new` is where a new one goes."""
    person, at = request.person, now()  # type: ignore[attr-defined]
    try:
        if request.POST.get("remove") and line:
            budget.remove_line(line.pk, actor=person, at=at)
            messages.success(request, _("The line was removed."), extra_tags="line-saved")
            return []
        year = line.fiscal_year_be if line else new["fiscal_year_be"]
        given = line_input(request.POST.dict(), typed, lists, year=year)  # type: ignore[arg-type]
        if typed.problems:
            return [_("The line is not saved yet. What you typed is still here.")]
        if line:
            revision = whole_or_zero(request.POST.get("revision"))
            budget.change_line(line.pk, given, revision=revision, actor=person, at=at)
        else:
            budget.add_line(given, after=_newest_seen(request), actor=person, at=at, **new)
    except RuleBroken as broken:
        return sentences_of(broken)
    messages.success(request, _("The line is saved."), extra_tags="line-saved")
    return []


def _newest_seen(request: HttpRequest) -> int | None:
    """The newest line when the form was drawn, by which pressing twice is known."""
    told = request.POST.get("newest")
    return whole_or_zero(told) if told else None


def newest_line(agency_code: str, fiscal_year_be: int) -> int:
    """What a form for a new line carries as `newest`; 0 before the first line."""
    found = Line.objects.filter(agency_id=agency_code, fiscal_year_be=fiscal_year_be)
    return found.aggregate(newest=Max("pk"))["newest"] or 0


def chosen_line(request: HttpRequest, found: Any) -> Line | None:
    """The line that the address or the form names, if it is one of these."""
    shown = whole_or_zero(request.POST.get("line") or request.GET.get("line"))
    line: Line | None = (
        found.filter(pk=shown).select_related("category", "commitment", "entry").first()
    )
    return line


def may_edit_lines(request: HttpRequest, entry: ProjectEntry) -> bool:
    """A project's lines follow its entry; once in the plan, they follow the agency's request."""
    person = request.person  # type: ignore[attr-defined]
    if entry.state != "in_plan":
        return may(person, "project.edit", state=entry.state, agency_code=entry.agency_id)
    asked = Request.objects.filter(
        agency_id=entry.agency_id, fiscal_year_be=entry.fiscal_year_be
    ).first()
    state = asked.state if asked else "open"
    return may(person, "request.edit", state=state, agency_code=entry.agency_id)


@login_required
@require_http_methods(["GET", "POST"])
def lines(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """A project's lines; GET ?line= opens one for changing."""
    entry = entry_or_404(request, year, code)
    line = chosen_line(request, entry.lines.all())
    lists, typed = line_lists() | {"promise": promise_choices(entry)}, Typed()
    sentences: list[str] = []
    if request.method == "POST":
        sentences = save_line(
            request, line, lists, typed, kind=PROJECT, agency_code=entry.agency_id,
            fiscal_year_be=year, entry_id=entry.pk,
        )  # fmt: skip
        if not sentences:
            return redirect("portal:lines", year, code)
    if request.method == "POST":
        data: dict[str, str] = request.POST.dict()  # type: ignore[assignment]
    else:
        data = line_values(line) if line else usual_values(entry.agency_id, entry.novelty)
    found = line_sheets(Line.objects.filter(entry=entry))
    draw = Drawing(data, {}, typed.problems, month_choices(year))
    may_edit = may_edit_lines(request, entry)
    person = request.person  # type: ignore[attr-defined]
    meters, drafts = meters_of(person, entry.agency_id, year, [line] if line else ())
    page = {
        **line_form(line, draw, lists, year),
        "year": year,
        "nav": "projects",
        "entry": entry,
        "lines": found,
        "newest": newest_line(entry.agency_id, year),
        "line_total": add_up(sheet.amount for sheet in found),
        "outside": outside(found, year),
        "profile": profile_of(found, year),
        **prices_of_line(line, year),
        "commitments": [_commitment(one) for one in _commitments(entry)],
        "meters": meters,
        "with_drafts": drafts,
        "may_edit": may_edit,
        "shelves": filled(line_shelves(entry, may_edit=False)),
        "attachments_address": project_address(entry),
        "may_write": entry.state != "in_plan" and may_edit,
        **comments_context(person, entry, ("lines",), "lines"),
        "sentences": sentences,
        "bad": typed.problems,
        "crumbs": [
            Crumb(code, reverse("portal:project", args=[year, code])), Crumb(_("Budget lines")),
        ],
    }  # fmt: skip
    return render(request, "portal/lines.html", page, status=422 if sentences else 200)


def promise_choices(entry: ProjectEntry) -> tuple[Choice, ...]:
    found = entry.promises.order_by("order").values_list("order", "who_th")
    return tuple(
        Choice(str(order), _("Promise %(n)s") % {"n": order} + f": {who[:80]}")
        for order, who in found
    )


def _commitments(entry: ProjectEntry) -> list[Commitment]:
    return list(entry.project.commitments.prefetch_related("years").order_by("pk"))


def _commitment(one: Commitment) -> tuple[Commitment, list[Any], Decimal]:
    years = sorted(one.years.all(), key=lambda year: year.fiscal_year_be)
    return one, years, add_up(year.amount for year in years)
