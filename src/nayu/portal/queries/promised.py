"""Promises of a published version with their money and their numbers at one stage of the budget."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Sum, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Replace

from nayu.budget.domain import PROJECT
from nayu.budget.domain.benefits import Benefit, benefits, per_one
from nayu.budget.models import Stage
from nayu.core.money import baht_of
from nayu.core.money import total as add_up
from nayu.db.fields import sum_satang
from nayu.projects.domain import PromiseValues
from nayu.publication.models import FrozenLine, PlanVersion

PERSON = "คน"


@dataclass(frozen=True, slots=True)
class PromiseShown:
    """A promise on a page: what people get, from which project, for how much money.

    `number` is what its author wrote for the money asked for; `how_many` is what stands at the stage
    shown: the same, or the author's statement for `percent` of it, or None where there is none.
    """

    entry_id: int
    order: int
    who_th: str
    who_en: str
    number: Decimal
    unit_th: str
    unit_en: str
    change_th: str
    change_en: str
    from_month: int
    lasts_th: str
    evidence_th: str
    evidence_en: str
    group: str = ""
    districts: tuple[str, ...] = ()
    how_many: Decimal | None = None
    percent: int | None = 100
    direct_baht: Decimal = Decimal(0)
    means_baht: Decimal = Decimal(0)

    @property
    def counts_people(self) -> bool:
        """People are added up only where they are counted as people, not per day."""
        return self.unit_th == PERSON

    @property
    def total_baht(self) -> Decimal:
        return self.direct_baht + self.means_baht

    @property
    def per_one_baht(self) -> Decimal | None:
        return per_one(self.total_baht, self.how_many)


@dataclass(frozen=True, slots=True)
class Promised:
    """All of a version's projects at one stage, by entry: promises, money of none, the whole."""

    promises: Mapping[int, list[PromiseShown]]
    unpromised: Mapping[int, Decimal]
    amounts: Mapping[int, Decimal]


Served = dict[int, list[tuple[int | None, Decimal, Decimal]]]  # (promise, baht given, baht asked)
_ASKED_SATANG = Cast(Replace(KT("sheet__amount"), Value("."), Value("")), BigIntegerField())


def promised_of(version: PlanVersion, stage: str) -> Promised:
    """Two queries, whatever the number of projects. `stage` is one that the version's lines carry."""
    served = _served(version) if stage == version.stage_id else _served_at(version, stage)
    promises: dict[int, list[PromiseShown]] = {}
    unpromised: dict[int, Decimal] = {}
    amounts: dict[int, Decimal] = {}
    for entry_id, rows in version.entries.values_list("entry_id", "sheet__promises"):
        lines = served.get(entry_id, [])
        found = benefits(
            [_values(row) for row in rows or []],
            [(number, given) for number, given, _asked in lines],
            add_up(asked for _number, _given, asked in lines),
        )
        promises[entry_id] = [_shown(entry_id, benefit) for benefit in found.rows]
        amounts[entry_id] = found.ledger.total_baht
        if found.ledger.unpromised_baht:
            unpromised[entry_id] = found.ledger.unpromised_baht
    return Promised(promises, unpromised, amounts)


def stages_of(version: PlanVersion) -> list[Stage]:
    """Stages at which the version's lines have amounts, in their order; cuts and additions are none."""
    sheet = (
        FrozenLine.objects.filter(version=version, kind=PROJECT)
        .order_by("-amount", "pk")
        .values_list("sheet__stages", flat=True)
        .first()
    )
    told = {version.stage_id, *(code for code, _amount in sheet or [])}
    return list(Stage.objects.filter(code__in=told, is_signed=False).order_by("order"))


def _served(version: PlanVersion) -> Served:
    """Added up by the database: satang as whole numbers, also those that a sheet tells as text."""
    rows = (
        FrozenLine.objects.filter(version=version, kind=PROJECT)
        .values("entry_id", promise=KT("sheet__promise_number"))
        .annotate(given=sum_satang("amount"), asked=Sum(_ASKED_SATANG))
    )
    found: Served = defaultdict(list)
    for row in rows:
        served = _number(row["promise"])
        found[row["entry_id"]].append((served, row["given"], baht_of(row["asked"])))
    return found


def _served_at(version: PlanVersion, stage: str) -> Served:
    """The same at another stage, which only the sheets tell."""
    rows = FrozenLine.objects.filter(version=version, kind=PROJECT).values_list(
        "entry_id", KT("sheet__promise_number"), KT("sheet__amount"), "sheet__stages"
    )
    found: Served = defaultdict(list)
    for entry_id, promise, asked, stages in rows:
        given = Decimal(dict(stages).get(stage) or 0)
        found[entry_id or 0].append((_number(promise), given, Decimal(asked)))
    return found


def _number(told: str | int | None) -> int | None:
    """A whole number in a sheet; its `null` is a word on SQLite."""
    return None if told in (None, "null") else int(told)


def _values(row: Mapping[str, Any]) -> PromiseValues:
    """A promise from a frozen sheet; versions from before groups and levels have none."""
    names = (
        "order", "who_th", "who_en", "unit_th", "unit_en", "change_th", "change_en", "from_month",
        "lasts_th", "indicator_code", "evidence_th", "evidence_en", "share_percent",
    )  # fmt: skip
    return PromiseValues(
        number=Decimal(row["number"]),
        districts=tuple(row["districts"]),
        group=row.get("group", ""),
        levels=tuple((percent, Decimal(how_many)) for percent, how_many in row.get("levels", ())),
        **{name: row[name] for name in names},
    )


def _shown(entry_id: int, benefit: Benefit) -> PromiseShown:
    promise = benefit.promise
    names = (
        "order", "who_th", "who_en", "number", "unit_th", "unit_en", "change_th", "change_en",
        "from_month", "lasts_th", "evidence_th", "evidence_en", "group", "districts",
    )  # fmt: skip
    return PromiseShown(
        entry_id=entry_id,
        how_many=benefit.kept.how_many,
        percent=benefit.kept.percent,
        direct_baht=benefit.money.direct_baht,
        means_baht=benefit.money.means_baht,
        **{name: getattr(promise, name) for name in names},
    )
