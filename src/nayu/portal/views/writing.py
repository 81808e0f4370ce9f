"""The writing desk: one part of a project at a time, its state in sight, nothing typed lost."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nayu.agencies.domain import PLANNER
from nayu.agencies.models import Agency
from nayu.agencies.queries import budget_holders, districts
from nayu.approvals.domain import PROJECT
from nayu.audit.queries import events_of
from nayu.budget.queries import line_counts
from nayu.core.errors import NotVisible, RuleBroken, Stale
from nayu.core.fiscal_year import MONTHS, FiscalYear
from nayu.core.thai import normalise
from nayu.db.clock import now, today
from nayu.portal.forms import (
    MORE_ROWS,
    SPARE_ROWS,
    TEXTS,
    Choice,
    Drawing,
    Shown,
    Typed,
    activities_of,
    activity_rows,
    basics_fields,
    basics_of,
    links_of,
    place_of,
    plain,
    promise_rows,
    promises_of,
    risk_rows,
    risks_of,
    stored,
    text_fields,
    whole_or_zero,
)
from nayu.portal.queries.linking import Linking, linking_of
from nayu.portal.queries.plans import working_entry
from nayu.portal.views.comments import comments_context
from nayu.portal.views.sentences import problem_sentence, sentences_of
from nayu.projects import services
from nayu.projects.domain import EntrySheet
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import problems, sheet_of
from nayu.projects.services import EntryInput
from nayu.strategy.models import Indicator
from nayu.ui.components import Change, Crumb
from nayu.ui.templatetags.nayu import month_and_year, named

LAST_NEW_YEAR = 5  # how many years ahead of the one being spent a project may begin


class Part(NamedTuple):
    """One part of the form: its name, what it is for, and the fields that submission asks of it."""

    code: str
    name: str
    help: str
    fields: tuple[str, ...]


def parts() -> list[Part]:
    """The parts in the order of the form; the ten official headings carry their numbers."""
    return [
        Part("basics", _("Name and period"), _(
            "A name that a citizen understands and that says what the objective says. The period "
            "is the months of this fiscal year in which work is done."
        ), ("name_th",)),
        Part("promises", _("What people get"), _(
            "Who gains, how many, what changes in their lives, from when, and how we shall know. "
            "Write the change for people, not the work of the office: “patients reach the "
            "hospital in 20 minutes”, not “hold training”."
        ), ("promises",)),
        Part("rationale", _("1 Principles and rationale"), _(
            "The situation with figures and their source, the cause, what has been tried, and "
            "why now. A reader who does not know the matter should be convinced."
        ), ("rationale",)),
        Part("objectives", _("2 Objectives"), _(
            "One a line, each measurable, each answering the cause that the rationale names."
        ), ("objectives",)),
        Part("targets", _("3 Targets"), _(
            "Quantity: how much is made or done by the end of the year. Quality: how good it is, and who finds it so."
        ), ("target_quantity",)),
        Part("method", _("4 Nature of the project"), _(
            "New, continuing or multi-year; own work, contract or subsidy; and how it is carried out."
        ), ("method",)),
        Part("place", _("5 Period and place"), _(
            "Name the place so that somebody can go and look. Without a district the project "
            "serves the whole city; the parts only say how its money is divided."
        ), ("place_text",)),
        Part("activities", _("6 Action plan"), _(
            "Steps inside the project's period; the weights add up to 100 and should be spread "
            "so that each quarter can be checked."
        ), ("activities",)),
        Part("lines", _("7 Budget"), _(
            "Items, quantities and prices, beside what is left of each ceiling."
        ), ("lines",)),
        Part("risks", _("8 Risks"), _(
            "What may go wrong, how likely and how bad it would be, and what is done about it."
        ), ("risks",)),
        Part("links", _("10 Links and indicators"), _(
            "One element in each framework carries the project's money. An indicator needs a "
            "target of this year; heading 9 is written from the promises."
        ), ("links", "indicators")),
        Part("partners", _("Working together"), _("Agencies that help, and bodies outside the city."), ()),
    ]  # fmt: skip


def entry_or_404(request: HttpRequest, year: int, code: str) -> ProjectEntry:
    entry = working_entry(request.person, year, code)  # type: ignore[attr-defined]
    if entry is None:
        raise NotVisible
    return entry


def month_choices(year: int) -> tuple[Choice, ...]:
    """The twelve months of a fiscal year by position: 1 = October … 12 = September."""
    return tuple(Choice(str(n), month_and_year(FiscalYear(year).month(n))) for n in MONTHS)


# --- A new project -----------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def new_project(request: HttpRequest, year: int) -> HttpResponse:
    person = request.person  # type: ignore[attr-defined]
    own = [h.agency_code for h in person.holdings if h.role == PLANNER and h.agency_code]
    spending = FiscalYear.containing(today()).year_be
    if not own or not spending < year <= spending + LAST_NEW_YEAR:
        raise NotVisible
    sentences: list[str] = []
    typed = Typed()
    if request.method == "POST":
        last = typed.whole(request.POST, "last_fy", year, year + 10, label=_("Last fiscal year"))
        if not typed.problems:
            try:
                entry = services.open_project(
                    agency_code=request.POST.get("agency", ""),
                    fiscal_year_be=year,
                    last_fy=last,
                    name_th=request.POST.get("name_th", ""),
                    name_en=request.POST.get("name_en", ""),
                    after=whole_or_zero(request.POST["newest"])
                    if request.POST.get("newest")
                    else None,
                    actor=person,
                    at=now(),
                )
            except RuleBroken as broken:
                sentences = sentences_of(broken)
            else:
                return redirect("portal:edit_section", year, entry.project.code, "basics")
    draw = Drawing(
        request.POST.dict() if request.POST else {"last_fy": str(year)},  # type: ignore[dict-item]
        {},
        typed.problems,
    )
    agencies = [Choice(a.code, named(a)) for a in Agency.objects.filter(code__in=own)]
    page = {
        "year": year,
        "nav": "projects",
        "sentences": sentences,
        "newest": ProjectEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0,
        "fields": [
            draw.text("name_th", _("Name"), most=500),
            draw.text("name_en", _("English name"), most=500, optional=True),
            draw.choice("agency", _("Agency"), agencies),
            draw.figure(
                "last_fy", _("Last fiscal year"),
                hint=_("The same year, unless the project goes on over several years."),
            ),
        ],
        "crumbs": [_projects_crumb(year), Crumb(_("New project"))],
    }  # fmt: skip
    failed = sentences or typed.problems
    return render(request, "portal/new_project.html", page, status=422 if failed else 200)


def _projects_crumb(year: int) -> Crumb:
    return Crumb(
        _("Projects %(year)s") % {"year": year},
        f"{reverse('portal:projects', args=[year])}?view=working",
    )


# --- One part ----------------------------------------------------------------------------------


@login_required
@require_GET
def edit(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The form opens where something is missing."""
    entry = entry_or_404(request, year, code)
    services.ensure_editable(entry, request.person)  # type: ignore[attr-defined]
    sheet = sheet_of(entry)
    contents = _contents(sheet, _missing(entry, sheet), year)
    first = next((row for row in contents if row["state"] != "ok" and row["code"] != "lines"), None)
    return redirect("portal:edit_section", year, code, first["code"] if first else "basics")


