"""Amounts of a stage written together: what an adopted plan gives each line, or gave before."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from nayu.agencies.domain import EXECUTIVE, Person
from nayu.approvals.domain import REQUEST
from nayu.audit.services import record
from nayu.budget.models import Line, Request, StageAmount
from nayu.core.money import text_of
from nayu.core.money import total as add_up


@transaction.atomic
def write_amounts(
    stage: str,
    amounts: Mapping[int, Decimal | None],
    *,
    states: tuple[str, ...],
    reason: str,
    actor: Person,
    at: datetime,
) -> dict[int, Decimal | None] | None:
    """Baht of each line at a stage, None for no amount; answers what stood there before.

    All of them or none: None is answered, and nothing written, where a line is gone or its request is
    in none of `states` any more. One event for each agency.
    """
    lines = list(Line.objects.filter(pk__in=list(amounts)).order_by("pk"))
    if len(lines) != len(amounts):
        return None
    of_agency: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for line in lines:
        of_agency[line.agency_id, line.fiscal_year_be].append(line)
    years = {year for _agency, year in of_agency}
    requests = {
        (r.agency_id, r.fiscal_year_be): r
        for r in Request.objects.select_for_update().filter(
            fiscal_year_be__in=years, agency_id__in={agency for agency, _year in of_agency}
        )
    }
    if any(key not in requests or requests[key].state not in states for key in of_agency):
        return None
    standing = StageAmount.objects.filter(stage_id=stage, line__in=lines)
    before: dict[int, Decimal | None] = dict.fromkeys(amounts)
    before |= dict(standing.order_by("line_id").values_list("line_id", "amount"))
    standing.delete()
    StageAmount.objects.bulk_create(
        [
            StageAmount(line_id=pk, stage_id=stage, amount=amount, reason=reason)
            for pk, amount in amounts.items()
            if amount is not None
        ],
        batch_size=500,
    )
    for key, of_one in of_agency.items():
        request = requests[key]
        request.revision += 1
        request.save(update_fields=["revision"])
        record(
            f"amount.{stage}",
            subject=(REQUEST, str(request.pk), f"{key[0]} {key[1]}"),
            actor=actor,
            at=at,
            holding=actor.holding_for(EXECUTIVE, None),
            agency_code=key[0],
            fiscal_year_be=key[1],
            reason=reason,
            facts={
                "lines": len(of_one),
                "before": text_of(add_up(before[line.pk] or Decimal(0) for line in of_one)),
                "amount": text_of(add_up(amounts[line.pk] or Decimal(0) for line in of_one)),
            },
        )
    return before
