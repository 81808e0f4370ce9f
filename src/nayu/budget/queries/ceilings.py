"""What agencies ask for against their ceilings."""

from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from nayu.agencies.domain import CENTRAL_FUND_CODE
from nayu.approvals.domain import CLOSED_PROJECT, REJECTED
from nayu.budget.domain import (
    CENTRAL,
    PROJECT,
    Use,
    ceiling_uses,
)
from nayu.budget.models import (
    Ceiling,
    CommitmentYear,
    Line,
    Request,
)
from nayu.db.fields import sum_satang


def request_lines(agency_code: str, fiscal_year_be: int) -> QuerySet[Line]:
    """Lines that make up an agency's request: routine ones, and of projects in the plan."""
    return Line.objects.filter(agency_id=agency_code, fiscal_year_be=fiscal_year_be).filter(
        ~Q(kind=PROJECT) | Q(entry__state="in_plan")
    )


def lines_outside_the_plan(agency_code: str, fiscal_year_be: int) -> QuerySet[Line]:
    """Lines of projects that are not in the plan yet, and so not in the request."""
    return Line.objects.filter(
        agency_id=agency_code, fiscal_year_be=fiscal_year_be, kind=PROJECT
    ).exclude(entry__state__in=CLOSED_PROJECT)


def uses(agency_code: str, fiscal_year_be: int, *, with_drafts: bool = False) -> list[Use]:
    """What the agency asks for against its ceilings, by expenditure type.

    `with_drafts` counts projects that are not in the plan yet, for the warning while writing.
    """
    if agency_code == CENTRAL_FUND_CODE:
        return []  # the central fund is bounded by the revenue estimate, not by a ceiling
    lines = (
        Line.objects.filter(agency_id=agency_code, fiscal_year_be=fiscal_year_be).exclude(
            entry__state=REJECTED
        )
        if with_drafts
        else request_lines(agency_code, fiscal_year_be)
    )
    asked = {
        row["category__type_id"]: row["sum_baht"]
        for row in lines.values("category__type_id").annotate(sum_baht=sum_satang("amount"))
    }
    return ceiling_uses(
        agency_code,
        ceilings(agency_code, fiscal_year_be),
        asked,
        open_commitments(agency_code, fiscal_year_be, with_drafts=with_drafts),
    )


def ceilings(agency_code: str, fiscal_year_be: int) -> dict[str, Decimal]:
    return dict(
        Ceiling.objects.filter(agency_id=agency_code, fiscal_year_be=fiscal_year_be).values_list(
            "type_id", "amount"
        )
    )


def due_commitments(fiscal_year_be: int, *, with_drafts: bool = False) -> QuerySet[CommitmentYear]:
    """What was committed for this year in an earlier one, and no line of this year carries yet.

    A commitment binds later years once the request that begins it is submitted: what an agency
    has only typed moves no other year's figure. `with_drafts` counts those too, for its own eyes.
    """
    own_year = Line.objects.filter(
        commitment=OuterRef("commitment"), fiscal_year_be=OuterRef("fiscal_year_be")
    ).exclude(entry__state=REJECTED)
    earlier = Line.objects.filter(
        commitment=OuterRef("commitment"), fiscal_year_be__lt=OuterRef("fiscal_year_be")
    ).exclude(entry__state=REJECTED)
    if not with_drafts:
        in_request = ~Q(kind=PROJECT) | Q(entry__state="in_plan")
        sent = Request.objects.filter(
            agency=OuterRef("agency"), fiscal_year_be=OuterRef("fiscal_year_be")
        ).exclude(state="open")
        own_year = own_year.filter(in_request)
        earlier = earlier.filter(in_request).filter(Exists(sent))
    return CommitmentYear.objects.filter(
        Exists(earlier), ~Exists(own_year), fiscal_year_be=fiscal_year_be
    )


def open_commitments(
    agency_code: str, fiscal_year_be: int, *, with_drafts: bool = False
) -> dict[str, Decimal]:
    """Commitments due from an agency in a year that no line carries yet, by expenditure type."""
    years = due_commitments(fiscal_year_be, with_drafts=with_drafts).filter(
        commitment__agency_id=agency_code
    )
    return {
        row["commitment__category__type_id"]: row["sum_baht"]
        for row in years.values("commitment__category__type_id").annotate(
            sum_baht=sum_satang("amount")
        )
    }


def all_uses(fiscal_year_be: int) -> dict[str, list[Use]]:
    """Uses of every agency in a year, with a constant number of queries."""
    asked: dict[str, dict[str, Decimal]] = {}
    lines = (
        Line.objects.filter(fiscal_year_be=fiscal_year_be)
        .exclude(kind=CENTRAL)
        .filter(~Q(kind=PROJECT) | Q(entry__state="in_plan"))
    )
    for row in lines.values("agency_id", "category__type_id").annotate(
        sum_baht=sum_satang("amount")
    ):
        asked.setdefault(row["agency_id"], {})[row["category__type_id"]] = row["sum_baht"]
    limits: dict[str, dict[str, Decimal]] = {}
    for code, type_code, amount in Ceiling.objects.filter(
        fiscal_year_be=fiscal_year_be
    ).values_list("agency_id", "type_id", "amount"):
        limits.setdefault(code, {})[type_code] = amount
    committed: dict[str, dict[str, Decimal]] = {}
    for due in (
        due_commitments(fiscal_year_be)
        .values("commitment__agency_id", "commitment__category__type_id")
        .annotate(sum_baht=sum_satang("amount"))
    ):
        committed.setdefault(due["commitment__agency_id"], {})[
            due["commitment__category__type_id"]
        ] = due["sum_baht"]
    return {
        code: ceiling_uses(code, limits.get(code, {}), asked.get(code, {}), committed.get(code, {}))
        for code in sorted({*asked, *limits, *committed})
    }