def _missing(entry: ProjectEntry, sheet: EntrySheet) -> dict[str, list[str]]:
    """Sentences of what is missing, by field of the form."""
    found: dict[str, list[str]] = {}
    for problem in problems(sheet, lines=line_counts([entry.pk]).get(entry.pk, 0)):
        found.setdefault(problem.field, []).append(problem_sentence(problem))
    return found


def _contents(
    sheet: EntrySheet, missing: Mapping[str, list[str]], year: int
) -> list[dict[str, Any]]:
    """Each part with its state: ok, half (begun) or no (empty)."""
    written = {
        "promises": sheet.promises, "rationale": sheet.rationale, "objectives": sheet.objectives,
        "targets": sheet.target_quantity + sheet.target_quality, "method": sheet.method,
        "place": sheet.place_text, "activities": sheet.activities, "risks": sheet.risks,
        "links": sheet.links, "lines": "lines" not in missing,
    }  # fmt: skip
    rows = []
    for part in parts():
        said = [sentence for name in part.fields for sentence in missing.get(name, [])]
        href = (
            reverse("portal:lines", args=[year, sheet.project_code])
            if part.code == "lines"
            else reverse("portal:edit_section", args=[year, sheet.project_code, part.code])
        )
        state = "ok" if not said else "half" if written.get(part.code) else "no"
        rows.append(
            {"code": part.code, "name": part.name, "state": state, "missing": said, "href": href}
        )
    return rows


