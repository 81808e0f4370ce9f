"""Questions about published versions: what a stranger may read."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from nayu.agencies.domain import Person
from nayu.approvals.domain import states_seen
from nayu.audit.queries import CITY
from nayu.budget.domain import StageNotReached
from nayu.budget.queries import (
    Books,
    LineSheet,
    Totals,
    breakdown,
    weights_by_entry,
    working_books,
)
from nayu.core.errors import NotVisible
from nayu.core.values import from_json
from nayu.projects.domain import EntrySheet
from nayu.projects.models import ProjectEntry
from nayu.publication.models import (
    OFFICIAL,
    ChangeRequest,
    DecidingBody,
    FrozenEntry,
    FrozenLine,
    FrozenLink,
    FrozenShare,
    PlanVersion,
)
from nayu.strategy.queries import leading_framework


def versions_of(fiscal_year_be: int) -> QuerySet[PlanVersion]:
    """All published versions of a year, newest first."""
    return (
        PlanVersion.objects.filter(fiscal_year_be=fiscal_year_be)
        .select_related("stage")
        .order_by("-number")
    )


def current_version(fiscal_year_be: int) -> PlanVersion | None:
    """What stands for the plan of a year: the newest official version, else the newest draft."""
    return _standing(versions_of(fiscal_year_be))


def version_at(fiscal_year_be: int, day: date) -> PlanVersion | None:
    """What stood for the plan at the end of a day of the city."""
    end = datetime.combine(day + timedelta(days=1), time(), CITY)
    return _standing(versions_of(fiscal_year_be).filter(published_at__lt=end))


def _standing(versions: QuerySet[PlanVersion]) -> PlanVersion | None:
    """The newest official one, else the newest draft; `versions` are newest first."""
    found = list(versions)
    official = [version for version in found if version.kind == OFFICIAL]
    return next(iter(official or found), None)


def published_books(version: PlanVersion) -> Books:
    """The books of a version, as frozen."""
    elements: dict[str, dict[int, int]] = {}
    for code, entry_id, element_id in FrozenLink.objects.filter(
        frozen__version=version
    ).values_list("framework__code", "frozen__entry_id", "element_id"):
        elements.setdefault(code, {})[entry_id] = element_id
    shares = weights_by_entry(
        FrozenShare.objects.filter(frozen__version=version).values_list(
            "frozen__entry_id", "district__plan_code", "weight"
        )
    )
    return Books(
        version.fiscal_year_be,
        version.stage_id,
        "published",
        FrozenLine.objects.filter(version=version),
        "",
        elements,
        shares,
    )


def published_books_at(fiscal_year_be: int, stage: str) -> Books:
    """What stands published for a year at a stage, as on every page. Raises StageNotReached."""
    version = _standing(versions_of(fiscal_year_be).filter(stage_id=stage))
    if version is None:
        raise StageNotReached(fiscal_year=fiscal_year_be, stage=stage)
    return published_books(version)


@dataclass(frozen=True, slots=True)
class PublishedProject:
    """An entry as published."""

    frozen_id: int
    version_id: int
    sheet: EntrySheet
    lines: tuple[LineSheet, ...]


def published_project(version: PlanVersion, project_code: str) -> PublishedProject:
    """Raises NotVisible if the project is not in the version."""
    frozen = version.entries.filter(project_code=project_code).first()
    if frozen is None:
        raise NotVisible
    return whole(frozen)


def whole(frozen: FrozenEntry) -> PublishedProject:
    lines = frozen.lines.order_by("order", "pk")
    return PublishedProject(
        frozen.pk,
        frozen.version_id,
        from_json(EntrySheet, frozen.sheet),
        tuple(from_json(LineSheet, line.sheet) for line in lines),
    )


def is_published(entry: ProjectEntry) -> bool:
    """Whether everybody can read this entry in what stands for its year's plan."""
    version = current_version(entry.fiscal_year_be)
    return version is not None and version.entries.filter(entry=entry).exists()


def published_projects(version: PlanVersion, **filters: Any) -> list[PublishedProject]:
    """Entries of a version with their lines, by project code, in two queries."""
    frozen = list(version.entries.filter(**filters).order_by("project_code"))
    lines: dict[int, list[LineSheet]] = {entry.pk: [] for entry in frozen}
    for frozen_id, sheet in (
        FrozenLine.objects.filter(frozen__in=frozen)
        .order_by("order", "pk")
        .values_list("frozen_id", "sheet")
    ):
        assert frozen_id is not None
        lines[frozen_id].append(from_json(LineSheet, sheet))
    return [
        PublishedProject(e.pk, e.version_id, from_json(EntrySheet, e.sheet), tuple(lines[e.pk]))
        for e in frozen
    ]


def totals(
    fiscal_year_be: int, stage: str, *, version: str, by: str, framework_code: str = ""
) -> Totals:
    """The totals of the command line: `version` is published or working.

    Without a framework the year's leading one is used. Raises StageNotReached when nothing is
    published (or, for working amounts, written) at the stage.
    """
    books = (
        published_books_at(fiscal_year_be, stage)
        if version == "published"
        else working_books(fiscal_year_be, stage)
    )
    if not books.amounts.exists():
        raise StageNotReached(fiscal_year=fiscal_year_be, stage=stage)
    if by == "element" and not framework_code:
        framework = leading_framework(fiscal_year_be)
        framework_code = framework.code if framework else ""
    return breakdown(books, by, framework_code)


# --- Changes after publication --------------------------------------------------------------------


def stands_published(entry: ProjectEntry) -> bool:
    """Whether the entry is in the plan and in the official version that stands for it."""
    version = current_version(entry.fiscal_year_be)
    return (
        version is not None
        and version.kind == OFFICIAL
        and entry.state == "in_plan"
        and version.entries.filter(entry_id=entry.pk).exists()
    )


def visible_changes(person: Person, fiscal_year_be: int | None = None) -> QuerySet[ChangeRequest]:
    """Change requests (of a year) that this person may know of, newest first."""
    of_any, of_own, own = states_seen(person, "change.view")
    found = ChangeRequest.objects.all()
    if fiscal_year_be is not None:
        found = found.filter(fiscal_year_be=fiscal_year_be)
    return (
        found.filter(Q(state__in=of_any) | Q(state__in=of_own, agency_id__in=own))
        .select_related("entry__project", "agency", "body", "published_in")
        .order_by("-fiscal_year_be", "-number")
    )


def published_changes(
    fiscal_year_be: int, project_code: str = "", *, version: PlanVersion | None = None
) -> list[ChangeRequest]:
    """Changes that the public may read, newest first: those that a version shows."""
    found = ChangeRequest.objects.filter(fiscal_year_be=fiscal_year_be, state="applied")
    if project_code:
        found = found.filter(entry__project__code=project_code)
    if version is not None:
        found = found.filter(published_in=version)
    related = found.select_related("entry__project", "agency", "body", "published_in")
    return list(related.order_by("-published_in__number", "-number"))


def deciding_bodies(day: date) -> list[DecidingBody]:
    """Bodies that decide on a day, in their order."""
    found = DecidingBody.objects.filter(
        Q(first_day=None) | Q(first_day__lte=day), Q(last_day=None) | Q(last_day__gte=day)
    )
    return list(found.order_by("order", "pk"))
