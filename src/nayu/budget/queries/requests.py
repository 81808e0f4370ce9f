"""Requests, the balance of a year, and amounts of entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from nayu.agencies.domain import Person
from nayu.approvals.domain import may
from nayu.budget.domain import (
    REQUESTED,
)
from nayu.budget.models import (
    Line,
    Request,
    RevenueEstimate,
    StageAmount,
)
from nayu.budget.queries.totals import working_books
from nayu.db.fields import sum_satang


def visible_request(agency_code: str, fiscal_year_be: int, person: Person) -> Request | None:
    return (
        Request.objects.visible_to(person)
        .filter(agency_id=agency_code, fiscal_year_be=fiscal_year_be)
        .first()
    )


@dataclass(frozen=True, slots=True)
class Balance:
    """Revenue estimate against expenditure of a year at one stage."""

    fiscal_year_be: int
    stage: str
    revenue_baht: Decimal
    expenditure_baht: Decimal

    @property
    def difference_baht(self) -> Decimal:
        return self.revenue_baht - self.expenditure_baht

    @property
    def is_balanced(self) -> bool:
        return self.difference_baht == 0


def balance(fiscal_year_be: int, stage: str) -> Balance:
    """A balanced budget: the ordinance equals the revenue estimate."""
    revenue = RevenueEstimate.objects.filter(fiscal_year_be=fiscal_year_be).aggregate(
        sum_baht=sum_satang("amount")
    )["sum_baht"]
    return Balance(
        fiscal_year_be,
        stage,
        revenue or Decimal("0.00"),
        working_books(fiscal_year_be, stage).total_baht(),
    )


def entry_amounts(entry_ids: Iterable[int], stage: str = REQUESTED) -> dict[int, Decimal]:
    """Total of each entry at a stage, in one query."""
    rows = (
        StageAmount.objects.filter(stage_id=stage, line__entry_id__in=list(entry_ids))
        .values("line__entry_id")
        .annotate(sum_baht=sum_satang("amount"))
    )
    return {row["line__entry_id"]: row["sum_baht"] for row in rows}


def line_counts(entry_ids: Iterable[int]) -> dict[int, int]:
    rows = (
        Line.objects.filter(entry_id__in=list(entry_ids))
        .values("entry_id")
        .annotate(number=Count("pk"))
    )
    return {row["entry_id"]: row["number"] for row in rows}


def may_see_ceilings(person: Person, agency_code: str) -> bool:
    return may(person, "ceiling.view", agency_code=agency_code)
