"""Attachments of entries and lines: the rights of what they hang on, asked under its lock."""

from datetime import datetime

from django.db import transaction

from nayu.agencies.domain import Person
from nayu.attachments import services as attachments
from nayu.attachments.models import Attachment
from nayu.attachments.services import Incoming
from nayu.budget.models import Line
from nayu.budget.queries.attachments import owner_of_entry, owner_of_line
from nayu.budget.services.lines import ensure_line_may_change
from nayu.core.errors import NotVisible
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry


@transaction.atomic
def attach_to_entry(
    entry_id: int, incoming: Incoming, *, kind: str, actor: Person, at: datetime
) -> Attachment:
    """Hang a file on an entry. Raises as `ensure_editable` and `attachments.services.attach`."""
    entry = _entry(entry_id, actor)
    return attachments.attach(owner_of_entry(entry), incoming, kind=kind, actor=actor, at=at)


@transaction.atomic
def attach_to_line(
    line_id: int, incoming: Incoming, *, kind: str, actor: Person, at: datetime
) -> Attachment:
    """Hang a file on a line. Raises as changing the line does, and as `attach`."""
    line = _line(line_id, actor)
    return attachments.attach(owner_of_line(line), incoming, kind=kind, actor=actor, at=at)


@transaction.atomic
def remove_from_entry(entry_id: int, attachment_id: int, *, actor: Person, at: datetime) -> None:
    """Take a file off an entry. Raises as `attach_to_entry`; NotVisible if it is not there."""
    entry = _entry(entry_id, actor)
    attachments.remove(attachment_id, owner_of_entry(entry), actor=actor, at=at)


@transaction.atomic
def remove_from_line(line_id: int, attachment_id: int, *, actor: Person, at: datetime) -> None:
    """Take a file off a line. Raises as `attach_to_line`; NotVisible if it is not there."""
    line = _line(line_id, actor)
    attachments.remove(attachment_id, owner_of_line(line), actor=actor, at=at)


def _locked(entry_id: int) -> ProjectEntry:
    found = (
        ProjectEntry.objects.select_for_update(of=("self",))
        .select_related("project")
        .filter(pk=entry_id)
        .first()
    )
    if found is None:
        raise NotVisible
    return found


def _entry(entry_id: int, actor: Person) -> ProjectEntry:
    entry = _locked(entry_id)
    projects.ensure_editable(entry, actor)
    return entry


def _line(line_id: int, actor: Person) -> Line:
    line = Line.objects.select_for_update().filter(pk=line_id).first()
    if line is None:
        raise NotVisible
    if line.entry_id is not None:
        line.entry = _locked(line.entry_id)
    ensure_line_may_change(line.entry, line.agency_id, line.fiscal_year_be, actor)
    return line
