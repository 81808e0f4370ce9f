"""What a workbook says, as values: amounts, lines, and the parts of entries."""

from nayu.workbooks.domain.amounts import (
    BLANK,
    EXACT,
    ZERO,
    Amount,
    Subtotals,
    exact_sum,
    exact_text,
    read_amount,
    residue_of,
    satang_rounded,
)
from nayu.workbooks.domain.lines import (
    LARGEST_FILE_BYTES,
    LARGEST_UNPACKED_BYTES,
    NOTE,
    REFUSED,
    WARNING,
    FileReading,
    Finding,
    ParsedLine,
    ParsedProject,
    Reconciliation,
    RefusedRow,
    Severity,
    SubtotalRow,
    TemplateAgency,
    TemplateLine,
    TemplateMark,
    mark_findings,
    reconcile,
)
from nayu.workbooks.domain.parts import ParsedPart, TemplateEntry

__all__ = [
    "BLANK", "EXACT", "LARGEST_FILE_BYTES", "LARGEST_UNPACKED_BYTES", "NOTE", "REFUSED", "WARNING",
    "ZERO", "Amount", "FileReading", "Finding", "ParsedLine", "ParsedPart", "ParsedProject",
    "Reconciliation", "RefusedRow", "Severity", "SubtotalRow", "Subtotals", "TemplateAgency",
    "TemplateEntry", "TemplateLine", "TemplateMark", "exact_sum", "exact_text", "mark_findings",
    "read_amount", "reconcile", "residue_of", "satang_rounded",
]  # fmt: skip
