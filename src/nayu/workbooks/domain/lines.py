"""What a file of budget lines says: lines, findings, and the sums that must agree.

Amounts are baht: exact `Decimal` as written in the file, whole satang (`int`) as loaded.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from nayu.workbooks.domain.amounts import EXACT, ZERO, exact_sum, exact_text, residue_of
from nayu.workbooks.domain.parts import ParsedPart

Severity = Literal["refused", "warning", "note"]
REFUSED: Severity = "refused"
WARNING: Severity = "warning"
NOTE: Severity = "note"

LARGEST_FILE_BYTES = 50 * 1024 * 1024
LARGEST_UNPACKED_BYTES = 500 * 1024 * 1024


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
    parts: tuple[ParsedPart, ...] = ()

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
