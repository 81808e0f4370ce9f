"""Loading frameworks, indicators, targets and the calendar from the data pack, with sources."""

from decimal import Decimal

from django.db import transaction

from nayu.core.thai import number_parts, sort_key_of_number
from nayu.db.pack import rows, whole
from nayu.strategy.models import CalendarStep, Element, Framework, Indicator, Level, Target

PACKAGE = "nayu.strategy"


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text.strip() else None


@transaction.atomic
def load_pack() -> None:
    """Everything of the pack, once; a framework that is already here is left as it is."""
    present = set(Framework.objects.values_list("code", flat=True))
    frameworks = {}
    for order, row in enumerate(rows(PACKAGE, "frameworks"), start=1):
        if row["code"] in present:
            continue
        frameworks[row["code"]] = Framework.objects.create(
            code=row["code"],
            name_th=row["name_th"],
            name_en=row["name_en"],
            first_fy=int(row["first_fy"]),
            last_fy=int(row["last_fy"]),
            order=order,
            source=row["source"],
            mark=row["mark"],
        )
    if not frameworks:
        return
    levels = {
        (row["framework"], row["depth"]): Level.objects.create(
            framework=frameworks[row["framework"]],
            depth=int(row["depth"]),
            name_th=row["name_th"],
            name_en=row["name_en"],
            is_linkable=row["linkable"] == "1",
        )
        for row in rows(PACKAGE, "levels")
        if row["framework"] in frameworks
    }
    elements = _load_elements(frameworks, levels)
    _load_indicators(elements)
    CalendarStep.objects.bulk_create(
        CalendarStep(
            lane=row["lane"],
            first_offset=int(row["fy_offset_months_start"]),
            last_offset=int(row["fy_offset_months_end"]),
            name_th=row["step_th"],
            name_en=row["step_en"],
            source=row["source"],
            mark=row["mark"],
        )
        for row in rows(PACKAGE, "calendar")
    )


def _load_elements(
    frameworks: dict[str, Framework], levels: dict[tuple[str, str], Level]
) -> dict[tuple[str, str], Element]:
    elements: dict[tuple[str, str], Element] = {}
    pack = [row for row in rows(PACKAGE, "elements") if row["framework"] in frameworks]
    for row in sorted(pack, key=lambda row: (row["framework"], int(row["depth"]))):
        code = row["framework"]
        elements[code, row["number"]] = Element.objects.create(
            framework=frameworks[code],
            level=levels[code, row["depth"]],
            parent=elements[code, row["parent_number"]] if row["parent_number"] else None,
            number=row["number"],
            sort_key=sort_key_of_number(row["number"]),
            position=number_parts(row["number"])[0],
            name_th=row["name_th"],
            name_en=row["name_en"],
            source=row["source"],
            mark=row["mark"],
        )
    return elements


def _load_indicators(elements: dict[tuple[str, str], Element]) -> None:
    indicators = Indicator.objects.bulk_create(
        Indicator(
            code=row["code"],
            element=elements[row["framework"], row["element_number"]],
            name_th=row["name_th"],
            name_en=row["name_en"],
            unit_th=row["unit_th"],
            unit_en=row["unit_en"],
            is_percentage=row["is_percentage"] == "1",
            result_level=row["level"],
            direction=row["direction"],
            definition_th=row["definition_th"],
            formula_th=row["formula_th"],
            data_source_th=row["data_source_th"],
            owner_id=row["owner_plan_code"] or None,
            baseline_fy=whole(row["baseline_fy"]),
            baseline=_decimal(row["baseline_value"]),
            source=row["source"],
            mark=row["mark"],
        )
        for row in rows(PACKAGE, "indicators")
    )
    ids = {indicator.code: indicator for indicator in indicators}
    Target.objects.bulk_create(
        [
            Target(
                indicator=ids[row["indicator_code"]],
                fiscal_year_be=int(row["fiscal_year"]),
                quarter=int(row["quarter"]),
                value=Decimal(row["value"]),
                numerator=_decimal(row["numerator"]),
                denominator=_decimal(row["denominator"]),
                source=row["source"],
                mark=row["mark"],
            )
            for row in rows(PACKAGE, "targets")
        ],
        batch_size=1000,
    )
