"""What became of one file, as values and as JSON."""

from dataclasses import dataclass, field
from typing import Any

from nayu.core.errors import RuleBroken
from nayu.workbooks.domain import REFUSED, ZERO, FileReading, Finding, Reconciliation, reconcile
from nayu.workbooks.messages import sentence


class UnknownStage(RuleBroken):
    code = "stage_unknown"


@dataclass
class Outcome:
    """What became of one file."""

    reading: FileReading
    findings: list[Finding] = field(default_factory=list)
    new: int = 0
    unchanged: int = 0
    merged: int = 0  # of the changed lines, those that somebody else had changed too
    entries: int = 0  # entries whose own texts or rows changed
    entries_merged: int = 0
    written: bool = False

    @property
    def is_refused(self) -> bool:
        return any(finding.severity == REFUSED for finding in self.findings)

    @property
    def reconciliation(self) -> Reconciliation:
        """A refused file loads nothing: all of its money is refused."""
        if self.is_refused:
            return Reconciliation(self.reading.sum_file, ZERO, self.reading.sum_file, ZERO)
        return reconcile(self.reading)

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.reading.file,
            "rows": self.reading.rows,
            **self.reconciliation.in_json(),
            "new": self.new,
            "unchanged": self.unchanged,
            "merged": self.merged,
            "entries": self.entries,
            "entries_merged": self.entries_merged,
            "findings": [finding_json(finding) for finding in self.findings],
        }


def finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "value": finding.value,
        "sentence": sentence(finding),
    }
