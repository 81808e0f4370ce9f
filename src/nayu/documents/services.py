"""Making documents: bytes for a reader, files for an order, files in a folder for the operator."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from nayu import __version__
from nayu.agencies.domain import Person
from nayu.core.dates import Digits, Language
from nayu.core.errors import NotVisible, RuleBroken
from nayu.db.clock import today
from nayu.documents.content.values import (
    AGENCY_PLAN,
    FORMATS,
    KINDS,
    PLAN_BOOK,
    PROJECT_FORM,
    PUBLISHED,
    REQUEST_DETAILS,
    WORKING,
)
from nayu.documents.domain import Document
from nayu.documents.models import Order
from nayu.documents.queries import check_visible, document_for, source_of
from nayu.jobs import services as jobs

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_UNFINISHED = 3
JOB_KIND = "document"


class FormatNotOffered(RuleBroken):
    """This kind of document is not made in this format."""

    code = "format_not_offered"


class TooManyOrders(RuleBroken):
    """One visitor has three orders that are not finished yet."""

    code = "too_many_orders"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which document, of what, and how written."""

    kind: str
    fiscal_year_be: int
    format: str = "pdf"
    agency_code: str = ""
    project_code: str = ""
    version: str = PUBLISHED
    digits: Digits = "thai"
    language: Language = "th"

    @property
    def file_name(self) -> str:
        """Plain letters, so that every system keeps it: agency-plan-2569-11000000.pdf."""
        parts = [self.kind, str(self.fiscal_year_be), self.project_code or self.agency_code]
        parts.append("working" if self.version == WORKING else "")
        parts.append("en" if self.language == "en" else "")
        return "-".join(part for part in parts if part) + f".{self.format}"


@dataclass(frozen=True, slots=True)
class Made:
    """A finished file."""

    name: str
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def make(choice: Choice, *, person: Person | None) -> Made:
    """The document as a file; the same choice of the same version gives the same bytes.

    Raises FormatNotOffered, NotVisible, NothingPublished.
    """
    return write(choice, content_of(choice, person=person))


def content_of(choice: Choice, *, person: Person | None) -> Document:
    """The document as values. Raises as `make`."""
    if choice.format not in FORMATS.get(choice.kind, ()):
        raise FormatNotOffered(kind=choice.kind, format=choice.format)
    return document_for(
        choice.kind,
        choice.fiscal_year_be,
        day=today(),
        agency_code=choice.agency_code or None,
        project_code=choice.project_code or None,
        person=person,
        version=choice.version,
        digits=choice.digits,
        language=choice.language,
    )


def write(choice: Choice, document: Document) -> Made:
    # The libraries behind the writers are loaded only by processes that make documents.
    writer = import_module(f"nayu.documents.writers.{choice.format}")
    return Made(choice.file_name, writer.write(document))


# --- Orders ---------------------------------------------------------------------------------


@transaction.atomic
def place_order(choice: Choice, *, actor: Person, session_mark: str, at: datetime) -> Order:
    """Have a document made in the background; the same one made before is handed out again.

    Raises FormatNotOffered, NotVisible, NothingPublished, TooManyOrders.
    """
    if choice.format not in FORMATS.get(choice.kind, ()):
        raise FormatNotOffered(kind=choice.kind, format=choice.format)
    source = source_of(choice.fiscal_year_be, version=choice.version, person=actor, day=at.date())
    check_visible(source, choice.kind, choice.agency_code, choice.project_code)
    wanted = _columns(choice) | {"version_number": source.edition.number}
    if choice.version == PUBLISHED and (same := _same(wanted)):
        return same
    own = Order.objects.of(actor.user_id, session_mark)
    if own.unfinished().count() >= MOST_UNFINISHED:
        raise TooManyOrders(limit=MOST_UNFINISHED)
    job = jobs.enqueue(JOB_KIND, {}, requested_by=actor.user_id, at=at)
    return Order.objects.create(
        job=job,
        requested_by_id=actor.user_id,
        session_mark=session_mark,
        ordered_at=at,
        **wanted,
    )


