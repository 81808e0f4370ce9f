"""Several fiscal years of one line (งบผูกพัน): one row a year, the sum computed.

The row of a year that has a line always equals that line; only years to come are stated by hand.
"""

from collections.abc import Mapping
from decimal import Decimal

from nayu.budget.domain import LaterYearPassed
from nayu.budget.models import Commitment, CommitmentYear, Line, RunningCost
from nayu.core.money import (
    LARGEST_BAHT,
    MoneyNegative,
    MoneyNotWholeBaht,
    MoneyTooLarge,
)
from nayu.projects.models import Project


def write_years(line: Line, later: Mapping[int, Decimal] | None) -> None:
    """Bring the commitment of a saved line into step with it.

    `later` are baht by fiscal year after the line's own: None leaves them as they are, an empty
    mapping takes them away. Years that have a line already follow that line, not this one.
    Raises LaterYearPassed, MoneyNegative, MoneyTooLarge, MoneyNotWholeBaht.
    """
    stated = {year: amount for year, amount in (later or {}).items() if amount}
    _ensure_sound(line, stated)
    if line.commitment is None:
        if not stated:
            return
        line.commitment = Commitment.objects.create(
            agency_id=line.agency_id,
            project=line.entry.project if line.entry else None,
            category_id=line.category_id,
            item=line.item[:500],
        )
        line.save(update_fields=["commitment"])
    commitment = line.commitment
    _set_year(commitment, line.fiscal_year_be, line.amount)
    if _is_first(line):
        commitment.item, commitment.category_id = line.item[:500], line.category_id
        commitment.save(update_fields=["item", "category"])
    if later is None:
        return
    open_years = commitment.years.filter(fiscal_year_be__gt=line.fiscal_year_be).exclude(
        fiscal_year_be__in=commitment.lines.values("fiscal_year_be")
    )
    carried = set(commitment.lines.values_list("fiscal_year_be", flat=True))
    open_years.exclude(fiscal_year_be__in=stated).delete()
    for year, amount in stated.items():
        if year not in carried:
            _set_year(commitment, year, amount)
    if stated and commitment.project_id:
        Project.objects.filter(pk=commitment.project_id, last_fy__lt=max(stated)).update(
            last_fy=max(stated)
        )
    if not commitment.years.exclude(fiscal_year_be=line.fiscal_year_be).exists():
        release(line)


def write_running(line: Line, running: Mapping[int, Decimal] | None) -> None:
    """What the line's asset costs to run, baht by later fiscal year; None leaves it as it is.

    It is told beside the line and in the profile of the years, and is part of no sum of this year.
    Errors are those of `write_years`.
    """
    if running is None:
        return
    stated = {year: amount for year, amount in running.items() if amount}
    _ensure_sound(line, stated)
    line.running_costs.exclude(fiscal_year_be__in=stated).delete()
    for year, amount in stated.items():
        RunningCost.objects.update_or_create(
            line=line, fiscal_year_be=year, defaults={"amount": amount}
        )


def _ensure_sound(line: Line, stated: Mapping[int, Decimal]) -> None:
    for year, amount in stated.items():
        if year <= line.fiscal_year_be:
            raise LaterYearPassed(year=year, fiscal_year=line.fiscal_year_be)
        if amount < 0:
            raise MoneyNegative(value=amount)
        if amount > LARGEST_BAHT:
            raise MoneyTooLarge(value=amount)
        if amount != amount.to_integral_value():
            raise MoneyNotWholeBaht(value=amount)


def _set_year(commitment: Commitment, fiscal_year_be: int, amount: Decimal) -> None:
    CommitmentYear.objects.update_or_create(
        commitment=commitment, fiscal_year_be=fiscal_year_be, defaults={"amount": amount}
    )


def _is_first(line: Line) -> bool:
    first = line.commitment and line.commitment.lines.order_by("fiscal_year_be", "pk").first()
    return bool(first and first.pk == line.pk)


def release(line: Line) -> None:
    """Part a line from its commitment.

    Without the line of its first year a commitment was never made; in a later year it stays due.
    """
    commitment = line.commitment
    if commitment is None:
        return
    was_first = _is_first(line)
    line.commitment = None
    line.save(update_fields=["commitment"])
    if not was_first:
        return
    if commitment.lines.exists():
        commitment.years.filter(fiscal_year_be=line.fiscal_year_be).delete()
    else:
        commitment.delete()


__all__ = ["release", "write_running", "write_years"]