class Sent(NamedTuple):
    """Texts and lists of a form, as stored or as typed."""

    data: dict[str, str]
    lists: dict[str, list[str]]


def _sent(request: HttpRequest) -> Sent:
    lists = {key: request.POST.getlist(key) for key in request.POST}
    return Sent(request.POST.dict(), lists)  # type: ignore[arg-type]


@login_required
@require_http_methods(["GET", "POST"])
def edit_section(request: HttpRequest, year: int, code: str, section: str) -> HttpResponse:
    """Read or save one part; what cannot be saved comes back as it was typed."""
    entry = entry_or_404(request, year, code)
    services.ensure_editable(entry, request.person)  # type: ignore[attr-defined]
    if section not in {part.code for part in parts()} - {"lines"}:
        raise NotVisible
    linking = linking_of(entry)
    if request.method == "GET":
        return _page(request, entry, section, linking)
    sent = _sent(request)
    if "more" in request.POST:
        return _page(request, entry, section, linking, sent=sent, spare=MORE_ROWS)
    typed = Typed()
    given = _given(section, sent, typed, linking)
    if typed.problems:
        return _page(request, entry, section, linking, sent=sent, typed=typed, status=422)
    try:
        services.save_entry(
            entry.pk,
            given,
            revision=whole_or_zero(request.POST.get("revision")),
            actor=request.person,  # type: ignore[attr-defined]
            at=now(),
        )
    except Stale:
        return _stale(request, entry, section, sent)
    except RuleBroken as broken:
        return _page(
            request, entry, section, linking, sent=sent, sentences=sentences_of(broken), status=422
        )
    messages.success(request, _("Saved."))
    return redirect(_next_href(entry, section) if "next" in request.POST else request.path)


def _given(section: str, sent: Sent, typed: Typed, linking: Linking) -> EntryInput:
    """The input of one part."""
    data, lists = sent
    if section in TEXTS:
        return EntryInput(
            texts={name: typed.text(data, name, label=_("This part")) for name in TEXTS[section]}
        )
    if section == "promises":
        known = [indicator.code for indicator, _target in linking.indicators]
        return EntryInput(
            promises=promises_of(
                data, lists, typed, indicators=known, districts=linking.district_codes
            )
        )
    if section == "links":
        return links_of(
            data, lists, typed,
            linkable={f.code: [str(e.pk) for e in found] for f, found in linking.frameworks},
            indicators={str(indicator.pk) for indicator, _target in linking.indicators},
        )  # fmt: skip
    if section == "partners":
        return EntryInput(
            supporting_codes=tuple(lists.get("supporting", [])),
            partner_names=tuple(
                name for name in data.get("partners", "").split("\n") if normalise(name)
            ),
        )
    if section == "place":
        return place_of(data, lists, typed, districts=linking.district_codes)
    if section == "activities":
        return EntryInput(activities=activities_of(data, typed))
    if section == "risks":
        return EntryInput(risks=risks_of(data, typed))
    return basics_of(data, typed)


def _next_href(entry: ProjectEntry, section: str) -> str:
    year, code = entry.fiscal_year_be, entry.project.code
    order = [part.code for part in parts()]
    following = [*order[order.index(section) + 1 :], "decision"][0]
    if following == "lines":
        return reverse("portal:lines", args=[year, code])
    if following == "decision":
        return reverse("portal:decision", args=[year, code])
    return reverse("portal:edit_section", args=[year, code, following])


