"""The project form of the Bangkok Metropolitan Administration: ten headings, in use since FY2563.

Headings 6, 7, 9 and 10 are written from activities, lines, promises and indicators.
"""

from django.utils.translation import gettext as _

from nayu.core.money import baht_text
from nayu.documents.content.parts import Parts
from nayu.documents.content.project_sheet import (
    action_plan,
    budget_table,
    commitments,
    indicators_of,
    primary_links,
    promises_of,
    risks_of,
    time_and_place,
)
from nayu.documents.content.values import ProjectFormValues
from nayu.documents.content.wording import (
    NOTHING,
    agency_name,
    baht,
    either,
    novelty,
    origin,
    project_name,
    running_head,
    version_name,
)
from nayu.documents.domain import Document
from nayu.projects.domain import EntrySheet

SIGNING = ("planner", "head", "strategist", "executive")


def project_form(values: ProjectFormValues) -> Document:
    """แบบเสนอโครงการ of one project in one year's plan."""
    edition, sheet, language = values.edition, values.project.sheet, values.edition.language
    parts = Parts(edition)
    parts.facts(
        (
            (_("Project"), project_name(sheet, language)),
            (_("Agency"), agency_name(sheet, language)),
            (_("Fiscal year"), str(edition.fiscal_year_be)),
            (_("Version"), version_name(edition)),
        ),
        codes=((_("Project code"), sheet.project_code),),
    )
    _purpose(parts, values)
    parts.heading(1, _("5. Period and place"))
    parts.facts(time_and_place(sheet, language))
    parts.heading(1, _("6. Action plan"))
    action_plan(parts, sheet, _("Action plan"))
    _budget(parts, values)
    parts.heading(1, _("8. Risks and how they are managed"))
    risks_of(parts, sheet, _("Risks"))
    parts.heading(1, _("9. Benefits expected: what people get"))
    promises_of(parts, values.project)
    parts.heading(1, _("10. Monitoring and evaluation"))
    indicators_of(parts, sheet, _("Indicators"))
    parts.signatures(values.facts.posts, SIGNING)
    return parts.document(
        _("Project proposal"),
        project_name(sheet, language),
        running_head(agency_name(sheet, language), edition),
    )


def _purpose(parts: Parts, values: ProjectFormValues) -> None:
    """Headings 1 to 4."""
    sheet, language = values.project.sheet, values.edition.language
    parts.heading(1, _("1. Principles and rationale"))
    parts.text(sheet.rationale)
    parts.heading(1, _("2. Objectives"))
    parts.numbered(sheet.objectives or (NOTHING,))
    parts.heading(1, _("3. Targets"))
    parts.text(sheet.target_quantity)
    if sheet.target_quality:
        parts.text(sheet.target_quality)
    parts.heading(1, _("4. Nature of the project"))
    parts.facts(
        (
            (_("Kind"), _kind(sheet)),
            (_("The idea came from"), origin(sheet.origin)),
            (_("Supporting agencies"), _names(sheet.supporting, language)),
            (
                _("Partners"),
                ", ".join(either(language, th, en) for th, en in sheet.partners) or NOTHING,
            ),
            (_("Serves"), "\n".join(primary_links(sheet, language)) or NOTHING),
        )
    )
    parts.text(sheet.method)


def _kind(sheet: EntrySheet) -> str:
    """New or continuing; a continuing one names the year it goes on from."""
    kind = novelty(sheet.novelty)
    if not sheet.continues_fy:
        return kind
    return _("%(kind)s, goes on from fiscal year %(year)s") % {
        "kind": kind, "year": sheet.continues_fy,
    }  # fmt: skip


def _names(agencies: tuple[tuple[str, str, str], ...], language: str) -> str:
    return ", ".join(en if language == "en" and en else th for _code, th, en in agencies) or NOTHING


def _budget(parts: Parts, values: ProjectFormValues) -> None:
    edition, project = values.edition, values.project
    parts.heading(1, _("7. Budget"))
    parts.text(
        _("%(amount)s (%(words)s), amounts at the stage “%(stage)s”.")
        % {
            "amount": baht(project.amount_baht),
            "words": baht_text(project.amount_baht),
            "stage": edition.stage.name(edition.language),
        }
    )
    budget_table(parts, project, edition, _("Budget"))
    years = commitments(project)
    if years:
        parts.facts(
            [
                (_("Committed in fiscal year %(year)s") % {"year": year}, baht(amount))
                for year, amount in years.items()
            ]
        )
