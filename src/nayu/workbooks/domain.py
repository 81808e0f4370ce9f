"""What a file of budget lines says: lines, findings, and the sums that must agree.

Amounts are baht: exact `Decimal` as written in the file, whole satang (`int`) as loaded.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact, InvalidOperation
from functools import lru_cache
from typing import Any, Literal

from nayu.core.money import LARGEST_BAHT, MINUS, SATANG, baht_of
from nayu.core.thai import normalise, to_arabic_digits

Severity = Literal["refused", "warning", "note"]
REFUSED: Severity = "refused"
WARNING: Severity = "warning"
NOTE: Severity = "note"

LARGEST_FILE_BYTES = 50 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 500 * 1024 * 1024

ZERO = Decimal(0)
# Sums are exact or an error: Python's usual 28 digits would round a long sum without a word.
EXACT = Context(prec=200, Emax=10_000, Emin=-10_000, traps=[Inexact, InvalidOperation])
_ROUNDING = Context(prec=200, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation])
# A cell with more digits than this is no amount of money.
_MOST_DIGITS = 40


def exact_sum(amounts: Iterable[Decimal]) -> Decimal:
    """The sum without any rounding; raises `decimal.Inexact` rather than lose a digit."""
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def exact_text(amount: Decimal) -> str:
    """Every digit, no exponent, at least two decimals: the form of these figures in JSON."""
    # Written so, and not by a context, since `normalize` and `quantize` round to its precision.
    whole, _, fraction = format(amount, "f").partition(".")
    return f"{whole}.{fraction.rstrip('0'):0<2}"


def satang_rounded(amount_baht: Decimal) -> int:
    """Whole satang, half to even, as the residues of many rows then cancel."""
    return int(amount_baht.quantize(SATANG, context=_ROUNDING).scaleb(2, context=EXACT))


def residue_of(amount_baht: Decimal, amount_satang: int) -> Decimal:
    """What rounding took away (positive) or put on (negative), exact baht."""
    return EXACT.subtract(amount_baht, baht_of(amount_satang))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell about a file, at its place; ``code`` names a sentence in `messages`.

    ``row`` counts from 1 as the spreadsheet does (objects of a JSON list from 1 too); 0 and ""
    mean that the finding is about more than one row, sheet or column. ``column`` is the heading.
    """

    code: str
    file: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    severity: Severity = REFUSED


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """One budget line as the file gives it, texts normalised.

    ``category_path`` holds the filled levels only, highest first. ``generated_id`` says that
    the file had no identity for the line, and ``external_id`` was made from its content.
    """

    sheet: str
    row: int
    external_id: str
    item: str
    fiscal_year_be: int
    amount_satang: int
    raw_amount: Decimal
    body_name: str = ""
    body_code: str = ""
    parent_body_name: str = ""
    plan_name: str = ""
    output_name: str = ""
    project_name: str = ""
    category_path: tuple[str, ...] = ()
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    obliged: bool = False
    source_ref: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    generated_id: bool = False


