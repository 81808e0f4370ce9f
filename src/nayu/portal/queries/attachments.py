"""What hangs on an entry and its lines, as pages show it: one shelf for each thing."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from nayu.attachments.domain import (
    KINDS,
    LARGEST_FILE_BYTES,
    LINE,
    MOST_BYTES,
    MOST_FILES,
    PROJECT,
    megabytes,
)
from nayu.attachments.messages import KIND_NAMES
from nayu.attachments.models import Attachment
from nayu.attachments.queries import attachments_of
from nayu.budget.models import Line
from nayu.projects.models import ProjectEntry


@dataclass(frozen=True, slots=True)
class Shelf:
    """The attachments of one thing, where they are read and sent, and whether one may.

    `address` ends with a slash; `line_id` is 0 for all of an entry, `title` "" then.
    """

    address: str
    files: tuple[Attachment, ...]
    may_edit: bool
    line_id: int = 0
    title: str = ""

    @property
    def mark(self) -> str:
        """Tells the shelves of one page apart."""
        return f"line-{self.line_id}" if self.line_id else "entry"

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(code, str(KIND_NAMES[code])) for code in KINDS]

    @property
    def largest_bytes(self) -> int:
        return LARGEST_FILE_BYTES

    @property
    def megabytes(self) -> int:
        return megabytes(LARGEST_FILE_BYTES)

    @property
    def megabytes_together(self) -> int:
        return megabytes(MOST_BYTES)

    @property
    def most(self) -> int:
        return MOST_FILES


def project_address(entry: ProjectEntry) -> str:
    return reverse("portal:attachments", args=[entry.fiscal_year_be, entry.project.code])


def entry_shelf(entry: ProjectEntry, *, may_edit: bool) -> Shelf:
    """What hangs on the entry itself."""
    found = attachments_of(PROJECT, [entry.pk]).get(entry.pk, [])
    return Shelf(project_address(entry), tuple(found), may_edit)


def line_shelves(entry: ProjectEntry, *, may_edit: bool) -> list[Shelf]:
    """What hangs on each line of the entry, in the order of the lines; empty shelves too."""
    lines = list(Line.objects.filter(entry=entry).order_by("order", "pk").values_list("pk", "item"))
    found = attachments_of(LINE, [pk for pk, _item in lines])
    address = project_address(entry)
    return [
        Shelf(address, tuple(found.get(pk, ())), may_edit, line_id=pk, title=item)
        for pk, item in lines
    ]


def routine_shelf(line: Line, *, may_edit: bool) -> Shelf:
    """What hangs on one line of routine work."""
    address = reverse(
        "portal:line_attachments", args=[line.fiscal_year_be, line.agency_id, line.pk]
    )
    found = attachments_of(LINE, [line.pk]).get(line.pk, [])
    return Shelf(address, tuple(found), may_edit, line_id=line.pk, title=line.item)


def filled(shelves: Iterable[Shelf]) -> list[Shelf]:
    """Those with something on them."""
    return [shelf for shelf in shelves if shelf.files]
