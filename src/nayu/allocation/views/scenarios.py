"""Scenarios of a year, and one of them: its rules, stated by form and sliders."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nayu.allocation import services
from nayu.allocation.domain import scenario as s
from nayu.allocation.forms import RuleForm, ScenarioForm, first_values, initial_of, plain
from nayu.allocation.messages import RULE_KINDS
from nayu.allocation.models import Scenario
from nayu.allocation.queries.results import newest_answers
from nayu.allocation.views.common import (
    crumbs,
    ensure_inside,
    found_scenario,
    named,
    page,
    person_of,
    sentence_of,
    years,
)
from nayu.approvals.domain import SCENARIO, may
from nayu.approvals.models import Comment
from nayu.approvals.queries import decisions_of
from nayu.core.errors import NotPermitted, RuleBroken, Stale
from nayu.db.clock import now
from nayu.ui.components import Crumb


@require_GET
def scenarios(request: HttpRequest, year: int) -> HttpResponse:
    """All scenarios of a year with their newest answers."""
    person = ensure_inside(request)
    rows = list(
        Scenario.objects.visible_to(person).filter(fiscal_year_be=year).order_by("-number")
        .select_related("owner")
    )  # fmt: skip
    answers = newest_answers(rows)
    return page(
        request, "scenarios", year,
        {"rows": [(one, answers.get(one.pk)) for one in rows], "years": years(year), "crumbs": crumbs(year)},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, year: int) -> HttpResponse:
    """A new scenario, with the usual values to begin from."""
    person = ensure_inside(request)
    if not may(person, "scenario.make"):
        raise NotPermitted(act="scenario.make", state="-")
    form = ScenarioForm(request.POST or None, initial=first_values(), year=year)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = services.make(
                    year, form.cleaned_data["stage"], form.to_input(), actor=person, at=now()
                )
            except s.ScenarioWrong as broken:
                form.add_error(None, sentence_of(broken))
            else:
                messages.success(request, _("The scenario is made. Have it answered"))
                return redirect("allocation:scenario", year, made.number)
    return page(
        request,
        "new",
        year,
        {"form": form, "crumbs": crumbs(year, Crumb(_("New scenario")))},
        status,
    )


@require_http_methods(["GET", "POST"])
def scenario(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """One scenario: what it states, its answers, and how it was decided."""
    found = found_scenario(request, year, number)
    may_edit = may(person_of(request), "scenario.edit", state=found.state)
    form = ScenarioForm(request.POST or None, initial=initial_of(found), year=year, scenario=found)
    status = 200
    if request.method == "POST":
        status = 422
        if not may_edit:
            raise NotPermitted(act="scenario.edit", state=found.state)
        if form.is_valid():
            seen = form.cleaned_data.get("revision") or ""
            try:
                services.settle(
                    found.pk, form.to_input(), seen=int(seen) if seen.isdecimal() else None,
                    actor=person_of(request), at=now(),
                )  # fmt: skip
            except s.ScenarioWrong as broken:
                form.add_error(None, sentence_of(broken))
            except Stale:
                form.add_error(
                    None,
                    _(
                        "Somebody else changed this scenario meanwhile. "
                        "Open it in another tab, and bring over what you need"
                    ),
                )
            else:
                if "ask" in request.POST:
                    return ask(request, year, number)
                messages.success(request, _("The scenario is saved"))
                return redirect("allocation:scenario", year, number)
    return _scenario_page(request, found, form, RuleForm(), may_edit=may_edit, status=status)


def _scenario_page(
    request: HttpRequest,
    found: Scenario,
    form: ScenarioForm,
    rule_form: RuleForm,
    *,
    may_edit: bool,
    status: int = 200,
) -> HttpResponse:
    year, person = found.fiscal_year_be, person_of(request)
    single = (*s.SINGLE, s.LATER, s.WEIGHT)
    rules = [
        (r, RULE_KINDS[r.kind], rule_figures(r)) for r in found.rules.order_by("kind", "subject")
    ]
    acts = ("edit", "run", "propose", "return", "adopt", "undo", "comment")
    return page(
        request, "scenario", year,
        {
            "scenario": found, "form": form, "rule_form": rule_form, "may_edit": may_edit,
            "rules": [row for row in rules if row[0].kind not in single],
            "stated": [row for row in rules if row[0].kind in single],
            "runs": found.runs.defer("question").select_related("job").order_by("-pk")[:10],
            "may": {act: may(person, f"scenario.{act}", state=found.state) for act in acts},
            "decisions": decisions_of(SCENARIO, found.pk),
            "comments": found_comments(found),
            "adoption": found.adoptions.filter(undone_at=None).first(),
            "crumbs": crumbs(year, Crumb(f"{found.number}. {named(found)}")),
        },
        status,
    )  # fmt: skip


def found_comments(found: Scenario) -> Any:
    return (
        Comment.objects.filter(procedure=SCENARIO, subject_id=found.pk)
        .select_related("author")
        .order_by("pk")
    )


def rule_figures(rule: Any) -> str:
    """A rule's figures in words, as its kind counts them."""
    if rule.amount is not None:
        return _("%(n)s baht") % {"n": f"{rule.amount:,.0f}"}
    match rule.kind:
        case s.ELEMENT:
            most = 100 if rule.most is None else plain(rule.most)
            return _("from %(least)s to %(most)s %%") % {"least": plain(rule.least), "most": most}
        case s.NEED | s.AGENCIES | s.INVESTMENT:
            return f"{plain(rule.least)} %"
        case s.SCORE:
            return _("%(n)s points") % {"n": plain(rule.least)}
        case s.WEIGHT | s.ELEMENT_WEIGHT:
            return f"{rule.least} %"
        case s.GROUP:
            words = (
                _("at most %(n)s of: %(codes)s")
                if rule.most is not None
                else _("exactly %(n)s of: %(codes)s")
            )
            number = rule.most if rule.most is not None else rule.least
            return words % {"n": number, "codes": ", ".join(rule.members)}
        case s.NEEDS:
            return ", ".join(rule.members)
        case s.PHASED:
            return _("%(years)s %% of the money; %(kept)s %% of its promises in the first year") % {
                "years": " · ".join(rule.members), "kept": plain(rule.least),
            }  # fmt: skip
        case s.STAY:
            return _("at most %(n)s projects in or out") % {"n": rule.most}
    return ""


