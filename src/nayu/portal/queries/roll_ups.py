"""The benefit ledger of a whole plan: what is promised, by element, district and group of people.

Every row's money is that of the totals by the same breakdown, to the satang.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from nayu.agencies.models import District
from nayu.budget.domain import NO_ELEMENT, WHOLE_CITY
from nayu.budget.domain.benefits import Part, RollUp, roll_up
from nayu.core.money import baht_of, satang_of, split
from nayu.portal.queries.plans import Plan
from nayu.portal.queries.promised import PromiseShown
from nayu.projects.domain import GROUPS
from nayu.strategy.queries import elements_of

ELEMENT, DISTRICT, GROUP = "element", "district", "group"
BY = (ELEMENT, DISTRICT, GROUP)
NOT_STATED = "not-stated"

Held = tuple[PromiseShown, Part]


@dataclass
class Bucket:
    """One element, district or group: its promises, and money of projects that stands under none.

    `depth` is the level of an element from 1; buckets of depth 1 add up to the whole.
    """

    code: str
    name_th: str = ""
    name_en: str = ""
    depth: int = 1
    level: object | None = None
    held: list[Held] = field(default_factory=list)
    unpromised: dict[int, Decimal] = field(default_factory=dict)

    def rolled(self) -> RollUp:
        return roll_up([part for _promise, part in self.held], self.unpromised)


@dataclass(frozen=True, slots=True)
class Row:
    """A bucket with its figures."""

    bucket: Bucket
    figures: RollUp


@dataclass(frozen=True, slots=True)
class RollUps:
    """All rows of one breakdown at one stage. `whole` counts every promise once."""

    by: str
    stage: str
    rows: Sequence[Row]
    whole: RollUp

    @property
    def total_baht(self) -> Decimal:
        return self.whole.total_baht

    @property
    def is_split(self) -> bool:
        """Whether a project may stand in several rows."""
        return self.by == DISTRICT


def roll_ups(plan: Plan, by: str, stage: str = "") -> RollUps:
    """One breakdown of the promises of a plan; kept with the plan. Raises KeyError for another."""
    stage = stage or plan.version.stage_id
    key = ("roll_ups", by, stage, plan.framework_code if by == ELEMENT else "")
    if key not in plan.kept_answers:
        buckets = BUCKETS_BY[by](plan, stage)
        rows = [Row(one, one.rolled()) for one in buckets if one.held or one.unpromised]
        plan.kept_answers[key] = RollUps(by, stage, rows, _whole(plan, stage, rows))
    found: RollUps = plan.kept_answers[key]
    return found


def _whole(plan: Plan, stage: str, rows: Sequence[Row]) -> RollUp:
    """Every promise once; the money of its columns is the sum of the rows'."""
    promised = plan.promised(stage)
    parts = [_part(one) for found in promised.promises.values() for one in found]
    whole = roll_up(parts, promised.unpromised)
    top = [row.figures for row in rows if row.bucket.depth == 1]
    return RollUp(
        whole.promises,
        len(promised.amounts),
        sum((row.direct_baht for row in top), Decimal("0.00")),
        sum((row.means_baht for row in top), Decimal("0.00")),
        sum((row.unpromised_baht for row in top), Decimal("0.00")),
        whole.counted,
    )


def _part(promise: PromiseShown) -> Part:
    return Part(
        promise.entry_id, promise.unit_th, promise.unit_en, promise.how_many,
        promise.direct_baht, promise.means_baht,
    )  # fmt: skip


def _by_element(plan: Plan, stage: str) -> list[Bucket]:
    """Every element at every level in the order of the framework, then what names none."""
    elements = elements_of(plan.framework) if plan.framework else []
    buckets = {
        one.pk: Bucket(one.number, one.name_th, one.name_en, one.level.depth, one.level)
        for one in elements
    }
    parents = {one.pk: one.parent_id for one in elements}
    nothing = Bucket(NO_ELEMENT, "ยังไม่ระบุ", "No element")
    promised = plan.promised(stage)
    for entry_id in promised.amounts:
        own = _with_parents(plan.element_of.get(entry_id), parents)
        for bucket in [buckets[pk] for pk in own] or [nothing]:
            bucket.held += [(one, _part(one)) for one in promised.promises[entry_id]]
            if entry_id in promised.unpromised:
                bucket.unpromised[entry_id] = promised.unpromised[entry_id]
    return [*buckets.values(), nothing]


def _with_parents(element_id: int | None, parents: Mapping[int, int | None]) -> list[int]:
    found = []
    while element_id is not None and element_id in parents:
        found.append(element_id)
        element_id = parents[element_id]
    return found


def _by_group(plan: Plan, stage: str) -> list[Bucket]:
    buckets = {code: Bucket(code) for code in (*GROUPS, NOT_STATED)}
    promised = plan.promised(stage)
    for found in promised.promises.values():
        for one in found:
            buckets[one.group or NOT_STATED].held.append((one, _part(one)))
    buckets[NOT_STATED].unpromised.update(promised.unpromised)
    return list(buckets.values())


def _by_district(plan: Plan, stage: str) -> list[Bucket]:
    """A district's share of a project stands under the promises that reach the district."""
    buckets = {
        one.plan_code: Bucket(one.plan_code, one.name_th, one.name_en)
        for one in District.objects.order_by("plan_code")
    }
    city = Bucket(WHOLE_CITY, "ทั้งเมือง", "Whole city")
    weights = plan.books.district_weights()
    promised = plan.promised(stage)
    for entry_id, amount in promised.amounts.items():
        own = weights.get(entry_id)
        if not own:
            city.held += [(one, _part(one)) for one in promised.promises[entry_id]]
            if entry_id in promised.unpromised:
                city.unpromised[entry_id] = promised.unpromised[entry_id]
            continue
        for code, satang in split(satang_of(amount), own).items():
            _into_district(
                buckets[code], entry_id, satang, promised.promises[entry_id], frozenset(own)
            )
    return [*buckets.values(), city]


def _into_district(
    bucket: Bucket,
    entry_id: int,
    satang: int,
    promises: Sequence[PromiseShown],
    places: frozenset[str],
) -> None:
    """Put a district's share of one project under the promises that reach it, or under none.

    It is spread in proportion to their money, direct and means apart; evenly if they have none.
    """
    reaching = [one for one in promises if bucket.code in (one.districts or places)]
    if not reaching:
        if satang:
            bucket.unpromised[entry_id] = baht_of(satang)
        return
    weights: dict[tuple[int, str], int] = {}
    for one in reaching:
        weights[one.order, "direct"] = satang_of(one.direct_baht)
        weights[one.order, "means"] = satang_of(one.means_baht)
    if sum(weights.values()) <= 0:
        weights = {(one.order, "direct"): 1 for one in reaching}
    shares = split(satang, weights)
    for one in reaching:
        part = Part(
            entry_id, one.unit_th, one.unit_en, one.how_many,
            baht_of(shares.get((one.order, "direct"), 0)),
            baht_of(shares.get((one.order, "means"), 0)),
            alone=len(one.districts or places) == 1,
        )  # fmt: skip
        bucket.held.append((one, part))


BUCKETS_BY = {ELEMENT: _by_element, DISTRICT: _by_district, GROUP: _by_group}


def bucket_of(found: RollUps, code: str) -> Row | None:
    return next((row for row in found.rows if row.bucket.code == code), None)