@dataclass(frozen=True, slots=True)
class ParsedProject:
    """One project of a published list; ``amount_satang`` is its budget, ``used_baht`` is spent.

    ``body_name`` is the bureau, ``division_name`` the part of it that does the work.
    """

    sheet: str
    row: int
    external_id: str
    name: str
    fiscal_year_be: int
    amount_satang: int
    raw_amount: Decimal
    first_day: date | None = None
    last_day: date | None = None
    status: str = ""
    purpose: str = ""
    used_baht: Decimal | None = None
    body_name: str = ""
    body_code: str = ""
    division_name: str = ""
    strategy_name: str = ""
    link: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    generated_id: bool = False


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that cannot be loaded; ``raw_amount`` is None where no figure could be read."""

    sheet: str
    row: int
    raw_amount: Decimal | None


@dataclass(frozen=True, slots=True)
class SubtotalRow:
    """A row that adds up rows above it: recognised, compared, and not added again."""

    sheet: str
    row: int
    label: str
    stated_baht: Decimal
    agrees: bool


@dataclass(frozen=True, slots=True)
class TemplateMark:
    """Whose workbook it is: written into our own template when it is made."""

    template: str
    agency_code: str
    agency_name: str
    fiscal_year_be: int


@dataclass(frozen=True, slots=True)
class TemplateAgency:
    """The agency a workbook is made for."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A line that stands in a workbook already when it is made.

    ``unit_price`` is baht with at most two decimals, ``quantity`` has at most three; months are
    positions in the fiscal year, 1 = October.
    """

    line_id: str
    revision: int
    item: str
    category_code: str
    source_code: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    project_code: str = ""
    work_code: str = ""
    price_reference: str = ""
    price_evidence: str = ""
    first_month: int = 1
    last_month: int = 12
    novelty: str = "new"
    priority: int | None = None
    if_not_funded: str = ""

    @property
    def amount_baht(self) -> Decimal:
        return EXACT.multiply(self.quantity, self.unit_price)


@dataclass(frozen=True, slots=True)
class FileReading:
    """All that one file says. ``rows`` counts data rows, loaded or refused, without subtotals.

    ``sum_file`` adds every figure readable in those rows' amount cells, exact baht.
    """

    file: str
    rows: int = 0
    lines: tuple[ParsedLine, ...] = ()
    projects: tuple[ParsedProject, ...] = ()
    findings: tuple[Finding, ...] = ()
    sum_file: Decimal = ZERO
    subtotal_rows: tuple[SubtotalRow, ...] = ()
    refused_rows: tuple[RefusedRow, ...] = ()
    mark: TemplateMark | None = None

    @property
    def is_refused(self) -> bool:
        """A file goes in whole or not at all."""
        return any(finding.severity == REFUSED for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Where every baht of the file went. All four are exact `Decimal` baht."""

    sum_file: Decimal
    sum_loaded: Decimal
    sum_refused: Decimal
    residue: Decimal

    @property
    def balances(self) -> bool:
        parts = exact_sum([self.sum_loaded, self.sum_refused, self.residue])
        return EXACT.compare(parts, self.sum_file) == 0

    def in_json(self) -> dict[str, str]:
        return {
            "sum_file": exact_text(self.sum_file),
            "sum_loaded": exact_text(self.sum_loaded),
            "sum_refused": exact_text(self.sum_refused),
            "residue": exact_text(self.residue),
        }


def reconcile(
    reading: FileReading, also_refused: Collection[tuple[str, int]] = ()
) -> Reconciliation:
    """Loaded, refused and rounded-off sums of a reading.

    ``also_refused`` names rows as (sheet, row) that a later check, with the database at hand,
    refused. This says where each row's money stands; whether the file is loaded at all is
    `FileReading.is_refused`.
    """
    loaded_satang, residues = 0, ZERO
    refused = [row.raw_amount for row in reading.refused_rows if row.raw_amount is not None]
    parts: list[ParsedLine | ParsedProject] = [*reading.lines, *reading.projects]
    for part in parts:
        if (part.sheet, part.row) in also_refused:
            refused.append(part.raw_amount)
        else:
            loaded_satang += part.amount_satang
            residues = EXACT.add(residues, residue_of(part.raw_amount, part.amount_satang))
    return Reconciliation(
        reading.sum_file,
        Decimal(loaded_satang).scaleb(-2, context=EXACT),
        exact_sum(refused),
        residues,
    )


def mark_findings(
    mark: TemplateMark, file: str, *, fiscal_year_be: int | None, agency_code: str | None
) -> list[Finding]:
    """Why a workbook made by us may not come in here: another year's, or another agency's."""
    found = []
    if fiscal_year_be is not None and mark.fiscal_year_be != fiscal_year_be:
        facts = {"found": mark.fiscal_year_be, "wanted": fiscal_year_be}
        found.append(Finding("workbook_of_another_year", file, facts=facts))
    if agency_code is not None and mark.agency_code != agency_code:
        facts_of_agency = {"found": mark.agency_code, "wanted": agency_code}
        found.append(Finding("workbook_of_another_agency", file, facts=facts_of_agency))
    return found


@dataclass(frozen=True, slots=True)
class Amount:
    """A cell read as money: the figure if there is one, and the code of what is wrong with it.

    A ``doubt`` does not keep the figure out, but somebody must look at it.
    """

    baht: Decimal | None
    problem: str = ""
    doubt: str = ""


