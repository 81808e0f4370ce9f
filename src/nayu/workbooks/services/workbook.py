"""The agency's own workbook, with its lists and the lines it has."""

from nayu.agencies.models import Agency
from nayu.budget.domain import UNSPECIFIED_TYPE
from nayu.budget.models import ExpenditureCategory, FunctionNode, FundingSource, Line
from nayu.core.errors import RuleBroken
from nayu.projects.models import ProjectEntry
from nayu.workbooks.domain import TemplateAgency, TemplateLine
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
    entries = (
        ProjectEntry.objects.filter(agency=agency, fiscal_year_be=fiscal_year_be)
        .order_by("project__code")
        .values_list("project__code", "name_th")
    )
    lines = (
        Line.objects.filter(agency=agency, fiscal_year_be=fiscal_year_be)
        .select_related("entry__project")
        .order_by("kind", "entry__project__code", "order", "pk")
    )
    return write_template(
        TemplateAgency(agency.code, agency.name_th),
        fiscal_year_be,
        list(entries),
        list(FunctionNode.objects.filter(depth=3).order_by("code").values_list("code", "name_th")),
        list(
            ExpenditureCategory.objects.exclude(type_id=UNSPECIFIED_TYPE)
            .order_by("code")
            .values_list("code", "name_th", "type__name_th")
        ),
        list(FundingSource.objects.order_by("order").values_list("code", "name_th")),
        [template_line(line) for line in lines],
    )


class AgencyUnknown(RuleBroken):
    code = "agency_unknown"
