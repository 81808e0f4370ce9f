"""What a budget examiner would ask about an entry: pure rules over values, no verdicts.

Each rule answers findings with a code, the place and the figures; sentences come later.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from nayu.budget.domain import LineSheet, Use
from nayu.core.thai import match_key
from nayu.projects.domain import EntrySheet


@dataclass(frozen=True, slots=True)
class Finding:
    """A question worth asking: `place` names project or agency, `facts` the figures."""

    code: str
    place: str
    facts: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class City:
    """What the rules compare with: residents by district, the middle price of each item."""

    population: Mapping[str, int]
    middle_price: Mapping[str, Decimal]


Entry = tuple[EntrySheet, tuple[LineSheet, ...]]
Rule = Callable[[EntrySheet, tuple[LineSheet, ...], City], Iterator[Finding]]
# A price above three times, or below a third of, the middle one is outside the band.
BAND = 3
FEW = 4


def weights_add_up_to_100(
    sheet: EntrySheet, lines: tuple[LineSheet, ...], city: City
) -> Iterator[Finding]:
    weights = sum(a.weight_percent for a in sheet.activities)
    if weights != 100:
        yield Finding("weights_not_100", sheet.project_code, (("sum", weights),))


def a_promise_says_how_we_shall_know(
    sheet: EntrySheet, lines: tuple[LineSheet, ...], city: City
) -> Iterator[Finding]:
    for promise in sheet.promises:
        if not promise.evidence_th.strip() and not promise.indicator_code:
            yield Finding("no_evidence", sheet.project_code, (("promise", promise.order),))


def promised_people_live_where_it_happens(
    sheet: EntrySheet, lines: tuple[LineSheet, ...], city: City
) -> Iterator[Finding]:
    residents = sum(city.population[code] for code, *_rest in sheet.districts)
    for promise in sheet.promises:
        if sheet.districts and promise.unit_th == "คน" and promise.number > residents:
            yield Finding(
                "more_people_than_residents",
                sheet.project_code,
                (("number", promise.number), ("residents", residents)),
            )


def a_target_is_better_than_its_baseline(
    sheet: EntrySheet, lines: tuple[LineSheet, ...], city: City
) -> Iterator[Finding]:
    for indicator in sheet.indicators:
        if indicator.target is None:
            yield Finding("no_target", sheet.project_code, (("indicator", indicator.code),))
        elif indicator.baseline is not None and (
            (indicator.direction == "up" and indicator.target < indicator.baseline)
            or (indicator.direction == "down" and indicator.target > indicator.baseline)
        ):
            yield Finding(
                "target_worse_than_baseline",
                sheet.project_code,
                (
                    ("indicator", indicator.code),
                    ("baseline", indicator.baseline),
                    ("target", indicator.target),
                ),
            )


def a_price_lies_in_the_band_of_like_items(
    sheet: EntrySheet, lines: tuple[LineSheet, ...], city: City
) -> Iterator[Finding]:
    for line in lines:
        middle = city.middle_price.get(price_key(line))
        if middle and (line.unit_price > middle * BAND or line.unit_price * BAND < middle):
            yield Finding(
                "price_outside_band",
                sheet.project_code,
                (("item", line.item), ("price", line.unit_price), ("middle", middle)),
            )


def a_line_has_a_price_reference_and_says_what_if_not(
    sheet: EntrySheet, lines: tuple[LineSheet, ...], city: City
) -> Iterator[Finding]:
    for line in lines:
        if not line.price_reference or not line.price_evidence.strip():
            yield Finding("no_price_reference", sheet.project_code, (("item", line.item),))
        if not line.if_not_funded.strip():
            yield Finding("no_consequence", sheet.project_code, (("item", line.item),))


RULES: tuple[Rule, ...] = (
    weights_add_up_to_100,
    a_promise_says_how_we_shall_know,
    promised_people_live_where_it_happens,
    a_target_is_better_than_its_baseline,
    a_price_lies_in_the_band_of_like_items,
    a_line_has_a_price_reference_and_says_what_if_not,
)


def price_key(line: LineSheet) -> str:
    return f"{match_key(line.item)}/{line.unit}"


def middle_prices(lines: Iterable[LineSheet]) -> dict[str, Decimal]:
    """The middle unit price of each item that several lines buy."""
    prices: dict[str, list[Decimal]] = defaultdict(list)
    for line in lines:
        prices[price_key(line)].append(line.unit_price)
    return {
        key: sorted(found)[len(found) // 2] for key, found in prices.items() if len(found) >= FEW
    }


def findings_of(entries: Iterable[Entry], city: City) -> list[Finding]:
    """All findings of all rules, in the order of the entries."""
    return [
        finding
        for sheet, lines in entries
        for rule in RULES
        for finding in rule(sheet, lines, city)
    ]


def same_names(sheets: Iterable[EntrySheet]) -> list[Finding]:
    """Projects of one agency that carry the same name: asked for twice?"""
    seen: dict[tuple[str, str], str] = {}
    found = []
    for sheet in sheets:
        key = (sheet.agency_code, match_key(sheet.name_th))
        if key in seen:
            found.append(Finding("same_name", sheet.project_code, (("other", seen[key]),)))
        else:
            seen[key] = sheet.project_code
    return found


def over_ceilings(uses: Iterable[Use]) -> list[Finding]:
    return [
        Finding(
            "over_ceiling",
            use.agency_code,
            (("type", use.type_code), ("asked", use.asked_baht), ("over", use.over_baht)),
        )
        for use in uses
        if use.is_over
    ]
