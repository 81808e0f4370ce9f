"""The request desks: agencies against ceilings, and one agency's request through its stages."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nayu.agencies.domain import Person
from nayu.agencies.models import Agency
from nayu.agencies.queries import budget_holders
from nayu.approvals.domain import PROCEDURES, REQUEST, ChangedSince, may
from nayu.approvals.queries import decisions_of, late_subjects, newest_change, steps_below
from nayu.attachments.domain import LINE
from nayu.attachments.queries import attachment_counts
from nayu.budget import services
from nayu.budget.domain import ROUTINE, Use
from nayu.budget.models import CommitmentYear, ExpenditureType, Line, Request
from nayu.budget.queries import (
    all_uses,
    changes_of_request,
    due_commitments,
    line_sheets,
    lines_outside_the_plan,
    request_lines,
    uses,
    visible_request,
)
from nayu.budget.queries.past import request_states_then, uses_then
from nayu.core.errors import NotVisible, RuleBroken
from nayu.core.money import parse_baht
from nayu.core.money import total as add_up
from nayu.db.clock import now
from nayu.portal.forms import Choice, Drawing, Typed, meeting_of, whole_or_zero
from nayu.portal.queries.requests import request_tree
from nayu.portal.views.as_at import day_asked
from nayu.portal.views.decisions import meeting_fields
from nayu.portal.views.lines import (
    chosen_line,
    line_form,
    line_lists,
    line_values,
    meters_of,
    newest_line,
    save_line,
    usual_values,
)
from nayu.portal.views.parts import month_choices
from nayu.portal.views.sentences import sentences_of
from nayu.portal.views.stale import changes_since
from nayu.ui.components import Crumb, Meter
from nayu.ui.templatetags.nayu import named

STEP_OF_NOUN = {
    "submission": "submit",
    "proposal": "propose",
    "decision": "decide",
    "ordinance": "enact",
    "return": "return",
}
# The states in which somebody writes amounts line by line, and the step that does it.
SETTING = {"submitted": "propose", "proposed": "decide"}
SHOWN_TYPES = ("1", "2", "3", "4", "5")


def _types() -> dict[str, ExpenditureType]:
    return {t.code: t for t in ExpenditureType.objects.order_by("order")}


def _sum_of_ceilings(found: list[Use]) -> Decimal:
    return add_up(use.ceiling_baht or Decimal(0) for use in found)


# --- All agencies --------------------------------------------------------------------------------


@login_required
@require_GET
def requests(request: HttpRequest, year: int) -> HttpResponse:
    """Agency × type: what is asked and what is left; those over a ceiling first."""
    person = request.person  # type: ignore[attr-defined]
    day = day_asked(request)
    states = _states(person, year, day)
    found, types = uses_then(year, day) if day else all_uses(year), _types()
    sees_ceilings = may(person, "ceiling.view")
    shown = [types[code] for code in SHOWN_TYPES if code in types]
    rows = []
    for agency in budget_holders(year):
        own = agency.code in person.agency_codes
        if agency.code in states or own:
            part = found.get(agency.code, [])
            limits = sees_ceilings or own
            rows.append(_row(agency, states.get(agency.code, ""), part, shown, limits))
    rows.sort(key=lambda row: (-row["over_baht"], row["agency"].code))
    over = [row for row in rows if row["over_baht"]]
    page = {
        "year": year, "nav": "budget", "rows": rows, "types": shown, "over": len(over),
        "over_baht": add_up(row["over_baht"] for row in over),
        "asked_total": add_up(row["asked"] for row in rows),
        "totals": [add_up(row["cells"][n][1] for row in rows) for n in range(len(shown))],
        "may_set": may(person, "ceiling.set"),
        "crumbs": [Crumb(_("Budget"), reverse("portal:money", args=[year])), Crumb(_("Requests"))],
    }  # fmt: skip
    return render(request, "portal/requests.html", page)


def _states(person: Person, year: int, day: date | None) -> dict[str, str]:
    """States of requests that one may see; as at a day, that one's posts could see then."""
    if day is None:
        visible = Request.objects.visible_to(person).filter(fiscal_year_be=year)
        return dict(visible.values_list("agency_id", "state"))
    return {
        code: state
        for code, state in request_states_then(year, day).items()
        if may(person, "request.view", state=state, agency_code=code)
    }


