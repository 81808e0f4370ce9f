"""Entries and lines as owners of attachments."""

from nayu.approvals.domain import PROJECT, REQUEST
from nayu.attachments.domain import LINE, Owner
from nayu.attachments.domain import PROJECT as ENTRY
from nayu.budget.models import Line
from nayu.projects.models import ProjectEntry


def owner_of_entry(entry: ProjectEntry) -> Owner:
    """A project's entry in one year's plan."""
    return Owner(
        ENTRY, entry.pk, entry.agency_id, entry.fiscal_year_be,
        (PROJECT, str(entry.pk), f"{entry.project.code} {entry.name_th}"),
    )  # fmt: skip


def owner_of_line(line: Line) -> Owner:
    """A line; the record tells its deeds with those of its entry, or of the agency's request."""
    subject = (
        (PROJECT, str(line.entry_id), f"{line.entry.project.code} {line.entry.name_th}")
        if line.entry
        else (REQUEST, f"{line.agency_id}/{line.fiscal_year_be}", line.item)
    )
    return Owner(LINE, line.pk, line.agency_id, line.fiscal_year_be, subject, part=line.item)
