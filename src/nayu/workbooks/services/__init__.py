"""Files in and workbooks out; other apps use this door."""

from nayu.workbooks.services.command import import_files, load_frame, write_report
from nayu.workbooks.services.outcome import Outcome, UnknownStage, finding_json
from nayu.workbooks.services.own import operator
from nayu.workbooks.services.taking import take_in
from nayu.workbooks.services.workbook import AgencyUnknown, agency_template, template_line

__all__ = [
    "AgencyUnknown", "Outcome", "UnknownStage", "agency_template", "finding_json", "import_files",
    "load_frame", "operator", "take_in", "template_line", "write_report",
]  # fmt: skip
