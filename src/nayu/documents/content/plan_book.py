"""The city's plan book: totals in a sentence, strategies, every project under its goal, money."""

from collections import defaultdict
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nayu.core.dates import Language
from nayu.core.money import total
from nayu.documents.content.money import amounts_table, money_tables, row_name
from nayu.documents.content.parts import Parts
from nayu.documents.content.project_sheet import project_table
from nayu.documents.content.values import (
    ElementFacts,
    PlanBookValues,
    PlannedProject,
)
from nayu.documents.content.wording import (
    NOTHING,
    baht,
    day_of,
    plain,
    running_head,
    version_name,
)
from nayu.documents.domain import Bar, Document

NO_GOAL = ""


def plan_book(values: PlanBookValues) -> Document:
    """The book of a year. Its totals are those of the breakdowns, and so of every page."""
    edition = values.edition
    parts = Parts(edition)
    parts.contents()
    _summary(parts, values)
    _strategies(parts, values)
    parts.heading(1, _("Projects by goal"))
    _projects(parts, values)
    parts.heading(1, _("Where the money goes"))
    money_tables(
        parts,
        values.totals,
        ("agency", "expenditure", "function", "source", "district"),
        edition.language,
    )
    _record(parts)
    return parts.document(
        _("Annual action plan of the Bangkok Metropolitan Administration, fiscal year %(year)s")
        % {"year": edition.fiscal_year_be},
        version_name(edition),
        running_head(_("Bangkok Metropolitan Administration"), edition),
    )


def _summary(parts: Parts, values: PlanBookValues) -> None:
    edition, projects = values.edition, values.projects
    grand_total = values.totals["element"].grand_total_baht
    of_projects = total(p.amount_baht for p in projects)
    parts.heading(1, _("The plan in brief"))
    parts.text(
        _(
            "The plan of fiscal year %(year)s holds %(projects)s projects of %(agencies)s agencies, worth"
            " %(of_projects)s. With routine work and the central fund the budget comes to %(total)s."
        )
        % {
            "year": edition.fiscal_year_be,
            "projects": plain(len(projects)),
            "agencies": plain(len({p.sheet.agency_code for p in projects})),
            "of_projects": baht(of_projects),
            "total": baht(grand_total),
        }
    )
    parts.facts(
        (
            (_("Version"), version_name(edition)),
            (_("Amounts at the stage"), edition.stage.name(edition.language)),
            (_("Figures as at"), day_of(edition)),
            (_("Framework"), values.framework.name(edition.language) or NOTHING),
        ),
        [(_("SHA-256 of the content"), edition.content_hash)] if edition.content_hash else (),
    )


def _record(parts: Parts) -> None:
    """The head of the record of deeds, printed where nobody can change it any more."""
    if not parts.edition.record_head:
        return
    parts.heading(1, _("The record of deeds"))
    parts.text(
        _(
            "Every deed that led to this plan stands in a record of which each entry is tied to all"
            " before it. The code below is its head when this version was published: if anything"
            " older is altered, removed or inserted later, the record no longer leads to this code."
        )
    )
    parts.facts((), [(_("Head of the record"), parts.edition.record_head)])


def _top_elements(values: PlanBookValues) -> list[ElementFacts]:
    depth = min((e.depth for e in values.elements), default=1)
    return [e for e in values.elements if e.depth == depth]


def _strategies(parts: Parts, values: PlanBookValues) -> None:
    """Sums by topmost element, then the buckets that belong to none, in one table and one chart."""
    language, totals = values.edition.language, values.totals["element"]
    position = {e.number: e.position for e in values.elements}
    sums: dict[int, Decimal] = defaultdict(Decimal)
    buckets: list[tuple[str, Decimal]] = []
    for row in totals.rows:
        if row.code in position:
            sums[position[row.code]] += row.amount_baht
        else:
            buckets.append((row_name(row, language), row.amount_baht))
    tops = _top_elements(values)
    rows = [(_numbered(top, language), sums[top.position]) for top in tops] + buckets
    parts.heading(1, _("Money by strategy"))
    level = tops[0].level.name(language) if tops else _("Strategy")
    amounts_table(parts, _("Money by strategy"), level, rows, totals.grand_total_baht)
    if tops:
        parts.bars(
            _("Money by strategy"),
            [Bar(_numbered(top, language), sums[top.position], top.position) for top in tops],
        )


def _numbered(element: ElementFacts, language: Language) -> str:
    return f"{element.number} {element.name.name(language)}"


def _projects(parts: Parts, values: PlanBookValues) -> None:
    """Every project once, under its primary goal, in the order of the framework."""
    language = values.edition.language
    by_goal = projects_by_goal(values.projects, values.framework.code)
    for element in values.elements:
        if element.depth == 1:
            parts.heading(2, _numbered(element, language))
            parts.text(_strategy_sentence(values, element, by_goal))
        if element.number in by_goal:
            parts.heading(3, _numbered(element, language))
            caption = _("Projects under goal %(number)s") % {"number": element.number}
            project_table(parts, caption, by_goal[element.number], values.edition)
    known = {e.number for e in values.elements}
    rest = [p for goal, found in by_goal.items() if goal not in known for p in found]
    if rest:
        parts.heading(2, _("Projects without a goal in this framework"))
        project_table(parts, _("Projects without a goal in this framework"), rest, values.edition)


def projects_by_goal(
    projects: tuple[PlannedProject, ...], framework_code: str
) -> dict[str, list[PlannedProject]]:
    """Projects under the number of their primary element; without one under ""."""
    found: dict[str, list[PlannedProject]] = defaultdict(list)
    for project in projects:
        numbers = [
            link.number
            for link in project.sheet.links
            if link.is_primary and link.framework_code == framework_code
        ]
        found[numbers[0] if numbers else NO_GOAL].append(project)
    return dict(found)


def _strategy_sentence(
    values: PlanBookValues, top: ElementFacts, by_goal: dict[str, list[PlannedProject]]
) -> str:
    own = {e.number for e in values.elements if e.position == top.position}
    projects = [p for number in own for p in by_goal.get(number, ())]
    return ngettext(
        "%(count)s project, %(amount)s.", "%(count)s projects, %(amount)s.", len(projects)
    ) % {
        "count": plain(len(projects)),
        "amount": baht(total(p.amount_baht for p in projects)),
    }
