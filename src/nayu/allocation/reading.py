"""A question from files: the scenario as TOML, its projects as CSV. Whatever is wrong has its place.

Money is baht as text with at most two decimals, points decimals of at most six places, shares
percents of at most two. A project has a row for each of its funding levels.
"""

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from nayu.allocation.domain.problem import (
    AT_MOST,
    EXACTLY,
    POINT,
    REQUIRED,
    WHOLE,
    Candidate,
    ElementShare,
    Group,
    InvestmentShare,
    Level,
    Question,
    Stay,
)
from nayu.core.errors import RuleBroken
from nayu.core.fiscal_year import FIRST_BE, LAST_BE
from nayu.core.money import LARGEST_BAHT, MoneyNotUnderstood, parse_number
from nayu.core.thai import normalise

NEEDED = ("code", "agency", "amount_baht")
SCORE = "points"  # a file without this column has no scores: its money is what counts
LATER = ("amount_1_baht", "amount_2_baht", "amount_3_baht")
TEXTS = ("level", "name_th", "name_en", "people", "types", "sources", "districts", "elements")
COLUMNS = (*NEEDED, SCORE, *LATER, *TEXTS)
PARTS = {
    "fiscal_year_be", "projects", "total_baht", "later_baht", "agency_ceilings_baht",
    "type_ceilings_baht", "source_ceilings_baht", "element_shares", "district_floors_baht",
    "investment", "required", "forbidden", "groups", "needs", "stay",
}  # fmt: skip
HUNDRED = Decimal(100)
SATANG_OF_A_MILLIONTH = 100  # without scores a million baht counts one point


class QuestionNotUnderstood(RuleBroken):
    """A file of a question is malformed: `facts` have the place, what stands there, and the reason."""

    code = "allocation_question_not_understood"


def _refuse(place: str, reason: str, value: object = "") -> NoReturn:
    raise QuestionNotUnderstood(place=place, reason=reason, value=str(value)[:120])


