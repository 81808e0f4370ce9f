"""What a list of published projects can be narrowed by, with counts; and gaps of a framework."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from nayu.budget.domain import WHOLE_CITY
from nayu.budget.models import ExpenditureType
from nayu.portal.queries.plans import ElementNode, Plan
from nayu.projects.domain import ORIGINS
from nayu.publication.models import FrozenEntry
from nayu.strategy.queries import indicators_of, year_targets


@dataclass(frozen=True, slots=True)
class Facets:
    """How many projects of the whole list each choice keeps."""

    agencies: dict[str, int]
    districts: dict[str, int]
    types: tuple[tuple[ExpenditureType, int], ...]
    origins: dict[str, int]


def facets_of(plan: Plan) -> Facets:
    """Counts of every choice, in a constant number of queries."""
    weights = plan.books.district_weights()
    districts = Counter(code for pk in plan.entries for code in weights.get(pk, (WHOLE_CITY,)))
    types = {code: len(entries) for code, entries in plan.lines_by_type.items()}
    origins = Counter(plan.origins.values())
    return Facets(
        dict(Counter(frozen.agency_id for frozen in plan.entries.values())),
        dict(districts),
        tuple((t, types[t.code]) for t in ExpenditureType.objects.order_by("order", "code") if t.code in types),
        {origin: origins[origin] for origin in ORIGINS if origin in origins},
    )  # fmt: skip


def with_type(plan: Plan, rows: list[FrozenEntry], type_code: str) -> list[FrozenEntry]:
    """Those with at least one line of an expenditure type."""
    kept = plan.lines_by_type.get(type_code, set())
    return [frozen for frozen in rows if frozen.entry_id in kept]


def with_origin(plan: Plan, rows: list[FrozenEntry], origin: str) -> list[FrozenEntry]:
    return [frozen for frozen in rows if plan.origins[frozen.entry_id] == origin]


def flat(tree: list[ElementNode]) -> list[ElementNode]:
    """All nodes of a tree, from the top down."""
    return [found for node in tree for found in [node, *flat(node.children)]]


def untargeted(tree: list[ElementNode], fiscal_year_be: int) -> dict[int, int]:
    """By element: how many of its own indicators have no target in a year; counts them besides."""
    nodes = flat(tree)
    indicators = indicators_of([node.element for node in nodes])
    targets = year_targets([i.pk for found in indicators.values() for i in found], fiscal_year_be)
    for node in nodes:
        node.indicators = len(indicators[node.element.pk])
    return {
        pk: missing
        for pk, found in indicators.items()
        if (missing := sum(1 for indicator in found if indicator.pk not in targets))
    }


def shares_add_up_to(shares: list[Decimal]) -> Decimal | None:
    """What rounded shares add up to, where that is not a hundred."""
    added = sum(shares, Decimal(0))
    return added if shares and added != 100 else None