def _row(
    agency: Agency, state: str, found: list[Use], types: list[ExpenditureType], limits: bool  # noqa: FBT001
) -> dict[str, Any]:  # fmt: skip
    by_type = {use.type_code: use for use in found}
    cells = []
    for one in types:
        use = by_type.get(one.code)
        cells.append((use if limits else None, use.asked_baht if use else Decimal("0.00"), one))
    return {
        "agency": agency,
        "state": state,
        "asked": add_up(use.asked_baht for use in found),
        "left": _sum_of_ceilings(found) - add_up(u.asked_baht for u in found) if limits else None,
        "over_baht": add_up(use.over_baht for use in found) if limits else Decimal(0),
        "cells": cells,
    }


# --- One agency ----------------------------------------------------------------------------------


def _visible(request: HttpRequest, year: int, code: str) -> Request:
    found = visible_request(code, year, request.person)  # type: ignore[attr-defined]
    if found is None:
        raise NotVisible
    return found


@login_required
@require_GET
def one(request: HttpRequest, year: int, code: str) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    agency = get_object_or_404(Agency, code=code)
    if visible_request(code, year, person) is None and code in person.agency_codes:
        page = {
            "year": year, "nav": "budget", "agency": agency, "asked": None,
            "may_open": may(person, "request.edit", state="open", agency_code=code),
            "crumbs": _crumbs(year, agency),
        }  # fmt: skip
        return render(request, "portal/request.html", page)
    return _page(request, year, agency)


def _crumbs(year: int, agency: Agency) -> list[Crumb]:
    requests_name = _("Requests %(year)s") % {"year": year}
    return [Crumb(requests_name, reverse("portal:requests", args=[year])), Crumb(named(agency))]


def nouns_for(person: Person, asked: Request) -> list[str]:
    """Steps this person may take on a request now, a return last."""
    below = steps_below(REQUEST, person.user_id, [asked.pk])
    possible = {
        s.code
        for s in PROCEDURES[REQUEST].steps
        if s.from_state == asked.state and not (s.not_by_earlier and asked.pk in below)
    }
    scope = {"state": asked.state, "agency_code": asked.agency_id}
    return [
        noun
        for noun, act in STEP_OF_NOUN.items()
        if act in possible and may(person, f"request.{act}", **scope)
    ]


