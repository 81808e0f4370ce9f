"""Lines as values, with a constant number of queries."""

from collections.abc import Mapping

from django.db.models import QuerySet

from nayu.budget.domain import (
    LineSheet,
)
from nayu.budget.models import (
    Line,
    Stage,
)


def line_sheets(lines: QuerySet[Line]) -> list[LineSheet]:
    """Lines as values, in order, with a constant number of queries."""
    loaded = list(
        lines.select_related("category__type", "work", "source", "commitment")
        .prefetch_related("stage_amounts", "commitment__years", "running_costs")
        .order_by("kind", "agency_id", "entry_id", "order", "pk")
    )
    order = dict(Stage.objects.values_list("code", "order"))
    return [line_sheet(line, order) for line in loaded]


def line_sheet(line: Line, stage_order: Mapping[str, int]) -> LineSheet:
    category, kind, work = line.category, line.category.type, line.work
    years = line.commitment.years.all() if line.commitment else []
    return LineSheet(
        line_id=line.pk,
        kind=line.kind,
        entry_id=line.entry_id,
        order=line.order,
        item=line.item,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        amount=line.amount,
        category_code=category.code,
        category_th=category.name_th,
        category_en=category.name_en,
        type_code=kind.code,
        type_th=kind.name_th,
        type_en=kind.name_en,
        work_code=work.code if work else "",
        work_th=work.name_th if work else "",
        work_en=work.name_en if work else "",
        source_code=line.source.code,
        source_th=line.source.name_th,
        source_en=line.source.name_en,
        price_reference=line.price_reference,
        price_evidence=line.price_evidence,
        first_month=line.first_month,
        last_month=line.last_month,
        novelty=line.novelty,
        priority=line.priority,
        if_not_funded=line.if_not_funded,
        promise_number=line.promise_number,
        price_reason=line.price_reason,
        running_years=tuple(
            sorted((one.fiscal_year_be, one.amount) for one in line.running_costs.all())
        ),
        commitment_years=tuple(sorted((year.fiscal_year_be, year.amount) for year in years)),
        stages=tuple(
            sorted(
                ((a.stage_id, a.amount) for a in line.stage_amounts.all()),
                key=lambda pair: stage_order[pair[0]],
            )
        ),
    )
