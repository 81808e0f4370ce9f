"""One agency's plan: mandate, the strategies it serves, its projects, sheets, indicators, money."""

from decimal import Decimal

from django.utils.translation import gettext as _

from nayu.core.dates import Language
from nayu.core.money import total
from nayu.documents.content.money import money_tables
from nayu.documents.content.parts import Parts
from nayu.documents.content.project_sheet import (
    action_plan,
    budget_table,
    indicators_of,
    primary_links,
    project_table,
    promises_of,
    risks_of,
    time_and_place,
)
from nayu.documents.content.values import AgencyPlanValues, PlannedProject
from nayu.documents.content.wording import (
    NOTHING,
    baht,
    either,
    indicator_name,
    indicator_unit,
    plain,
    project_name,
    running_head,
    version_name,
)
from nayu.documents.domain import Column, Document
from nayu.projects.domain import IndicatorValues


def agency_plan(values: AgencyPlanValues) -> Document:
    """แผนปฏิบัติราชการประจำปีของหน่วยงาน."""
    edition, language = values.edition, values.edition.language
    parts = Parts(edition)
    parts.contents()
    _opening(parts, values)
    parts.heading(1, _("Strategies served"))
    _links(parts, values)
    parts.heading(1, _("Projects"))
    project_table(parts, _("Projects"), values.projects, edition, with_agency=False)
    parts.heading(1, _("Project sheets"))
    for project in values.projects:
        _sheet(parts, project, values)
    parts.heading(1, _("Indicators"))
    _indicators(parts, values.projects, language)
    parts.heading(1, _("Money"))
    money_tables(parts, values.totals, ("expenditure", "function", "source", "district"), language)
    return parts.document(
        _("Annual action plan, fiscal year %(year)s") % {"year": edition.fiscal_year_be},
        f"{values.facts.agency.name(language)}\n{version_name(edition)}",
        running_head(values.facts.agency.name(language), edition),
    )


def _opening(parts: Parts, values: AgencyPlanValues) -> None:
    edition, facts = values.edition, values.facts
    parts.heading(1, _("The agency and its mandate"))
    parts.text(facts.mandate(edition.language))
    of_projects = total(p.amount_baht for p in values.projects)
    parts.text(
        _(
            "In fiscal year %(year)s the agency plans %(projects)s projects worth %(of_projects)s. Its"
            " whole budget, with routine work, comes to %(total)s."
        )
        % {
            "year": edition.fiscal_year_be,
            "projects": plain(len(values.projects)),
            "of_projects": baht(of_projects),
            "total": baht(values.totals["expenditure"].grand_total_baht),
        }
    )
    parts.facts(
        (
            (_("Version"), version_name(edition)),
            (_("Amounts at the stage"), edition.stage.name(edition.language)),
        ),
        ((_("Agency code"), facts.agency.code),),
    )


def _links(parts: Parts, values: AgencyPlanValues) -> None:
    """Every element that is some project's primary one, with its projects and their money."""
    language = values.edition.language
    served: dict[tuple[str, str], list[PlannedProject]] = {}
    names: dict[tuple[str, str], str] = {}
    frameworks: dict[str, str] = {}
    for project in values.projects:
        for link in project.sheet.links:
            if link.is_primary:
                key = (link.framework_code, link.number)
                served.setdefault(key, []).append(project)
                names[key] = f"{link.number} {either(language, link.name_th, link.name_en)}"
                frameworks[link.framework_code] = either(
                    language, link.framework_name_th, link.framework_name_en
                )
    for code, framework in frameworks.items():
        own = sorted((key for key in served if key[0] == code), key=lambda k: _parts_of(k[1]))
        parts.heading(2, framework)
        parts.table(
            framework,
            (
                Column(_("Goal")),
                Column(_("Projects"), "number"),
                Column(_("Amount (baht)"), "money"),
            ),
            [
                (
                    names[key],
                    Decimal(len(served[key])),
                    total(p.amount_baht for p in served[key]),
                )
                for key in own
            ],
            total=(
                _("Total"),
                Decimal(sum(len(served[key]) for key in own)),
                total(p.amount_baht for key in own for p in served[key]),
            ),
        )
    if not frameworks:
        parts.text(NOTHING)


def _parts_of(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split(".") if part.isdigit())


def _sheet(parts: Parts, project: PlannedProject, values: AgencyPlanValues) -> None:
    """One project on a few pages: what people get comes first."""
    sheet, language = project.sheet, values.edition.language
    parts.heading(2, f"{project_name(sheet, language)} ({sheet.project_code})")
    parts.heading(3, _("What people get"))
    promises_of(parts, project)
    parts.facts(
        (
            (_("Serves"), "\n".join(primary_links(sheet, language)) or NOTHING),
            *time_and_place(sheet, language),
            (_("Budget"), baht(project.amount_baht)),
        )
    )
    parts.heading(3, _("Rationale"))
    parts.text(sheet.rationale)
    parts.heading(3, _("Objectives"))
    parts.numbered(sheet.objectives or (NOTHING,))
    parts.heading(3, _("Targets"))
    parts.text(sheet.target_quantity)
    if sheet.target_quality:
        parts.text(sheet.target_quality)
    parts.heading(3, _("Nature of the project"))
    parts.text(sheet.method)
    action_plan(parts, sheet, _("Action plan"))
    budget_table(parts, project, values.edition, _("Budget"))
    risks_of(parts, sheet, _("Risks"))
    indicators_of(parts, sheet, _("Indicators"))


def _indicators(parts: Parts, projects: tuple[PlannedProject, ...], language: Language) -> None:
    """Every indicator once, with the projects that report on it."""
    found: dict[str, IndicatorValues] = {}
    reported: dict[str, list[str]] = {}
    for project in projects:
        for indicator in project.sheet.indicators:
            found[indicator.code] = indicator
            reported.setdefault(indicator.code, []).append(project.sheet.project_code)
    parts.table(
        _("Indicators"),
        (
            Column(_("Code"), "code"),
            Column(_("Indicator"), weight=40),
            Column(_("Unit"), weight=12),
            Column(_("Baseline"), "number"),
            Column(_("Target"), "number"),
            Column(_("Projects"), weight=22),
        ),
        [
            (
                code,
                indicator_name(found[code], language),
                indicator_unit(found[code], language),
                found[code].baseline,
                found[code].target,
                ", ".join(reported[code]),
            )
            for code in sorted(found)
        ],
    )