def _columns(choice: Choice) -> dict[str, Any]:
    names = (
        "kind", "fiscal_year_be", "format", "agency_code", "project_code", "version", "digits",
        "language",
    )  # fmt: skip
    return {name: getattr(choice, name) for name in names}


def _same(wanted: dict[str, Any]) -> Order | None:
    """The same published document, made by this software and still on the shelf."""
    made = Order.objects.filter(made_with=__version__, **wanted).order_by("-made_at")
    return next((order for order in made if path_of(order).is_file()), None)


def choice_of(order: Order) -> Choice:
    names = _columns(Choice(order.kind, order.fiscal_year_be))
    return Choice(**{name: getattr(order, name) for name in names})


def keep(order_id: UUID | str, made: Made, *, at: datetime) -> Order:
    """Store the file of an order, whole or not at all, and write its digest down."""
    order = Order.objects.get(job_id=order_id)
    order.path = f"documents/{order.fiscal_year_be}/{order.pk}.{order.format}"
    path = path_of(order)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_whole(path, made.content)
    order.name, order.size, order.digest = made.name, len(made.content), made.digest
    order.made_at, order.made_with = at, __version__
    order.save(
        update_fields=["path", "name", "size", "digest", "made_at", "made_with"],
    )
    return order


def _write_whole(path: Path, content: bytes) -> None:
    """The file under its name, whole or not at all, even if the process is killed meanwhile."""
    unfinished = path.with_suffix(path.suffix + ".part")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def path_of(order: Order) -> Path:
    return Path(settings.MEDIA_ROOT) / order.path


def cancel_order(order: Order, *, actor: Person, session_mark: str, at: datetime) -> None:
    """Cancel one's own unfinished order. Raises NotVisible for anybody else's."""
    if not Order.objects.of(actor.user_id, session_mark).filter(pk=order.pk).exists():
        raise NotVisible
    jobs.cancel(order.pk, at=at)


# --- Files in a folder ----------------------------------------------------------------------


def write_books(
    fiscal_year_be: int,
    *,
    kind: str,
    out: Path,
    agency_code: str | None = None,
    project_code: str | None = None,
    format: str = "pdf",  # noqa: A002 - the word of the command line
    language: Language = "th",
    digits: Digits = "thai",
    version: str = PUBLISHED,
) -> Iterator[tuple[Path, int, str]]:
    """Write documents into a folder; answers path, bytes and SHA-256 of each, as it is written.

    Without an agency or a project every one of the year is written. Raises NothingPublished,
    NotVisible, FormatNotOffered.
    """
    source = source_of(fiscal_year_be, version=version, person=None, day=today())
    out.mkdir(parents=True, exist_ok=True)
    for one, agency, project in _wanted(source, kind, agency_code, project_code):
        formats = FORMATS[one] if format == "all" else (format,)
        if format not in ("all", *FORMATS[one]):
            if kind == "all":
                continue
            raise FormatNotOffered(kind=one, format=format)
        choice = Choice(one, fiscal_year_be, formats[0], agency, project, version, digits, language)
        document = content_of(choice, person=None)
        for file_format in formats:
            choice = Choice(
                one, fiscal_year_be, file_format, agency, project, version, digits, language
            )
            made = write(choice, document)
            path = out / made.name
            _write_whole(path, made.content)
            yield path, len(made.content), made.digest


def _wanted(
    source: Any, kind: str, agency_code: str | None, project_code: str | None
) -> Iterator[tuple[str, str, str]]:
    """(kind, agency code, project code) of every document asked for, in order."""
    kinds = KINDS if kind == "all" else (kind,)
    agencies = [agency_code] if agency_code else source.agency_codes()
    for one in kinds:
        if one == PLAN_BOOK and not (kind == "all" and (agency_code or project_code)):
            yield one, "", ""
        elif one in (AGENCY_PLAN, REQUEST_DETAILS) and not (kind == "all" and project_code):
            for code in agencies:
                yield one, code, ""
        elif one == PROJECT_FORM:
            codes = [project_code] if project_code else source.project_codes(agency_code)
            for code in codes:
                yield one, "", code