BLANK = Amount(None, "amount_blank")
DASH = Amount(None, "amount_dash")
NOT_A_NUMBER = Amount(None, "amount_not_number")

_DASHES = re.compile(f"[-\u2010-\u2015{MINUS}]+$")
# "1,500.-" is how a Thai bill writes an even sum; a minus after digits alone is not understood.
_FIGURE = re.compile(
    r"(?P<open>\()?(?P<minus>-)?฿?"
    r"(?P<figure>(?P<whole>\d+(?:,\d+)*)(?:\.(?:\d+|-)?)?|\.\d+)"
    r"(?:บาท|฿)?(?P<close>\))?$",
    re.ASCII,
)
# A comma elsewhere is often a digit that a scan has lost: "18,250,00" was 18,250,000.
_COMMAS_IN_PLACE = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)$", re.ASCII)


def read_amount(value: object, unit_baht: int = 1) -> Amount:
    """The money in a cell, in baht; ``unit_baht`` is 1,000,000 where the file counts in millions.

    Thai or Arabic digits, thousands commas and blanks are understood; brackets or a minus are
    negative, which is read (so that sums agree) but is a problem; so is more than 10¹² baht.
    """
    if isinstance(value, str):
        return _amount_of_text(value, unit_baht)
    if value is None:
        return BLANK
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return NOT_A_NUMBER
    return _judged(_figure(value), unit_baht)


def _figure(value: int | float | Decimal) -> Decimal:
    """Spreadsheets keep 15 significant digits; the rest of a float is noise of the binary form."""
    return Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)


@lru_cache(maxsize=20_000)
def _amount_of_text(text: str, unit_baht: int) -> Amount:
    plain = text.isascii() and text.isdecimal()
    cleaned = text if plain else to_arabic_digits(normalise(text)).replace(" ", "")
    if not cleaned:
        return BLANK
    if _DASHES.match(cleaned):
        return DASH
    match = _FIGURE.match(cleaned.replace(MINUS, "-"))
    if match is None or bool(match["open"]) != bool(match["close"]):
        return NOT_A_NUMBER
    figure = Decimal(match["figure"].replace(",", "").removesuffix("-").removesuffix("."))
    in_place = match["whole"] is None or _COMMAS_IN_PLACE.match(match["whole"])
    doubt = "" if in_place else "amount_commas_misplaced"
    return _judged(-figure if match["open"] or match["minus"] else figure, unit_baht, doubt)


def _judged(figure: Decimal, unit_baht: int, doubt: str = "") -> Amount:
    if not figure.is_finite() or figure.adjusted() > _MOST_DIGITS:
        return NOT_A_NUMBER
    if int(figure.as_tuple().exponent) < -_MOST_DIGITS:
        return NOT_A_NUMBER
    baht = EXACT.multiply(figure, Decimal(unit_baht)) if unit_baht != 1 else figure
    if baht < 0:
        return Amount(baht, "amount_negative")
    if baht > LARGEST_BAHT:
        return Amount(baht, "amount_too_large")
    return Amount(baht, doubt=doubt)


class Subtotals:
    """Knows, while a table is read from top to bottom, which sums a subtotal row may state."""

    def __init__(self) -> None:
        self._open = ZERO
        self._open_rows = 0
        self._groups: list[Decimal] = []

    @property
    def open_rows(self) -> int:
        """Rows since the last subtotal."""
        return self._open_rows

    @property
    def open_sum(self) -> Decimal:
        return self._open

    def add(self, amount: Decimal) -> None:
        self._open = EXACT.add(self._open, amount)
        self._open_rows += 1

    def close(self, stated: Decimal) -> Decimal | None:
        """End the group at a row that states a subtotal.

        Returns None when it agrees with the rows since the last subtotal, or with the last
        groups together (a grand total); otherwise the sum it should have stated.
        """
        if self._open_rows:
            self._groups.append(self._open)
            self._open, self._open_rows = ZERO, 0
        covered = ZERO
        for position in range(len(self._groups) - 1, -1, -1):
            covered = EXACT.add(covered, self._groups[position])
            if covered == stated:
                self._groups[position:] = [covered]
                return None
        return self._groups[-1] if self._groups else ZERO
