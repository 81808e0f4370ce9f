"""What is written, as values, and what a rule is. Money in baht, `Decimal`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

MUST, CONSIDER = "must", "consider"
SEVERITIES = (MUST, CONSIDER)

# Headings of the form that rules read, and the part of the desk where each is written.
PART_OF = {
    "name": "basics", "promise_who": "promises", "promise_change": "promises",
    "promise_evidence": "promises", "rationale": "rationale", "objective": "objectives",
    "target": "targets", "method": "method", "place": "place", "activity": "activities",
    "line_item": "lines", "if_not_funded": "lines", "risk": "risks", "risk_response": "risks",
    "indicator": "links",
}  # fmt: skip

# The kinds of fault; the two labelled sets use the same names.
KINDS = (
    "empty-filler", "vague-quantity", "no-place-or-time", "needless-english-or-jargon",
    "text-used-elsewhere", "cause-not-shown", "several-things-in-one",
    "objective-without-activity-or-indicator", "beneficiary-not-countable",
    "result-is-only-an-activity", "evidence-cannot-show-it", "consequence-not-told",
    "indicator-not-measurable", "target-not-above-last-actual", "unit-does-not-fit",
    "price-outside-band", "item-not-specific",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measure:
    """Figures of an indicator or target; `direction` is up, down, reach or "" (not stated)."""

    unit: str = ""
    baseline: Decimal | None = None
    last_actual: Decimal | None = None
    target: Decimal | None = None
    direction: str = ""


NO_MEASURE = Measure()


@dataclass(frozen=True, slots=True)
class Price:
    """A line's price in baht a unit, and prices of like items as the city paid or asked them."""

    unit_price: Decimal
    quantity: Decimal
    unit: str = ""
    like: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """One text under one heading; `field` is its name on the desk ("promise-0-who_th").

    `number` and `unit` are what the form says beside the text, `used_elsewhere` texts of other
    entries under the same heading.
    """

    kind: str
    text: str
    field: str = ""
    number: Decimal | None = None
    unit: str = ""
    measure: Measure = NO_MEASURE
    price: Price | None = None
    used_elsewhere: tuple[str, ...] = ()

    @property
    def part(self) -> str:
        return PART_OF[self.kind]


@dataclass(frozen=True, slots=True)
class Draft:
    """All that is written in an entry, and beside it what its passages are compared with."""

    passages: tuple[Passage, ...]
    objectives: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    place: str = ""


class Words:
    """Word lists as patterns, by "file.list"; where they come from is told in the files."""

    def __init__(self, lists: Mapping[str, tuple[str, ...]]) -> None:
        self._patterns = {
            name: re.compile("|".join(sorted(terms, key=len, reverse=True)))
            for name, terms in lists.items()
        }

    def find(self, name: str, text: str) -> str:
        """The first words of the list in the text, or ""."""
        found = self._patterns[name].search(text)
        return found.group() if found else ""

    def all(self, name: str, text: str) -> list[str]:
        return [found.group() for found in self._patterns[name].finditer(text)]

    def begins(self, name: str, text: str) -> str:
        found = self._patterns[name].match(text)
        return found.group() if found else ""

    def earliest(self, family: str, text: str) -> str:
        """Which list of a family ("things") has the word that stands first in the text, or ""."""
        best, at = "", len(text) + 1
        for name, pattern in self._patterns.items():
            if not name.startswith(f"{family}."):
                continue
            found = pattern.search(text)
            if found and found.start() < at:
                best, at = name.removeprefix(f"{family}."), found.start()
        return best

    def holding(self, family: str, text: str) -> frozenset[str]:
        """The lists of a family that have a word in the text."""
        return frozenset(
            name.removeprefix(f"{family}.")
            for name, pattern in self._patterns.items()
            if name.startswith(f"{family}.") and pattern.search(text)
        )

    def without(self, name: str, text: str) -> str:
        """The text with all words of the list taken out."""
        return self._patterns[name].sub(" ", text)


Check = Callable[[Passage, Draft, Words], str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One objection: `check` answers the words objected to, or None where there is nothing.

    `of` are the headings it reads. It is silent on a passage in which a rule of a kind in
    `unless` has spoken already. `fires` and `quiet` are an example that must be objected to and
    one that must not; pages and tests use both.
    """

    code: str
    kind: str
    severity: str
    of: tuple[str, ...]
    source: str
    check: Check
    fires: Draft
    quiet: Draft
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """A rule's objection to one passage: where, and to which words."""

    code: str
    kind: str
    severity: str
    field: str
    part: str
    heading: str
    text: str
    words: str


def example(kind: str, text: str, **facts: object) -> Draft:
    """A draft of one passage; `facts` as the labelled sets name them."""
    return draft_of_facts(kind, text, facts)


def draft_of_facts(kind: str, text: str, facts: Mapping[str, object]) -> Draft:
    """A draft of one passage from facts such as `number`, `target`, `like_prices_baht`."""

    def figure(name: str) -> Decimal | None:
        value = facts.get(name)
        return None if value is None else Decimal(str(value))

    def texts(name: str) -> tuple[str, ...]:
        given = facts.get(name, ())
        assert isinstance(given, list | tuple)
        return tuple(str(one) for one in given)

    price = figure("unit_price_baht")
    passage = Passage(
        kind=kind,
        text=text,
        field=str(facts.get("field", kind)),
        number=figure("number"),
        unit=str(facts.get("unit", "")),
        measure=Measure(
            unit=str(facts.get("indicator_unit", "")),
            baseline=figure("baseline"),
            last_actual=figure("last_actual"),
            target=figure("target"),
            direction=str(facts.get("direction", "")),
        ),
        price=None
        if price is None
        else Price(
            price,
            figure("quantity") or Decimal(1),
            str(facts.get("unit", "")),
            tuple(Decimal(one) for one in texts("like_prices_baht")),
        ),
        used_elsewhere=texts("used_elsewhere"),
    )
    return Draft(
        (passage,), texts("objectives"), texts("activities"), texts("indicators"), texts("lines"),
        str(facts.get("place", "")),
    )  # fmt: skip