def read_question(path: Path) -> Question:
    """The question of a TOML file and of the CSV file that it names. Raises QuestionNotUnderstood."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        _refuse(path.name, "no_such_file")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        _refuse(path.name, "not_toml", error)
    if unknown := sorted(set(told) - PARTS):
        _refuse(f"{path.name}: {unknown[0]}", "unknown_part")
    year = told.get("fiscal_year_be")
    if not isinstance(year, int) or not FIRST_BE <= year <= LAST_BE:
        _refuse(f"{path.name}: fiscal_year_be", "not_a_fiscal_year", year)
    name = told.get("projects")
    if not isinstance(name, str):
        _refuse(f"{path.name}: projects", "projects_missing")
    candidates = read_candidates(path.parent / name)
    question = _Reader(path.name, told, {c.code for c in candidates}).question(year, candidates)
    return replace(question, has_scores=_has_scores(path.parent / name))


def _has_scores(path: Path) -> bool:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return SCORE in [name.strip() for name in next(csv.reader(file), [])]


class _Reader:
    """The parts of a scenario, each read with its place."""

    def __init__(self, file: str, told: Mapping[str, Any], codes: set[str]) -> None:
        self.file, self.told, self.codes = file, told, codes

    def question(self, year: int, candidates: tuple[Candidate, ...]) -> Question:
        later = self.told.get("later_baht", [None, None, None])
        if not isinstance(later, list) or len(later) != 3:
            _refuse(f"{self.file}: later_baht", "not_three_years", later)
        three = [None if one in (None, "") else self.money("later_baht", one) for one in later]
        return Question(
            year,
            candidates,
            total=self.money("total_baht", self.told["total_baht"])
            if "total_baht" in self.told else None,
            later=(three[0], three[1], three[2]),
            agencies=self.amounts("agency_ceilings_baht"),
            types=self.amounts("type_ceilings_baht"),
            sources=self.amounts("source_ceilings_baht"),
            elements=tuple(self.share(n, one) for n, one in enumerate(self.rows("element_shares"), 1)),
            district_floors=self.amounts("district_floors_baht"),
            investment=self.investment(),
            required=self.required(),
            forbidden=frozenset(self.known("forbidden", self.told.get("forbidden", []))),
            groups=tuple(self.group(n, one) for n, one in enumerate(self.rows("groups"), 1)),
            needs=tuple(self.need(n, one) for n, one in enumerate(self.rows("needs"), 1)),
            stay=self.stay(),
        )  # fmt: skip

    def money(self, place: str, value: object) -> int:
        return money_of(f"{self.file}: {place}", value)

    def table(self, name: str) -> Mapping[str, Any]:
        found = self.told.get(name, {})
        if not isinstance(found, dict):
            _refuse(f"{self.file}: {name}", "not_a_table")
        return found

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        found = self.told.get(name, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            _refuse(f"{self.file}: {name}", "not_a_list")
        return found

    def amounts(self, name: str) -> dict[str, int]:
        return {
            str(code): self.money(f"{name}.{code}", value)
            for code, value in self.table(name).items()
        }

    def known(self, place: str, codes: object) -> list[str]:
        """Codes of projects that are in the file of projects."""
        if not isinstance(codes, list):
            _refuse(f"{self.file}: {place}", "not_a_list")
        for code in codes:
            if code not in self.codes:
                _refuse(f"{self.file}: {place}", "no_such_project", code)
        return list(codes)

    def share(self, number: int, one: Mapping[str, Any]) -> ElementShare:
        place = f"{self.file}: element_shares {number}"
        least = percent_of(place, one.get("least_percent", "0"))
        most = percent_of(place, one.get("most_percent", "100"))
        if least > most:
            _refuse(place, "least_above_most", f"{least / 100} > {most / 100}")
        return ElementShare(
            text_of(place, one, "framework"), text_of(place, one, "element"), least, most
        )

    def investment(self) -> InvestmentShare | None:
        if "investment" not in self.told:
            return None
        one = self.table("investment")
        place = f"{self.file}: investment"
        types = one.get("types")
        if not isinstance(types, list) or not types:
            _refuse(place, "types_missing")
        return InvestmentShare(
            tuple(map(str, types)), percent_of(place, one.get("least_percent", "0"))
        )

    def required(self) -> dict[str, str]:
        found = {}
        for code, why in self.table("required").items():
            self.known("required", [code])
            if why not in REQUIRED:
                _refuse(f"{self.file}: required.{code}", "not_a_kind", why)
            found[code] = why
        return found

    def group(self, number: int, one: Mapping[str, Any]) -> Group:
        place = f"groups {number}"
        members = self.known(place, one.get("members", []))
        if len(members) < 2 or len(set(members)) != len(members):
            _refuse(f"{self.file}: {place}", "group_too_small")
        senses = [sense for sense in (AT_MOST, EXACTLY) if sense in one]
        if len(senses) != 1 or not isinstance(one[senses[0]], int) or one[senses[0]] < 0:
            _refuse(f"{self.file}: {place}", "group_without_number")
        return Group(str(one.get("code", number)), tuple(members), one[senses[0]], senses[0])

    def need(self, number: int, one: Mapping[str, Any]) -> tuple[str, str]:
        place = f"needs {number}"
        project, first = self.known(place, [one.get("project"), one.get("needs")])
        if project == first:
            _refuse(f"{self.file}: {place}", "needs_itself", project)
        return project, first

    def stay(self) -> Stay | None:
        if "stay" not in self.told:
            return None
        one = self.table("stay")
        most = one.get("most_changes")
        if not isinstance(most, int) or most < 0:
            _refuse(f"{self.file}: stay", "not_a_number", most)
        return Stay(frozenset(self.known("stay", one.get("reference", []))), most)


def text_of(place: str, one: Mapping[str, Any], name: str) -> str:
    text = normalise(str(one.get(name, "")))
    if not text:
        _refuse(place, "cell_blank", name)
    return text


def money_of(place: str, value: object) -> int:
    """Whole satang; TOML numbers with a point are refused, since they are floats."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        _refuse(place, "money_as_text", value)
    number = _number(place, str(value))
    if not 0 <= number <= LARGEST_BAHT:
        _refuse(place, "money_outside", value)
    if number * HUNDRED % 1:
        _refuse(place, "below_a_satang", value)
    return int(number * HUNDRED)


def percent_of(place: str, value: object) -> int:
    """Hundredths of a percent."""
    number = _number(place, str(value))
    if not 0 <= number <= 100 or number * HUNDRED % 1:
        _refuse(place, "not_a_percent", value)
    return int(number * HUNDRED) * WHOLE // 10_000