def _page(
    request: HttpRequest, entry: ProjectEntry, section: str, linking: Linking, *,
    sent: Sent | None = None, typed: Typed | None = None, sentences: list[str] | None = None,
    spare: int = SPARE_ROWS, status: int = 200, more: dict[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """The desk with one part open, drawn from what was typed or else from what is stored."""
    sheet = sheet_of(entry)
    missing = _missing(entry, sheet)
    contents = _contents(sheet, missing, entry.fiscal_year_be)
    data, lists = sent or _stored(sheet, linking)
    bad = typed.problems if typed else {}
    draw = Drawing(data, lists, bad, month_choices(entry.fiscal_year_be))
    part = next(part for part in parts() if part.code == section)
    done = sum(1 for row in contents if row["state"] == "ok")
    page = {
        "year": entry.fiscal_year_be,
        "nav": "projects",
        "entry": entry,
        "sheet": sheet,
        "position": sheet.links[0].position if sheet.links else None,
        "ribbon": [(sheet.links[0].position if sheet.links else None, 100)],
        "part": part,
        "contents": contents,
        "done": done,
        "percent": done * 100 // len(contents),
        "missing_count": sum(len(said) for said in missing.values()),
        "missing_here": [] if bad or sentences else _missing_here(contents, section),
        "bad": bad,
        "sentences": sentences or [],
        "next_name": _next_name(section),
        "crumbs": [
            _projects_crumb(entry.fiscal_year_be),
            Crumb(sheet.project_code,
                  reverse("portal:project", args=[entry.fiscal_year_be, sheet.project_code])),
            Crumb(part.name),
        ],
        **_drawn(section, draw, spare, linking),
        **comments_context(request.person, entry, part.fields, section),  # type: ignore[attr-defined]
        **(more or {}),
    }  # fmt: skip
    return render(request, "portal/edit.html", page, status=status)


def _missing_here(contents: list[dict[str, Any]], section: str) -> list[str]:
    return next(row["missing"] for row in contents if row["code"] == section)


def _next_name(section: str) -> str:
    order = parts()
    place = [part.code for part in order].index(section)
    return order[place + 1].name if place + 1 < len(order) else _("Check before submitting")


def _stored(sheet: EntrySheet, linking: Linking) -> Sent:
    data, lists = stored(sheet)
    data |= {f"primary-{code}": str(pk) for code, pk in linking.primary.items()}
    lists |= {f"other-{code}": [str(pk) for pk in ids] for code, ids in linking.others.items()}
    lists["indicator"] = [str(pk) for pk in linking.linked]
    return Sent(data, lists)


def _drawn(section: str, draw: Drawing, spare: int, linking: Linking) -> dict[str, Any]:
    """What the template of a part needs: plain fields, repeated rows, or its own lists."""
    if section in TEXTS:
        return {"fields": text_fields(draw, section)}
    if section == "basics":
        return {"fields": basics_fields(draw, _origins(), _novelties()), "paired": True}
    if section == "promises":
        known = [Choice(one.code, named(one)) for one, _target in linking.indicators]
        return {"rows": promise_rows(draw, spare, known, _district_choices()), "paired": True}
    if section == "activities":
        return {"rows": activity_rows(draw, spare), "paired": True}
    if section == "risks":
        return {"rows": risk_rows(draw, spare), "paired": True}
    if section == "place":
        chosen = set(draw.lists.get("district", ()))
        return {
            "fields": [draw.area("place_text", _("Place"), size=3)],
            "district_rows": [
                (one, one.code in chosen, draw.data.get(f"weight-{one.code}", ""),
                 draw.bad.get(f"weight-{one.code}", ""))
                for one in _district_choices()
            ],
        }  # fmt: skip
    if section == "links":
        return {"fields": _link_fields(draw, linking)}
    agencies = [Choice(a.code, named(a)) for a in budget_holders(linking.fiscal_year_be)]
    return {
        "fields": [
            draw.several("supporting", _("Supporting agencies"), agencies, optional=True, size=12),
            draw.area("partners", _("Partner bodies, one a line"), optional=True, size=5),
        ]
    }


def _link_fields(draw: Drawing, linking: Linking) -> list[Shown]:
    none = Choice("", _("not chosen yet"))
    choices = {
        framework.code: [Choice(str(e.pk), f"{e.number} {named(e)}") for e in found]
        for framework, found in linking.frameworks
    }
    fields = [
        draw.choice(f"primary-{f.code}", named(f), [none, *choices[f.code]])
        for f, _found in linking.frameworks
    ]
    fields.append(
        draw.several(
            "indicator", _("Indicators"), [_indicator_choice(*pair) for pair in linking.indicators],
            hint=_(
                "Those of the chosen elements. After choosing another element save once, then "
                "its indicators are here."
            ),
        )
    )  # fmt: skip
    return fields + [
        draw.several(
            f"other-{f.code}", _("Also serves, in %(framework)s") % {"framework": named(f)},
            choices[f.code], optional=True, size=6,
            hint=_("These carry no money, so nothing is counted twice."),
        )
        for f, _found in linking.frameworks
    ]  # fmt: skip


def _indicator_choice(indicator: Indicator, target: Decimal | None) -> Choice:
    unit = indicator.unit_en if get_language() == "en" and indicator.unit_en else indicator.unit_th
    aim = (
        _("target %(value)s %(unit)s") % {"value": plain(target), "unit": unit}
        if target is not None
        else _("no target this year")
    )
    return Choice(str(indicator.pk), f"{named(indicator)} · {aim}")


def _origins() -> list[Choice]:
    return [
        Choice("agency", _("the agency itself")),
        Choice("governor", _("the governor's policy")),
        Choice("community", _("a community plan")),
        Choice("citizens", _("citizens' reports")),
        Choice("council", _("the council")),
    ]


def _novelties() -> list[Choice]:
    return [Choice("new", _("new")), Choice("continuing", _("continuing"))]


def _district_choices() -> list[Choice]:
    return [Choice(d.plan_code, named(d)) for d in districts()]


# --- Two people on one part ----------------------------------------------------------------------


def _stale(request: HttpRequest, entry: ProjectEntry, section: str, sent: Sent) -> HttpResponse:
    """Somebody saved since: who, when, and what stands now beside what was typed.

    The typed text stays in the fields; saving once more, now knowingly, puts it in place.
    """
    entry.refresh_from_db()
    linking = linking_of(entry)
    now_stored = _stored(sheet_of(entry), linking)
    labels = _labels(section, sent, entry, linking)
    changes = [
        Change(label, now_stored.data.get(name, ""), sent.data.get(name, ""))
        for name, label in labels.items()
        if _told(now_stored.data.get(name, "")) != _told(sent.data.get(name, ""))
    ]
    more = {
        "stale_event": events_of(PROJECT, entry.pk).filter(verb="project.edit").first(),
        "changes": changes,
    }
    return _page(request, entry, section, linking, sent=sent, status=409, more=more)


def _told(text: str) -> str:
    """A text as compared: the same figure in other digits or with commas is the same."""
    clean = normalise(text, keep_lines=True)
    digits = clean.replace(",", "")
    return plain(int(digits)) if digits.isdigit() and len(digits) < 19 else clean


def _labels(section: str, sent: Sent, entry: ProjectEntry, linking: Linking) -> dict[str, str]:
    """Names of all fields that the part shows, whichever of the two versions has them."""
    labels: dict[str, str] = {}
    for data, lists in (sent, _stored(sheet_of(entry), linking)):
        drawn = _drawn(section, Drawing(data, lists, {}, ()), 0, linking)
        for one in drawn.get("fields", []):
            labels[one.name] = one.label
        for legend, fields, hidden in drawn.get("rows", []):
            labels |= {one.name: f"{legend}: {one.label}" for one in (*fields, *hidden)}
    return labels
