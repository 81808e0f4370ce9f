"""The parts of a project's form: what each is for, what it holds, and how it is drawn and read."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nayu.agencies.queries import budget_holders, districts
from nayu.budget.queries import line_counts
from nayu.core.errors import NotVisible
from nayu.core.fiscal_year import MONTHS, FiscalYear
from nayu.core.thai import normalise
from nayu.portal.forms import (
    TEXTS,
    Choice,
    Drawing,
    Sent,
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
    stored_rows,
    text_fields,
)
from nayu.portal.queries.linking import Linking, known_to, linking_of
from nayu.portal.queries.plans import working_entry
from nayu.portal.views.sentences import problem_sentence
from nayu.projects.domain import EntrySheet
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import ROW_PARTS, problems, rows_of, sheet_of
from nayu.projects.services import EntryInput
from nayu.strategy.models import Indicator
from nayu.ui.components import Crumb
from nayu.ui.templatetags.nayu import month_and_year, named


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


def projects_crumb(year: int) -> Crumb:
    return Crumb(
        _("Projects %(year)s") % {"year": year},
        f"{reverse('portal:projects', args=[year])}?view=working",
    )


def month_choices(year: int) -> tuple[Choice, ...]:
    """The twelve months of a fiscal year by position: 1 = October … 12 = September."""
    return tuple(Choice(str(n), month_and_year(FiscalYear(year).month(n))) for n in MONTHS)


def missing_of(entry: ProjectEntry, sheet: EntrySheet) -> dict[str, list[str]]:
    """Sentences of what is missing, by field of the form."""
    found: dict[str, list[str]] = {}
    for problem in problems(sheet, lines=line_counts([entry.pk]).get(entry.pk, 0)):
        found.setdefault(problem.field, []).append(problem_sentence(problem))
    return found


def contents_of(
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


def given_of(section: str, sent: Sent, typed: Typed, linking: Linking | None) -> EntryInput:
    """The input of one part."""
    data, lists = sent
    if section in TEXTS:
        return EntryInput(
            texts={name: typed.text(data, name, label=_("This part")) for name in TEXTS[section]}
        )
    if section == "basics":
        return basics_of(data, typed)
    assert linking is not None  # the other parts choose from lists
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
    return EntryInput(risks=risks_of(data, typed))


def stored_of(entry: ProjectEntry, linking: Linking, sheet: EntrySheet | None = None) -> Sent:
    """Every part of an entry as its form holds it."""
    data, lists = stored(sheet or sheet_of(entry))
    data |= {f"primary-{code}": str(pk) for code, pk in linking.primary.items()}
    lists |= {f"other-{code}": [str(pk) for pk in ids] for code, ids in linking.others.items()}
    lists["indicator"] = [str(pk) for pk in linking.linked]
    return Sent(data, lists)


# Parts that are columns of the entry and nothing else: they are read without another question.
COLUMN_PARTS = ("basics", *TEXTS)


def columns_of(entry: ProjectEntry) -> Sent:
    """The texts of those parts alone."""
    data = {
        name: str(getattr(entry, name))
        for name in (
            "name_th", "name_en", "first_month", "last_month", "origin", "novelty", "rationale",
            "objectives", "target_quantity", "target_quality", "method",
        )
    }  # fmt: skip
    return Sent(data, {})


def part_of(entry: ProjectEntry, section: str) -> tuple[Sent, Linking | None]:
    """What a part's fields hold and may name, with no more questions than the part needs."""
    if section in COLUMN_PARTS:
        return columns_of(entry), None
    if section in ROW_PARTS:
        linking = known_to(entry) if section == "promises" else NOTHING_LINKED
        return Sent(*stored_rows(**{section: rows_of(entry, section)})), linking  # type: ignore[arg-type]
    linking = linking_of(entry)
    return stored_of(entry, linking), linking


NOTHING_LINKED = Linking(0, [], [], {}, {}, frozenset(), frozenset())
NAMES = {
    "basics": r"name_th|name_en|first_month|last_month|origin|novelty",
    "promises": r"promise-\d+-\w+",
    "targets": r"target_quantity|target_quality",
    "place": r"place_text|district|weight-\d+",
    "activities": r"activity-\d+-\w+",
    "risks": r"risk-\d+-\w+",
    "links": r"(primary|other)-[\w-]+|indicator",
    "partners": r"supporting|partners",
}


def names_of(section: str, names: Iterable[str]) -> set[str]:
    """Those names that are fields of the part."""
    pattern = re.compile(NAMES.get(section, re.escape(section)))
    return {name for name in names if pattern.fullmatch(name)}


def drawn(section: str, draw: Drawing, spare: int, linking: Linking) -> dict[str, Any]:
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
