"""Questions about frameworks, elements and indicators of a fiscal year."""

from dataclasses import dataclass
from decimal import Decimal

from nayu.strategy.models import Element, Framework, Indicator, Target


def frameworks_in_force(fiscal_year_be: int) -> list[Framework]:
    """Frameworks of a year, the governing one first."""
    return list(
        Framework.objects.in_force(fiscal_year_be)
        .prefetch_related("levels")
        .order_by("order", "code")
    )


def leading_framework(fiscal_year_be: int) -> Framework | None:
    """The framework that pages open with."""
    frameworks = frameworks_in_force(fiscal_year_be)
    return frameworks[0] if frameworks else None


def elements_of(framework: Framework) -> list[Element]:
    """All elements in the order of their number's parts."""
    return list(
        Element.objects.filter(framework=framework).select_related("level").order_by("sort_key")
    )


def linkable_elements(framework: Framework) -> list[Element]:
    return [element for element in elements_of(framework) if element.level.is_linkable]


@dataclass(frozen=True, slots=True)
class YearTarget:
    """The target of a year as kept: value and, for percentages, its fraction."""

    value: Decimal
    numerator: Decimal | None
    denominator: Decimal | None
    mark: str


def year_targets(indicator_ids: list[int], fiscal_year_be: int) -> dict[int, YearTarget]:
    """Year targets by indicator, in one query."""
    return {
        target.indicator_id: YearTarget(
            target.value, target.numerator, target.denominator, target.mark
        )
        for target in Target.objects.filter(
            indicator_id__in=indicator_ids, fiscal_year_be=fiscal_year_be, quarter=0
        )
    }


def indicators_of(elements: list[Element]) -> dict[int, list[Indicator]]:
    """Indicators by element, in code order, in one query."""
    found: dict[int, list[Indicator]] = {element.pk: [] for element in elements}
    for indicator in Indicator.objects.filter(element__in=elements).order_by("code"):
        assert indicator.element_id is not None
        found[indicator.element_id].append(indicator)
    return found
