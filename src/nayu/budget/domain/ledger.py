"""The benefit ledger: every satang of an entry stands under a promise, at each stage of the money.

A line may name the promise that it serves. What names none is divided by the author's shares; what
is left serves no promise directly: it is means, and is spread over the promises in proportion to
what each has directly (evenly if none has anything). Amounts are baht, exact to the satang.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nayu.core.money import baht_of, satang_of


@dataclass(frozen=True, slots=True)
class Stated:
    """A promise as its author states it: how many at the full money, and at parts of it.

    `levels` are (percent of the money asked for, how many then), each percent from 1 to 99.
    """

    number: int
    share_percent: int
    how_many: Decimal
    levels: tuple[tuple[int, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One promise's money at one stage, in baht."""

    number: int
    direct_baht: Decimal
    means_baht: Decimal

    @property
    def total_baht(self) -> Decimal:
        return self.direct_baht + self.means_baht


@dataclass(frozen=True, slots=True)
class Ledger:
    """Σ of the entries' totals = `total_baht`; `means_baht` is the part of it that was spread.

    Without any promise the whole is unpromised: no entries, and `unpromised_baht` is the total.
    """

    entries: tuple[Entry, ...]
    means_baht: Decimal
    unpromised_baht: Decimal
    total_baht: Decimal

    def of(self, number: int) -> Entry:
        return next(entry for entry in self.entries if entry.number == number)


def ledger(promises: Sequence[Stated], lines: Sequence[tuple[int | None, Decimal]]) -> Ledger:
    """The ledger of one stage. `lines` are (number of the promise served or None, baht)."""
    satang = [(number, satang_of(amount)) for number, amount in lines]
    total = sum(amount for _, amount in satang)
    if not promises:
        return Ledger((), Decimal("0.00"), baht_of(total), baht_of(total))
    direct = {promise.number: 0 for promise in promises}
    shared = 0
    for number, amount in satang:
        if number in direct:
            direct[number] += amount
        else:
            shared += amount
    whole = max(100, sum(promise.share_percent for promise in promises))
    for promise in promises:
        direct[promise.number] += shared * promise.share_percent // whole
    means = total - sum(direct.values())
    spread = _spread(means, direct)
    entries = tuple(
        Entry(p.number, baht_of(direct[p.number]), baht_of(spread[p.number])) for p in promises
    )
    return Ledger(entries, baht_of(means), Decimal("0.00"), baht_of(total))


def _spread(amount: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Divide satang by weights, all of it; the remainder by largest fraction, then by number."""
    whole = sum(weights.values())
    shares = dict(weights) if whole else dict.fromkeys(weights, 1)
    whole = whole or len(shares)
    parts = {number: amount * weight // whole for number, weight in shares.items()}
    left = amount - sum(parts.values())
    by_fraction = sorted(shares, key=lambda n: (-(amount * shares[n] % whole), n))
    for number in by_fraction[:left]:
        parts[number] += 1
    return parts


@dataclass(frozen=True, slots=True)
class Kept:
    """How many are still promised: by the author's statement for `percent` of the money.

    `percent` is 100 when all of it came. `how_many` is None where the author has said nothing for
    so little: it is then unknown, and is never worked out by proportion.
    """

    how_many: Decimal | None
    percent: int | None


def kept(promise: Stated, asked_baht: Decimal, given_baht: Decimal) -> Kept:
    """What a promise comes to when a stage gives `given_baht` of the `asked_baht`."""
    if given_baht >= asked_baht:
        return Kept(promise.how_many, 100)
    reached = [
        (percent, how_many)
        for percent, how_many in promise.levels
        if given_baht * 100 >= asked_baht * percent
    ]
    if not reached:
        return Kept(None, None)
    percent, how_many = max(reached)
    return Kept(how_many, percent)
