"""The agency's own workbook, with its lists and the lines it has."""

from collections.abc import Sequence

from nayu.agencies.models import Agency
from nayu.approvals.domain import PROJECT
from nayu.audit.queries import newest_of
from nayu.budget.domain import UNSPECIFIED_TYPE
from nayu.budget.models import ExpenditureCategory, FunctionNode, FundingSource, Line
from nayu.core.errors import RuleBroken
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheets
from nayu.workbooks.domain import TemplateAgency, TemplateEntry, TemplateLine
from nayu.workbooks.template import write_template

OWN = "nayu"  # the profile of the agency's own workbook


def template_line(line: Line) -> TemplateLine:
    return TemplateLine(
        line_id=str(line.pk),
        revision=line.revision,
        item=line.item,
        category_code=line.category_id,
        source_code=line.source_id,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        project_code=line.entry.project.code if line.entry else "",
        work_code=line.work_id or "",
        price_reference=line.price_reference,
        price_evidence=line.price_evidence,
        first_month=line.first_month,
        last_month=line.last_month,
        novelty=line.novelty,
        priority=line.priority,
        if_not_funded=line.if_not_funded,
    )


def agency_template(agency_code: str, fiscal_year_be: int) -> bytes:
    """The agency's workbook of the year, with its lists and the lines it has. Raises AgencyUnknown."""
    agency = Agency.objects.filter(code=agency_code).first()
    if agency is None:
        raise AgencyUnknown(value=agency_code)
    entries = list(
        ProjectEntry.objects.filter(agency=agency, fiscal_year_be=fiscal_year_be)
        .select_related("project")
        .order_by("project__code")
    )
    lines = (
        Line.objects.filter(agency=agency, fiscal_year_be=fiscal_year_be)
        .select_related("entry__project")
        .order_by("kind", "entry__project__code", "order", "pk")
    )
    return write_template(
        TemplateAgency(agency.code, agency.name_th),
        fiscal_year_be,
        [(entry.project.code, entry.name_th) for entry in entries],
        list(FunctionNode.objects.filter(depth=3).order_by("code").values_list("code", "name_th")),
        list(
            ExpenditureCategory.objects.exclude(type_id=UNSPECIFIED_TYPE)
            .order_by("code")
            .values_list("code", "name_th", "type__name_th")
        ),
        list(FundingSource.objects.order_by("order").values_list("code", "name_th")),
        [template_line(line) for line in lines],
        template_entries(entries),
    )


def template_entries(entries: Sequence[ProjectEntry]) -> list[TemplateEntry]:
    """Entries with the newest deed on each: what somebody saves while they are read is read again."""
    newest = _newest_deeds(entries)
    while True:
        told = sheets(entries)
        after = _newest_deeds(entries)
        if after == newest:
            break
        newest = after
    return [TemplateEntry(newest.get(sheet.entry_id, 0), sheet) for sheet in told]


def _newest_deeds(entries: Sequence[ProjectEntry]) -> dict[int, int]:
    newest = newest_of(PROJECT, [str(entry.pk) for entry in entries])
    return {int(pk): event for pk, event in newest.items()}


class AgencyUnknown(RuleBroken):
    code = "agency_unknown"
