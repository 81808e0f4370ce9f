"""Templates that projects begin from: read by planners, kept by strategists."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nayu.agencies.domain import BUDGET_HOLDER_KINDS, PLANNER, STRATEGIST, Person
from nayu.agencies.models import Agency
from nayu.approvals.domain import may
from nayu.core.errors import NotVisible, RuleBroken
from nayu.core.fiscal_year import FiscalYear
from nayu.db.clock import now, today
from nayu.portal.forms import (
    MORE_ROWS,
    SPARE_ROWS,
    Choice,
    Drawing,
    Sent,
    Shown,
    Typed,
    activities_of,
    activity_rows,
    risk_rows,
    risks_of,
    whole_or_zero,
)
from nayu.portal.views.parts import month_choices, parts
from nayu.portal.views.sentences import sentences_of
from nayu.projects import services
from nayu.projects.domain import PROMPTED
from nayu.projects.models import Template
from nayu.projects.queries import templates_for
from nayu.projects.services import TemplateInput
from nayu.ui.components import Crumb
from nayu.ui.templatetags.nayu import named


def kind_choices() -> list[Choice]:
    """Kinds of agency that hold a budget."""
    names = {
        "office": _("office of the executive or council"),
        "department": _("department"),
        "district": _("district office"),
        "commercial": _("city enterprise"),
        "university": _("university"),
        "imported": _("came with a file"),
    }
    return [Choice(kind, names[kind]) for kind in BUDGET_HOLDER_KINDS]


def _readable(person: Person) -> list[Template]:
    """All for those who keep them, else those of one's own kinds of agency."""
    if may(person, "template.keep"):
        return list(Template.objects.order_by("is_retired", "name_th"))
    kinds = Agency.objects.filter(code__in=person.agency_codes).values_list("kind", flat=True)
    return templates_for(list(kinds))


@login_required
@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    if not {PLANNER, STRATEGIST} & set(person.roles):
        raise NotVisible
    names = {choice.code: choice.name for choice in kind_choices()}
    page = {
        "nav": "my_work",
        "year": FiscalYear.containing(today()).year_be + 2,
        "rows": [
            (template, ", ".join(names[kind] for kind in template.kinds if kind in names))
            for template in _readable(person)
        ],
        "may_keep": may(person, "template.keep"),
        "crumbs": [Crumb(_("My work"), reverse("portal:my_work")), Crumb(_("Templates"))],
    }
    return render(request, "portal/templates.html", page)


@login_required
@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, code: str = "") -> HttpResponse:
    """Write a template, or a new one; what cannot be kept comes back as it was typed."""
    if not may(request.person, "template.keep"):  # type: ignore[attr-defined]
        raise NotVisible
    found = Template.objects.filter(code=code).first() if code else None
    if code and found is None:
        raise NotVisible
    if request.method == "GET":
        return _page(request, found, _stored(found), Typed(), [])
    sent = Sent(request.POST.dict(), {"kinds": request.POST.getlist("kinds")})  # type: ignore[arg-type]
    typed = Typed()
    if "more" in request.POST:
        return _page(request, found, sent, typed, [], spare=MORE_ROWS)
    given = _given(sent, typed)
    sentences: list[str] = []
    if not typed.problems:
        try:
            kept = services.save_template(
                found.pk if found else None, given,
                revision=whole_or_zero(sent.data.get("revision")),
                actor=request.person, at=now(),  # type: ignore[attr-defined]
            )  # fmt: skip
        except RuleBroken as broken:
            sentences = sentences_of(broken)
        else:
            messages.success(request, _("Saved."))
            return redirect("portal:template", kept.code)
    return _page(request, found, sent, typed, sentences)


def _given(sent: Sent, typed: Typed) -> TemplateInput:
    data = sent.data
    return TemplateInput(
        typed.text(data, "name_th", label=_("Name"), limit=300),
        typed.text(data, "name_en", label=_("English name"), limit=300),
        tuple(sent.lists.get("kinds", [])),
        typed.text(data, "method_th", label=_("Nature of the project")),
        {
            field: (
                typed.text(data, f"{field}_th", label=name, limit=2_000),
                typed.text(data, f"{field}_en", label=name, limit=2_000),
            )
            for field, name in _prompted().items()
        },
        activities_of(data, typed),
        risks_of(data, typed),
        data.get("is_retired") == "1",
    )


def _prompted() -> dict[str, str]:
    return {part.code: part.name for part in parts() if part.code in PROMPTED}


def _stored(template: Template | None) -> Sent:
    """The template as its form holds it."""
    if template is None:
        return Sent({}, {})
    data = {
        "name_th": template.name_th,
        "name_en": template.name_en,
        "method_th": template.method_th,
        "revision": str(template.revision),
        "is_retired": "1" if template.is_retired else "",
    }
    for field, (thai, english) in template.prompts.items():
        data |= {f"{field}_th": thai, f"{field}_en": english}
    for n, (name, first, last, weight) in enumerate(template.activities):
        at = f"activity-{n}-"
        data |= {
            f"{at}name_th": name, f"{at}first_month": str(first), f"{at}last_month": str(last),
            f"{at}weight_percent": str(weight),
        }  # fmt: skip
    for n, (event, likelihood, impact, response) in enumerate(template.risks):
        at = f"risk-{n}-"
        data |= {
            f"{at}event_th": event, f"{at}likelihood": str(likelihood), f"{at}impact": str(impact),
            f"{at}response_th": response,
        }  # fmt: skip
    return Sent(data, {"kinds": list(template.kinds)})


def _page(
    request: HttpRequest, template: Template | None, sent: Sent, typed: Typed,
    sentences: list[str], *, spare: int = SPARE_ROWS,
) -> HttpResponse:  # fmt: skip
    months = month_choices(FiscalYear.containing(today()).year_be + 1)
    draw = Drawing(sent.data, sent.lists, typed.problems, months)
    page = {
        "nav": "my_work",
        "template": template,
        "revision": sent.data.get("revision", ""),
        "sentences": sentences,
        "fields": [
            draw.text("name_th", _("Name"), most=300),
            draw.text("name_en", _("English name"), most=300, optional=True),
            draw.several("kinds", _("For which kinds of agency"), kind_choices()),
        ],
        "prompts": _prompt_fields(draw),
        "method": draw.area("method_th", _("Nature of the project"), optional=True, size=2),
        "rows": [*activity_rows(draw, spare), *risk_rows(draw, spare)],
        "state": draw.choice(
            "is_retired", _("In use"),
            [Choice("", _("yes, projects may begin from it")), Choice("1", _("no, retired"))],
        ),
        "crumbs": [
            Crumb(_("Templates"), reverse("portal:templates")),
            Crumb(named(template) if template else _("New template")),
        ],
    }  # fmt: skip
    failed = sentences or typed.problems
    return render(request, "portal/template.html", page, status=422 if failed else 200)


def _prompt_fields(draw: Drawing) -> list[Shown]:
    fields = []
    for field, name in _prompted().items():
        fields.append(draw.area(f"{field}_th", name, size=3, optional=True))
        fields.append(
            draw.area(
                f"{field}_en", _("%(part)s, in English") % {"part": name}, size=3, optional=True
            )
        )
    return fields
