"""A published version beside the one before it."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, OuterRef, Subquery, TextField
from django.db.models.functions import Cast

from nayu.core.money import total as add_up
from nayu.publication.domain import NOT_COMPARED
from nayu.publication.models import FrozenEntry, PlanVersion
from nayu.publication.queries import versions_of


@dataclass(frozen=True)
class Since:
    """Projects that changed, came in or went out since `before`, and by how many baht."""

    before: PlanVersion
    changed: list[FrozenEntry]
    new: list[FrozenEntry]
    gone: list[FrozenEntry]
    more_baht: Decimal


def since_before(version: PlanVersion) -> Since | None:
    """Against the version before of the same kind; None for the first."""
    before = (
        versions_of(version.fiscal_year_be)
        .filter(number__lt=version.number, kind=version.kind)
        .first()
    )
    if before is None:
        return None
    old, new = _columns(before), _columns(version)
    return Since(
        before,
        _changed(before, _perhaps_changed(before, version)),
        [one for pk, one in new.items() if pk not in old],
        [one for pk, one in old.items() if pk not in new],
        add_up(one.amount for one in new.values()) - add_up(one.amount for one in old.values()),
    )


def _columns(version: PlanVersion) -> dict[int, FrozenEntry]:
    found = version.entries.defer("sheet").order_by("project_code")
    return {one.entry_id: one for one in found}


def _perhaps_changed(before: PlanVersion, version: PlanVersion) -> list[FrozenEntry]:
    """Entries of both whose stored texts or amounts differ: the database compares, few are read."""
    earlier = FrozenEntry.objects.filter(version=before, entry=OuterRef("entry"))
    told = Cast("sheet", TextField())
    found = version.entries.annotate(
        told=told,
        was_told=Subquery(earlier.annotate(told=told).values("told")[:1]),
        was_amount=Subquery(earlier.values("amount")[:1]),
        was=Subquery(earlier.values("pk")[:1]),
    ).filter(was__isnull=False)
    found = found.exclude(told=F("was_told"), amount=F("was_amount"))
    return list(found.order_by("project_code"))


def _changed(before: PlanVersion, perhaps: list[FrozenEntry]) -> list[FrozenEntry]:
    """Those in which anything differs that somebody wrote; an agency's new name is nobody's change."""
    entries = [one.entry_id for one in perhaps]
    was = {one.entry_id: one for one in before.entries.filter(entry_id__in=entries)}
    return [one for one in perhaps if _written(one) != _written(was[one.entry_id])]


def _written(one: FrozenEntry) -> tuple[object, Decimal]:
    return {k: v for k, v in one.sheet.items() if k not in NOT_COMPARED}, one.amount
