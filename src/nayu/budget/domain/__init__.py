"""Kinds of line, price references, and what a ceiling allows. Amounts are baht, `Decimal`."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from nayu.core.errors import RuleBroken

PROJECT, ROUTINE, CENTRAL = "project", "routine", "central"
LINE_KINDS = (PROJECT, ROUTINE, CENTRAL)
NOVELTIES = ("new", "continuing", "replacement")
PRICE_REFERENCES = ("standard", "quotation", "past_purchase", "design", "payroll", "other")
REQUESTED, PROPOSED, DECIDED, ORDINANCE = "requested", "proposed", "decided", "ordinance"
UNSPECIFIED_TYPE = "unspecified"

BY = ("none", "element", "agency", "expenditure", "function", "source", "district")
NO_ELEMENT, ROUTINE_BUCKET, CENTRAL_BUCKET = "no-element", "routine", "central-fund"
WHOLE_CITY = "whole-city"


class OverCeiling(RuleBroken):
    """The request is over its ceiling; `facts["overruns"]` lists each with figures."""

    code = "over_ceiling"


class RequestClosed(RuleBroken):
    """Lines change only while the agency's request is open."""

    code = "request_closed"


class RequestEmpty(RuleBroken):
    code = "request_empty"


class LaterYearPassed(RuleBroken):
    """A later year of a line must come after the line's own."""

    code = "later_year_passed"


class LineNotExact(RuleBroken):
    """quantity × unit price has a fraction of a satang."""

    code = "line_not_exact"


class StageNotReached(RuleBroken):
    """No amounts have been written at this stage for this year."""

    code = "stage_not_reached"


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a ceiling is asked for: by lines, and by later years of old commitments."""

    agency_code: str
    type_code: str
    ceiling_baht: Decimal | None
    lines_baht: Decimal
    committed_baht: Decimal = Decimal(0)

    @property
    def asked_baht(self) -> Decimal:
        return self.lines_baht + self.committed_baht

    @property
    def left_baht(self) -> Decimal:
        """What is left; negative when over. Without a ceiling nothing is allowed."""
        return (self.ceiling_baht or Decimal(0)) - self.asked_baht

    @property
    def is_over(self) -> bool:
        return self.left_baht < 0

    @property
    def over_baht(self) -> Decimal:
        return max(-self.left_baht, Decimal(0))


def ceiling_uses(
    agency_code: str,
    ceilings: Mapping[str, Decimal],
    lines: Mapping[str, Decimal],
    committed: Mapping[str, Decimal],
) -> list[Use]:
    """The use of every expenditure type that has a ceiling, lines or commitments, by code."""
    codes = sorted({*ceilings, *lines, *committed})
    return [
        Use(
            agency_code,
            code,
            ceilings.get(code),
            lines.get(code, Decimal(0)),
            committed.get(code, Decimal(0)),
        )
        for code in codes
    ]


@dataclass(frozen=True, slots=True)
class Fact:
    """A sum of money under one key (or one entry), before it is put into buckets."""

    kind: str
    key: str | None
    entry_id: int | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LineSheet:
    """A line as pages and documents draw it; amounts by stage as (code, baht) in stage order."""

    line_id: int
    kind: str
    entry_id: int | None
    order: int
    item: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: Decimal
    category_code: str
    category_th: str
    category_en: str
    type_code: str
    type_th: str
    type_en: str
    work_code: str
    work_th: str
    work_en: str
    source_code: str
    source_th: str
    source_en: str
    price_reference: str
    price_evidence: str
    first_month: int
    last_month: int
    novelty: str
    priority: int | None
    if_not_funded: str
    commitment_years: tuple[tuple[int, Decimal], ...]
    stages: tuple[tuple[str, Decimal], ...]
    promise_number: int | None = None
    price_reason: str = ""
    running_years: tuple[tuple[int, Decimal], ...] = ()

    def at(self, stage: str) -> Decimal | None:
        return dict(self.stages).get(stage)
