"""What people get for the money of one stage: an entry's promises with their baht, as stated.

Amounts are baht. A promise is never shrunk by proportion: where a stage gives less than was asked,
its number is the author's own statement for that much, and unknown where there is none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from nayu.budget.domain import LineSheet
from nayu.budget.domain.ledger import Entry, Kept, Ledger, Stated, kept, ledger
from nayu.core.money import SATANG
from nayu.core.money import total as add_up
from nayu.projects.domain import PromiseValues

WHOLE = 100


def stated(promise: PromiseValues) -> Stated:
    return Stated(promise.order, promise.share_percent or 0, promise.number, promise.levels)


@dataclass(frozen=True, slots=True)
class Benefit:
    """One promise at one stage: its money, and how many it still promises for it."""

    promise: PromiseValues
    money: Entry
    kept: Kept

    @property
    def per_one_baht(self) -> Decimal | None:
        return per_one(self.money.total_baht, self.kept.how_many)

    @property
    def is_less(self) -> bool:
        """Whether the stage gives less than was asked for, so that the number is another one."""
        return self.kept.percent != WHOLE


@dataclass(frozen=True, slots=True)
class Benefits:
    """The promises of an entry at one stage; with `unpromised_baht` they are all of its money."""

    rows: tuple[Benefit, ...]
    ledger: Ledger

    @property
    def promised_baht(self) -> Decimal:
        return add_up(row.money.total_baht for row in self.rows)


def per_one(amount_baht: Decimal, how_many: Decimal | None) -> Decimal | None:
    """Baht for each one, to the satang; None where nobody, or an unknown number, is promised."""
    if not how_many:
        return None
    return (amount_baht / how_many).quantize(SATANG, ROUND_HALF_UP)


def benefits(
    promises: Sequence[PromiseValues],
    lines: Iterable[tuple[int | None, Decimal]],
    asked_baht: Decimal,
) -> Benefits:
    """`lines` are (number of the promise served or None, baht at the stage)."""
    found = ledger([stated(promise) for promise in promises], list(lines))
    money = {entry.number: entry for entry in found.entries}
    return Benefits(
        tuple(
            Benefit(
                promise,
                money[promise.order],
                kept(stated(promise), asked_baht, found.total_baht),
            )
            for promise in promises
        ),
        found,
    )


def benefits_at(
    promises: Sequence[PromiseValues], lines: Sequence[LineSheet], stage: str
) -> Benefits:
    """The same from whole lines; one without an amount at the stage has none."""
    return benefits(
        promises,
        [(line.promise_number, line.at(stage) or Decimal(0)) for line in lines],
        add_up(line.amount for line in lines),
    )


# --- Over many entries ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """One promise in one bucket of a roll-up.

    `baht` are those of the promise that fall to the bucket. `alone` says that all whom it counts are
    counted in this bucket: a promise over three districts is of none of them alone.
    """

    entry_id: int
    unit_th: str
    unit_en: str
    how_many: Decimal | None
    direct_baht: Decimal
    means_baht: Decimal
    alone: bool = True

    @property
    def total_baht(self) -> Decimal:
        return self.direct_baht + self.means_baht


@dataclass(frozen=True, slots=True)
class Counted:
    """What a bucket promises in one unit, between two bounds and never as one blind sum.

    At least: the largest single promise, since all the others may be made to the same people. At
    most: the plain sum, which is right only if nobody is counted twice. `unknown` promises are in
    neither, because their authors have not said how many this much money is for.
    """

    unit_th: str
    unit_en: str
    promises: int
    at_least: Decimal
    at_most: Decimal
    unknown: int
    total_baht: Decimal
    known_baht: Decimal

    @property
    def is_range(self) -> bool:
        return self.at_least != self.at_most

    @property
    def per_one_baht(self) -> Decimal | None:
        """Baht for each one counted: of the promises that say how many, by their plain sum."""
        return per_one(self.known_baht, self.at_most)


@dataclass(frozen=True, slots=True)
class RollUp:
    """One bucket: its money is direct + means + unpromised, to the satang."""

    promises: int
    projects: int
    direct_baht: Decimal
    means_baht: Decimal
    unpromised_baht: Decimal
    counted: tuple[Counted, ...]

    @property
    def total_baht(self) -> Decimal:
        return self.direct_baht + self.means_baht + self.unpromised_baht


def roll_up(parts: Sequence[Part], unpromised: Mapping[int, Decimal]) -> RollUp:
    """`unpromised` are baht by entry that stand under no promise. Units with most money first."""
    by_unit: dict[str, list[Part]] = {}
    for part in parts:
        by_unit.setdefault(part.unit_th, []).append(part)
    counted = [_counted(own) for own in by_unit.values()]
    return RollUp(
        len(parts),
        len({part.entry_id for part in parts} | unpromised.keys()),
        add_up(part.direct_baht for part in parts),
        add_up(part.means_baht for part in parts),
        add_up(unpromised.values()),
        tuple(sorted(counted, key=lambda one: (-one.total_baht, one.unit_th))),
    )


def _counted(parts: Sequence[Part]) -> Counted:
    known = [(part, part.how_many) for part in parts if part.how_many is not None]
    return Counted(
        parts[0].unit_th,
        next((part.unit_en for part in parts if part.unit_en), ""),
        len(parts),
        max((how_many for part, how_many in known if part.alone), default=Decimal(0)),
        sum((how_many for _part, how_many in known), Decimal(0)),
        len(parts) - len(known),
        add_up(part.total_baht for part in parts),
        add_up(part.total_baht for part, _how_many in known),
    )


# Groups of which nobody can be in both; any other two may be the same people.
APART = frozenset({frozenset({"children", "elderly"})})


def overlaps(groups: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """For each group, the others that may hold the same people, in the order given."""
    return {
        one: tuple(
            other for other in groups if other != one and frozenset({one, other}) not in APART
        )
        for one in groups
    }