def _page(
    request: HttpRequest, year: int, agency: Agency, *, refused: str = "",
    sentences: list[str] | None = None, unseen: int | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    person = request.person  # type: ignore[attr-defined]
    asked = _visible(request, year, agency.code)
    # The mark is read before what it marks: a change between the two is then a change unseen.
    changes = changes_of_request(asked)
    seen = newest_change(changes)
    sheets = line_sheets(request_lines(agency.code, year))
    found, types = uses(agency.code, year), _types()
    sees_ceilings = may(person, "ceiling.view", agency_code=agency.code)
    nouns = nouns_for(person, asked)
    typed: dict[str, str] = request.POST.dict() if refused else {}  # type: ignore[assignment]
    outside = (
        lines_outside_the_plan(agency.code, year) if agency.code in person.agency_codes else None
    )
    page = {
        "year": year,
        "nav": "budget",
        "agency": agency,
        "asked": asked,
        "tree": request_tree(sheets),
        "count": len(sheets),
        "attached": attachment_counts(LINE, [sheet.line_id for sheet in sheets]),
        "total": add_up(sheet.amount for sheet in sheets),
        "meters": [_meter(use, types) for use in found] if sees_ceilings else [],
        "over": [use for use in found if use.is_over] if sees_ceilings else [],
        "outside": _outside(outside) if outside is not None else [],
        "due": _due(agency.code, year, person),
        "acts": [(one, _fields(one, typed if one == refused else {})) for one in nouns],
        "sets_amounts": SETTING.get(asked.state) in {STEP_OF_NOUN[noun] for noun in nouns},
        "typed_line": whole_or_zero(typed.get("line")) if refused == "amount" else 0,
        "typed": typed,
        "refused": refused,
        "seen": seen,
        "changes": changes_since(changes.filter(id__gt=unseen), year) if unseen is not None else [],
        "sentences": sentences or [],
        "may_edit": may(person, "request.edit", state=asked.state, agency_code=agency.code),
        "decisions": decisions_of(REQUEST, asked.pk),
        "is_late": asked.pk in late_subjects(REQUEST, year, {asked.pk: agency.code}),
        "crumbs": _crumbs(year, agency),
    }  # fmt: skip
    return render(request, "portal/request.html", page, status=status)


def _fields(noun: str, typed: Mapping[str, str]) -> list[Any]:
    draw = Drawing(typed, {}, {})
    if noun == "ordinance":
        return meeting_fields(draw)
    if noun == "return":
        return [draw.area("reason", _("Reason, which the agency sees"), size=3)]
    return []


def _meter(use: Use, types: dict[str, ExpenditureType]) -> Meter:
    return Meter(
        named(types[use.type_code]), use.asked_baht, Decimal(0), use.ceiling_baht,
        code=use.type_code,
    )  # fmt: skip


def _outside(found: QuerySet[Line]) -> list[dict[str, Any]]:
    """Projects whose lines are not in the request, with what they would ask for."""
    rows: dict[int, dict[str, Any]] = {}
    for line in found.select_related("entry__project").order_by("entry__project__code", "order"):
        assert line.entry is not None
        row = rows.setdefault(line.entry.pk, {"entry": line.entry, "amount": Decimal("0.00")})
        row["amount"] += line.amount
    return list(rows.values())


def _due(code: str, year: int, person: Person) -> list[CommitmentYear]:
    """Commitments of earlier years that no line carries yet, for who writes the agency's lines."""
    if not may(person, "request.edit", state="open", agency_code=code):
        return []
    found = due_commitments(year, with_drafts=True).filter(commitment__agency_id=code)
    return list(found.select_related("commitment__project").order_by("commitment__item", "pk"))


@login_required
@require_POST
def carrying(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """A commitment of an earlier year becomes a line of this year's request."""
    _visible(request, year, code)
    person = request.person  # type: ignore[attr-defined]
    try:
        line = services.carry_commitment(
            whole_or_zero(request.POST.get("commitment")), year, agency_code=code,
            actor=person, at=now(),
        )  # fmt: skip
    except RuleBroken as broken:
        agency = get_object_or_404(Agency, code=code)
        return _page(request, year, agency, sentences=sentences_of(broken), status=409)
    if line.entry is None:
        messages.success(request, _("The commitment is a line of the request."))
        return redirect("portal:request", year, code)
    messages.success(request, _("The commitment is a line of the project."))
    return redirect("portal:lines", year, line.entry.project.code)


@login_required
@require_POST
def opening(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The agency begins its request of a year."""
    person = request.person  # type: ignore[attr-defined]
    if not may(person, "request.edit", state="open", agency_code=code):
        raise NotVisible
    if not budget_holders(year).filter(code=code).exists():
        raise NotVisible
    services.open_request(code, year, actor=person, at=now())
    return redirect("portal:request", year, code)


@login_required
@require_POST
def step(request: HttpRequest, year: int, code: str, noun: str) -> HttpResponse:
    """Take one step. A refusal is told on the desk, with what was typed; nothing was written.

    The form carries the newest change that its page showed; a form without it saw nothing.
    """
    seen = whole_or_zero(request.POST.get("seen"))
    asked = _visible(request, year, code)
    try:
        services.take_request_step(
            asked.pk,
            STEP_OF_NOUN[noun],
            actor=request.person,  # type: ignore[attr-defined]
            at=now(),
            reason=request.POST.get("reason", ""),
            meeting=meeting_of(request.POST.dict()),  # type: ignore[arg-type]
            seen=seen,
        )
    except RuleBroken as broken:
        agency = get_object_or_404(Agency, code=code)
        said = sentences_of(broken)
        unseen = seen if isinstance(broken, ChangedSince) else None
        return _page(
            request, year, agency, refused=noun, sentences=said, unseen=unseen, status=409
        )  # fmt: skip
    messages.success(request, _done(noun))
    if visible_request(code, year, request.person) is None:  # type: ignore[attr-defined]
        return redirect("portal:requests", year)
    return redirect("portal:request", year, code)


def _done(noun: str) -> str:
    return {
        "submission": _("The request is submitted."),
        "proposal": _("The request is proposed to the executive."),
        "decision": _("The request is decided."),
        "ordinance": _("The request is entered in the ordinance."),
        "return": _("The request is returned to the agency."),
    }[noun]


@login_required
@require_POST
def amount(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """What สงม. proposes or the executive decides for one line."""
    _visible(request, year, code)
    agency = get_object_or_404(Agency, code=code)
    line = get_object_or_404(
        request_lines(code, year), pk=whole_or_zero(request.POST.get("line"))
    )  # fmt: skip
    try:
        services.set_stage_amount(
            line.pk,
            parse_baht(request.POST.get("amount", ""), whole=True),
            reason=request.POST.get("reason", ""),
            actor=request.person,  # type: ignore[attr-defined]
            at=now(),
        )
    except RuleBroken as broken:
        said = sentences_of(broken)
        return _page(request, year, agency, refused="amount", sentences=said, status=422)
    messages.success(request, _("The amount is saved."))
    return redirect(f"{reverse('portal:request', args=[year, code])}#line-{line.pk}")


@login_required
@require_http_methods(["GET", "POST"])
def routine(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Add, change or take out a line of routine work while the request is open."""
    agency = get_object_or_404(Agency, code=code)
    asked = _visible(request, year, code)
    person = request.person  # type: ignore[attr-defined]
    may_edit = may(person, "request.edit", state=asked.state, agency_code=code)
    line = chosen_line(
        request, Line.objects.filter(agency=agency, fiscal_year_be=year, kind=ROUTINE)
    )
    lists, typed, sentences = line_lists(), Typed(), []
    data = line_values(line) if line else usual_values(code, "continuing")
    if request.method == "POST":
        sentences = save_line(
            request, line, lists, typed, kind=ROUTINE, agency_code=code, fiscal_year_be=year
        )
        if not sentences:
            return redirect("portal:request", year, code)
        data = request.POST.dict()  # type: ignore[assignment]
    if request.method == "GET" and not may_edit:
        raise NotVisible
    draw = Drawing(data, {}, typed.problems, month_choices(year))
    meters, drafts = meters_of(person, code, year, [line] if line else ())
    page = {
        **line_form(line, draw, lists, year),
        "year": year, "nav": "budget", "agency": agency, "newest": newest_line(code, year),
        "sentences": sentences, "bad": typed.problems, "meters": meters, "with_drafts": drafts,
        "crumbs": [
            *_crumbs(year, agency)[:1],
            Crumb(named(agency), reverse("portal:request", args=[year, code])),
            Crumb(_("Line of routine work")),
        ],
    }  # fmt: skip
    return render(request, "portal/routine.html", page, status=422 if sentences else 200)


# --- Ceilings ------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def ceilings(request: HttpRequest, year: int) -> HttpResponse:
    """สงม. sets ceilings, agency × expenditure type; a link in a cell fills the form."""
    person = request.person  # type: ignore[attr-defined]
    if not may(person, "ceiling.set"):
        raise NotVisible
    types = [one for one in _types().values() if one.code in SHOWN_TYPES]
    holders = list(budget_holders(year))
    day = day_asked(request)
    found = uses_then(year, day) if day else all_uses(year)
    typed, sentences = Typed(), []
    data: dict[str, str] = request.POST.dict() or request.GET.dict()  # type: ignore[assignment]
    if request.method == "POST":
        agency = typed.choice(data, "agency", {a.code for a in holders}, label=_("Agency"))
        kind = typed.choice(data, "type", SHOWN_TYPES, label=_("Expenditure type"))
        try:
            amount_baht = parse_baht(data.get("amount", ""), whole=True)
            if not typed.problems:
                services.set_ceiling(agency, year, kind, amount_baht, actor=person, at=now())
                messages.success(request, _("The ceiling is set."))
                return redirect("portal:ceilings", year)
        except RuleBroken as broken:
            typed.problems["amount"] = " ".join(sentences_of(broken))
        sentences = [_("The ceiling is not set yet. What you typed is still here.")]
    draw = Drawing(data, {}, typed.problems)
    page = {
        "year": year,
        "nav": "budget",
        "types": types,
        "rows": [_ceiling_row(agency, found.get(agency.code, []), types) for agency in holders],
        "sentences": sentences,
        "fields": [
            draw.choice("agency", _("Agency"), [Choice(a.code, named(a)) for a in holders]),
            draw.choice("type", _("Expenditure type"), [Choice(t.code, named(t)) for t in types]),
            draw.figure("amount", _("Ceiling (baht)"), places=2, unit=_("baht")),
        ],
        "crumbs": [
            Crumb(_("Requests %(year)s") % {"year": year}, reverse("portal:requests", args=[year])),
            Crumb(_("Ceilings")),
        ],
    }
    return render(request, "portal/ceilings.html", page, status=422 if sentences else 200)


def _ceiling_row(
    agency: Agency, found: list[Use], types: list[ExpenditureType]
) -> tuple[Agency, list[tuple[ExpenditureType, Use | None]]]:
    by_type = {use.type_code: use for use in found}
    return agency, [(one, by_type.get(one.code)) for one in types]