@require_POST
def estimate(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """What the form as it stands would give, at once and roughly: nothing is saved."""
    found = found_scenario(request, year, number)
    form = ScenarioForm(request.POST, year=year, scenario=found)
    context: dict[str, Any] = {"problems": [], "scenario": found}
    if form.is_valid():
        try:
            context["found"] = services.estimate(
                found, form.to_input(), actor=person_of(request), at=now()
            )
        except s.ScenarioWrong as broken:
            context["problems"] = [sentence_of(broken)]
    else:
        context["problems"] = [error for errors in form.errors.values() for error in errors]
    newest = newest_answers([found]).get(found.pk)
    context["before"] = newest if newest and newest.answer.get("plan") else None
    context["points_before"] = Decimal(newest.points) / 1_000_000 if newest else None
    return render(request, "allocation/_estimate.html", context)


@require_POST
def rule(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """State one rule for one subject."""
    found = found_scenario(request, year, number)
    form = RuleForm(request.POST)
    if form.is_valid():
        try:
            services.set_rule(found.pk, form.to_input(), actor=person_of(request), at=now())
        except s.ScenarioWrong as broken:
            form.add_error(None, sentence_of(broken))
        else:
            messages.success(request, _("The rule stands"))
            return redirect("allocation:scenario", year, number)
    may_edit = may(person_of(request), "scenario.edit", state=found.state)
    if not may_edit:
        raise NotPermitted(act="scenario.edit", state=found.state)
    whole = ScenarioForm(initial=initial_of(found), year=year, scenario=found)
    return _scenario_page(request, found, whole, form, may_edit=may_edit, status=422)


@require_POST
def unrule(request: HttpRequest, year: int, number: int, pk: int) -> HttpResponse:
    found = found_scenario(request, year, number)
    services.remove_rule(found.pk, pk, actor=person_of(request), at=now())
    messages.success(request, _("The rule is taken out"))
    return redirect("allocation:scenario", year, number)


@require_POST
def copy(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """A new scenario that begins from this one."""
    found = found_scenario(request, year, number)
    made = services.make_from(
        found, _("%(name)s (a copy)") % {"name": found.name_th}, found.reason,
        actor=person_of(request), at=now(),
    )  # fmt: skip
    messages.success(request, _("The copy is made. Give it its own name"))
    return redirect("allocation:scenario", year, made.number)


@require_POST
def ask(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Have it answered; the page of the answer tells how far it is."""
    found = found_scenario(request, year, number)
    gap = {"exact": 0}.get(request.POST.get("gap", ""), 10)
    try:
        run = services.ask(found.pk, gap=gap, actor=person_of(request), at=now())
    except RuleBroken as broken:
        if not sentence_of(broken):
            raise
        messages.error(request, sentence_of(broken))
        return redirect("allocation:scenario", year, number)
    return redirect("allocation:result", year, number, run.pk)