def _number(place: str, text: str) -> Decimal:
    try:
        number = parse_number(text)
    except MoneyNotUnderstood:
        _refuse(place, "not_a_number", text)
    if not number.is_finite():
        _refuse(place, "not_a_number", text)
    return number


# --- Projects ---------------------------------------------------------------------------------------


def read_candidates(path: Path) -> tuple[Candidate, ...]:
    """Projects in the order of the file; rows of one code are its levels. Raises QuestionNotUnderstood."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except FileNotFoundError:
        _refuse(path.name, "no_such_file")
    except (UnicodeDecodeError, csv.Error) as error:
        _refuse(path.name, "not_csv", error)
    if not rows:
        _refuse(path.name, "file_empty")
    heading = [normalise(cell) for cell in rows[0]]
    for name in NEEDED:
        if name not in heading:
            _refuse(f"{path.name}: 1", "column_missing", name)
    for name in heading:
        if name not in COLUMNS or heading.count(name) > 1:
            _refuse(f"{path.name}: 1", "column_unknown", name)
    found: dict[str, Candidate] = {}
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            _take(found, f"{path.name}: {number}", dict(zip(heading, row, strict=False)))
    return tuple(found.values())


def _take(found: dict[str, Candidate], place: str, row: Mapping[str, str]) -> None:
    code = text_of(place, row, "code")
    level = _level(place, row)
    one = Candidate(
        code,
        text_of(place, row, "agency"),
        (level,),
        normalise(row.get("name_th", "")),
        normalise(row.get("name_en", "")),
        types=_weights(f"{place}, types", row.get("types", "")),
        sources=_weights(f"{place}, sources", row.get("sources", "")),
        districts=_weights(f"{place}, districts", row.get("districts", "")),
        elements=_elements(f"{place}, elements", row.get("elements", "")),
    )
    earlier = found.get(code)
    if earlier is None:
        found[code] = one
        return
    if earlier.agency != one.agency:
        _refuse(place, "level_of_another_agency", code)
    if level.code in {held.code for held in earlier.levels}:
        _refuse(place, "level_twice", f"{code} {level.code}")
    found[code] = Candidate(
        code, earlier.agency, (*earlier.levels, level), earlier.name_th, earlier.name_en,
        earlier.types, earlier.sources, earlier.districts, earlier.elements,
    )  # fmt: skip


def _level(place: str, row: Mapping[str, str]) -> Level:
    amount = money_of(f"{place}, amount_baht", row.get("amount_baht", ""))
    scored = SCORE in row
    points = _number(f"{place}, points", row.get("points", "") or "0")
    if points < 0 or points * POINT % 1 or points > 10**9:
        _refuse(f"{place}, points", "points_outside", row.get("points"))
    later = [money_of(f"{place}, {name}", row.get(name) or "0") for name in LATER]
    people = _number(f"{place}, people", row.get("people") or "0")
    return Level(
        normalise(row.get("level", "")) or "full",
        (amount, later[0], later[1], later[2]),
        int(points * POINT) if scored else amount // SATANG_OF_A_MILLIONTH,
        people,
    )


def _pairs(place: str, text: str) -> Iterable[tuple[str, str]]:
    for part in filter(None, (normalise(one) for one in text.split(";"))):
        code, _, rest = part.partition(":")
        yield code.strip(), rest.strip()


def _weights(place: str, text: str) -> tuple[tuple[str, int], ...]:
    """`3.1:60;2.1:40`, or a code alone for all of it."""
    found = []
    for code, weight in _pairs(place, text):
        number = _number(place, weight or "1")
        if number <= 0 or number % 1 or not code:
            _refuse(place, "not_a_weight", f"{code}:{weight}")
        found.append((code, int(number)))
    if len({code for code, _weight in found}) != len(found):
        _refuse(place, "code_twice", text)
    return tuple(found)


def _elements(place: str, text: str) -> tuple[tuple[str, str], ...]:
    """`nine:1.4.1;plan20:1.3`: one element in each framework."""
    found = tuple(_pairs(place, text))
    if any(not framework or not element for framework, element in found):
        _refuse(place, "not_an_element", text)
    if len({framework for framework, _element in found}) != len(found):
        _refuse(place, "code_twice", text)
    return found
