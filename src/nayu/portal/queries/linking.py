"""What an entry may be linked to in its year, and what it is linked to now."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from nayu.agencies.models import District
from nayu.projects.models import ProjectEntry
from nayu.strategy.models import Element, Framework, Indicator
from nayu.strategy.queries import frameworks_in_force, linkable_elements, year_targets


@dataclass(frozen=True)
class Linking:
    """Frameworks in force with their linkable elements, indicators that fit, and what is chosen.

    Indicators come with their target of the year, None where there is none.
    """

    fiscal_year_be: int
    frameworks: list[tuple[Framework, list[Element]]]
    indicators: list[tuple[Indicator, Decimal | None]]
    primary: dict[str, int]
    others: dict[str, list[int]]
    linked: frozenset[int]
    district_codes: frozenset[str]


def known_to(entry: ProjectEntry) -> Linking:
    """Only what a promise may name: indicators, without their targets, and districts."""
    linked = frozenset(entry.indicator_links.values_list("indicator_id", flat=True))
    indicators = _indicators(entry.links.values_list("element_id", flat=True), linked)
    return Linking(
        entry.fiscal_year_be, [], [(one, None) for one in indicators], {}, {}, linked, _codes()
    )


def _indicators(element_ids: Iterable[int], linked: frozenset[int]) -> list[Indicator]:
    return list(
        Indicator.objects.filter(Q(element_id__in=list(element_ids)) | Q(pk__in=linked)).order_by(
            "code"
        )
    )


def _codes() -> frozenset[str]:
    return frozenset(District.objects.values_list("plan_code", flat=True))


def linking_of(entry: ProjectEntry) -> Linking:
    """Indicators are those of the chosen elements and any that are already linked."""
    links = list(entry.links.select_related("framework").order_by("element__sort_key"))
    linked = frozenset(entry.indicator_links.values_list("indicator_id", flat=True))
    indicators = _indicators([link.element_id for link in links], linked)
    targets = year_targets([one.pk for one in indicators], entry.fiscal_year_be)
    others: dict[str, list[int]] = {}
    for link in links:
        if not link.is_primary:
            others.setdefault(link.framework.code, []).append(link.element_id)
    return Linking(
        entry.fiscal_year_be,
        [(f, linkable_elements(f)) for f in frameworks_in_force(entry.fiscal_year_be)],
        [(one, targets[one.pk].value if one.pk in targets else None) for one in indicators],
        {link.framework.code: link.element_id for link in links if link.is_primary},
        others,
        linked,
        _codes(),
    )
