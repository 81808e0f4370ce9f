"""Gathering what documents are written from: published versions for all, working entries by right.

A person of None is the operator at the command line, who sees everything.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from nayu.agencies.domain import (
    BUDGETER,
    EXECUTIVE,
    HEAD,
    PLANNER,
    STRATEGIST,
    Person,
)
from nayu.agencies.models import Agency
from nayu.agencies.models import Post as AgencyPost
from nayu.approvals.domain import REJECTED, may
from nayu.budget.models import FunctionNode, Line, Request, Stage
from nayu.budget.queries import (
    Books,
    LineSheet,
    Totals,
    breakdown,
    line_sheets,
    reached_stage,
    request_lines,
    working_books,
)
from nayu.core.dates import Digits, Language
from nayu.core.errors import NotVisible, RuleBroken
from nayu.core.fiscal_year import FiscalYear
from nayu.core.money import total as add_up
from nayu.core.values import from_json
from nayu.documents import content
from nayu.documents.content.values import (
    AGENCY_PLAN,
    PLAN_BOOK,
    PROJECT_FORM,
    PUBLISHED,
    REQUEST_DETAILS,
    WORKING,
    AgencyFacts,
    AgencyPlanValues,
    Edition,
    ElementFacts,
    Named,
    PlanBookValues,
    PlannedProject,
    Post,
    ProjectFormValues,
    RequestValues,
    amount_at,
)
from nayu.documents.domain import Document
from nayu.documents.models import Order
from nayu.projects.domain import EntrySheet
from nayu.projects.models import EntryQuerySet, ProjectEntry
from nayu.projects.queries import sheets
from nayu.publication.models import OFFICIAL, FrozenLine, PlanVersion
from nayu.publication.queries import (
    PublishedProject,
    current_version,
    published_books,
    published_projects,
)
from nayu.strategy.queries import elements_of, leading_framework

STAGE_OF_REQUEST = {
    "open": "requested",
    "submitted": "requested",
    "proposed": "proposed",
    "decided": "decided",
    "ordinance": "ordinance",
}
SHELF_LENGTH = 30
BREAKDOWNS = ("element", "agency", "expenditure", "function", "source", "district")


class NothingPublished(RuleBroken):
    """No version of the year's plan has been published yet."""

    code = "nothing_published"


def document_for(
    kind: str,
    fiscal_year_be: int,
    *,
    day: date,
    agency_code: str | None = None,
    project_code: str | None = None,
    person: Person | None = None,
    version: str = PUBLISHED,
    digits: Digits = "thai",
    language: Language = "th",
) -> Document:
    """The document as values. `day` is the city's day, for what is not published yet.

    Raises NotVisible, NothingPublished.
    """
    source = source_of(
        fiscal_year_be, version=version, person=person, day=day, digits=digits, language=language
    )
    with translation.override(language):
        if kind == PLAN_BOOK:
            return content.plan_book(source.plan_book())
        if kind == AGENCY_PLAN and agency_code:
            return content.agency_plan(source.agency_plan(agency_code))
        if kind == REQUEST_DETAILS and agency_code:
            return content.request_details(source.request(agency_code))
        if kind == PROJECT_FORM and project_code:
            return content.project_form(source.project_form(project_code))
    raise NotVisible


def source_of(
    fiscal_year_be: int,
    *,
    version: str,
    person: Person | None,
    day: date,
    digits: Digits = "thai",
    language: Language = "th",
) -> "Source":
    """Where a document of this version is gathered from. Raises NotVisible, NothingPublished."""
    if version == WORKING:
        if person is not None and not person.is_signed_in:
            raise NotVisible
        return WorkingSource(fiscal_year_be, person, day, digits, language)
    published = current_version(fiscal_year_be)
    if published is None:
        raise NothingPublished(fiscal_year=fiscal_year_be)
    return PublishedSource(published, digits, language)


class Source:
    """What both versions share: the frame around entries, lines and totals."""

    edition: Edition

    def books(self) -> Books:
        raise NotImplementedError

    def projects(self, **filters: Any) -> tuple[PlannedProject, ...]:
        raise NotImplementedError

    def request_sheets(self, agency_code: str) -> tuple[Edition, list[LineSheet]]:
        raise NotImplementedError

    def request_exists(self, agency_code: str) -> bool:
        raise NotImplementedError

    def project_codes(self, agency_code: str | None) -> list[str]:
        """Codes of the projects that the reader may see, of one agency or of all."""
        raise NotImplementedError

    def may_see_whole(self, agency_code: str | None) -> bool:
        """Whether totals of the city (None) or of an agency may be shown."""
        raise NotImplementedError

    def plan_book(self) -> PlanBookValues:
        if not self.may_see_whole(None):
            raise NotVisible
        year = self.edition.fiscal_year_be
        framework = leading_framework(year)
        # An imported year may lie before every framework: its money then stands under no element.
        named = (
            Named(framework.code, framework.name_th, framework.name_en)
            if framework
            else Named("", "")
        )
        return PlanBookValues(
            self.edition,
            self.totals(self.books(), named.code),
            self.projects(),
            named,
            _elements(framework) if framework else (),
        )

    def agency_plan(self, agency_code: str) -> AgencyPlanValues:
        if not self.may_see_whole(agency_code):
            raise NotVisible
        facts = agency_facts(agency_code)
        framework = leading_framework(self.edition.fiscal_year_be)
        return AgencyPlanValues(
            self.edition,
            facts,
            self.totals(
                self.books().only(agency_id=agency_code), framework.code if framework else ""
            ),
            self.projects(agency_id=agency_code),
        )

    def request(self, agency_code: str) -> RequestValues:
        edition, lines = self.request_sheets(agency_code)
        if not lines:
            raise NotVisible
        return RequestValues(
            edition,
            agency_facts(agency_code),
            tuple(lines),
            {p.sheet.entry_id: p.sheet for p in self.projects(agency_id=agency_code)},
            function_paths(),
        )

    def project_form(self, project_code: str) -> ProjectFormValues:
        found = self.projects(project_code=project_code)
        if not found:
            raise NotVisible
        return ProjectFormValues(self.edition, agency_facts(found[0].sheet.agency_code), found[0])

    def totals(self, books: Books, framework_code: str) -> dict[str, Totals]:
        return {by: breakdown(books, by, framework_code) for by in BREAKDOWNS}

    def agency_codes(self) -> list[str]:
        """Agencies with money in this version, by code."""
        return [row.code for row in breakdown(self.books(), "agency").rows]


class PublishedSource(Source):
    """The current published version of a year: the same for every reader."""

    def __init__(self, version: PlanVersion, digits: Digits, language: Language) -> None:
        self.version = version
        self.edition = Edition(
            fiscal_year_be=version.fiscal_year_be,
            version=PUBLISHED,
            number=version.number,
            kind=version.kind,
            stage=_stage(version.stage_id),
            as_at=timezone.localtime(version.published_at).date(),
            language=language,
            digits=digits,
            content_hash=version.content_hash,
            record_head=version.record_head,
            is_sample=settings.SAMPLE_CITY,
        )

    def books(self) -> Books:
        return published_books(self.version)

    def projects(self, **filters: Any) -> tuple[PlannedProject, ...]:
        return tuple(self._planned(p) for p in published_projects(self.version, **filters))

    def _planned(self, published: PublishedProject) -> PlannedProject:
        return _planned(published.sheet, published.lines, self.edition.stage.code)

    def request_sheets(self, agency_code: str) -> tuple[Edition, list[LineSheet]]:
        lines = FrozenLine.objects.filter(version=self.version, agency_id=agency_code)
        return self.edition, [
            from_json(LineSheet, sheet)
            for sheet in lines.order_by("kind", "entry_id", "order", "pk").values_list(
                "sheet", flat=True
            )
        ]

    def request_exists(self, agency_code: str) -> bool:
        return FrozenLine.objects.filter(version=self.version, agency_id=agency_code).exists()

    def project_codes(self, agency_code: str | None) -> list[str]:
        entries = self.version.entries.order_by("project_code")
        if agency_code:
            entries = entries.filter(agency_id=agency_code)
        return list(entries.values_list("project_code", flat=True))

    def may_see_whole(self, agency_code: str | None) -> bool:
        return True


class WorkingSource(Source):
    """Entries and lines as they stand now, of what the person may see."""

    def __init__(
        self,
        fiscal_year_be: int,
        person: Person | None,
        day: date,
        digits: Digits,
        language: Language,
    ) -> None:
        self.person = person
        self.edition = self._edition(
            fiscal_year_be, reached_stage(fiscal_year_be), day, digits, language
        )

    def _edition(
        self, year: int, stage: str, day: date, digits: Digits, language: Language
    ) -> Edition:
        return Edition(
            fiscal_year_be=year,
            version=WORKING,
            number=None,
            kind=WORKING,
            stage=_stage(stage),
            as_at=day,
            language=language,
            digits=digits,
            is_sample=settings.SAMPLE_CITY,
        )

    def books(self) -> Books:
        return working_books(self.edition.fiscal_year_be, self.edition.stage.code, self.person)

    def _entries(self) -> EntryQuerySet:
        entries = ProjectEntry.objects.filter(fiscal_year_be=self.edition.fiscal_year_be)
        return entries if self.person is None else entries.visible_to(self.person)

    def projects(self, **filters: Any) -> tuple[PlannedProject, ...]:
        found = self._entries()
        if "project_code" in filters:
            filters["project__code"] = filters.pop("project_code")
        else:  # its own form can be printed; a plan holds nothing that was not approved
            found = found.exclude(state=REJECTED)
        wanted = list(found.filter(**filters).order_by("project__code"))
        lines: dict[int, list[LineSheet]] = {entry.pk: [] for entry in wanted}
        for line in line_sheets(Line.objects.filter(entry__in=wanted)):
            assert line.entry_id is not None
            lines[line.entry_id].append(line)
        return tuple(
            _planned(sheet, tuple(lines[sheet.entry_id]), self.edition.stage.code)
            for sheet in sheets(wanted)
        )

    def _request_state(self, agency_code: str) -> str:
        """The state of the agency's request; one that nobody has touched yet is open.

        Raises NotVisible if the person may not see it in that state.
        """
        request = Request.objects.filter(
            agency_id=agency_code, fiscal_year_be=self.edition.fiscal_year_be
        ).first()
        state = request.state if request else "open"
        if self.person is not None and not may(
            self.person, "request.view", state=state, agency_code=agency_code
        ):
            raise NotVisible
        return state

    def request_exists(self, agency_code: str) -> bool:
        self._request_state(agency_code)
        return request_lines(agency_code, self.edition.fiscal_year_be).exists()

    def request_sheets(self, agency_code: str) -> tuple[Edition, list[LineSheet]]:
        """Lines of the request at the stage that this agency's request has reached."""
        year = self.edition.fiscal_year_be
        stage = STAGE_OF_REQUEST[self._request_state(agency_code)]
        edition = self._edition(
            year, stage, self.edition.as_at, self.edition.digits, self.edition.language
        )
        return edition, line_sheets(request_lines(agency_code, year))

    def project_codes(self, agency_code: str | None) -> list[str]:
        entries = self._entries().order_by("project__code")
        if agency_code:
            entries = entries.filter(agency_id=agency_code)
        return list(entries.values_list("project__code", flat=True))

    def may_see_whole(self, agency_code: str | None) -> bool:
        if self.person is None or may(self.person, "working.view"):
            return True
        return agency_code is not None and agency_code in self.person.agency_codes


def _planned(sheet: EntrySheet, lines: tuple[LineSheet, ...], stage: str) -> PlannedProject:
    return PlannedProject(sheet, lines, add_up(amount_at(line, stage) for line in lines))


def _stage(code: str) -> Named:
    stage = Stage.objects.get(pk=code)
    return Named(stage.code, stage.name_th, stage.name_en)


def _elements(framework: Any) -> tuple[ElementFacts, ...]:
    return tuple(
        ElementFacts(
            number=element.number,
            level=Named("", element.level.name_th, element.level.name_en),
            name=Named(element.number, element.name_th, element.name_en),
            depth=element.level.depth,
            position=element.position,
        )
        for element in elements_of(framework)
    )


def agency_facts(agency_code: str) -> AgencyFacts:
    """The agency and the posts that sign for it. Raises NotVisible."""
    agency = Agency.objects.filter(pk=agency_code).first()
    if agency is None:
        raise NotVisible
    return AgencyFacts(
        Named(agency.code, agency.name_th, agency.name_en),
        agency.mandate_th,
        agency.mandate_en,
        _posts(agency_code),
    )


def _posts(agency_code: str) -> tuple[Post, ...]:
    """One post for each part in signing, in the order of the procedure."""
    of_agency = AgencyPost.objects.filter(agency_id=agency_code, role__in=(PLANNER, HEAD))
    of_city = AgencyPost.objects.filter(agency=None, role__in=(STRATEGIST, BUDGETER, EXECUTIVE))
    titles: dict[str, Post] = {}
    for post in [*of_agency.order_by("code"), *of_city.order_by("code")]:
        titles.setdefault(post.role, Post(post.role, post.title_th, post.title_en))
    order = (PLANNER, HEAD, STRATEGIST, BUDGETER, EXECUTIVE)
    return tuple(titles[role] for role in order if role in titles)


def function_paths() -> dict[str, tuple[Named, ...]]:
    """Path from the top by code of a functional class."""
    nodes = {node.code: node for node in FunctionNode.objects.all()}
    paths: dict[str, tuple[Named, ...]] = {}
    for code in nodes:
        path: list[Named] = []
        step: FunctionNode | None = nodes[code]
        while step is not None:
            path.append(Named(step.code, step.name_th, step.name_en))
            step = nodes.get(step.parent_id) if step.parent_id else None
        paths[code] = tuple(reversed(path))
    return paths


def check_visible(source: Source, kind: str, agency_code: str, project_code: str) -> None:
    """Raises NotVisible if this reader may not have the document; cheaper than making it."""
    if kind == PLAN_BOOK:
        seen = source.may_see_whole(None)
    elif kind == AGENCY_PLAN:
        seen = source.may_see_whole(agency_code) and Agency.objects.filter(pk=agency_code).exists()
    elif kind == REQUEST_DETAILS:
        seen = bool(agency_code) and source.request_exists(agency_code)
    else:
        seen = kind == PROJECT_FORM and project_code in source.project_codes(None)
    if not seen:
        raise NotVisible


# --- The shelf ------------------------------------------------------------------------------


def year_choices(person: Person) -> list[tuple[int, int | None]]:
    """Years with documents: (fiscal year, number of the current version or None), newest first."""
    numbers: dict[int, int | None] = {}
    for year in PlanVersion.objects.values_list("fiscal_year_be", flat=True).distinct():
        version = current_version(year)
        numbers[year] = version.number if version else None
    if person.is_signed_in:
        visible = ProjectEntry.objects.visible_to(person)
        for year in visible.values_list("fiscal_year_be", flat=True).distinct():
            numbers.setdefault(year, None)
    return sorted(numbers.items(), reverse=True)


def default_year(day: date) -> int:
    """The newest year with an official version; before the first one, the coming year."""
    official = PlanVersion.objects.filter(kind=OFFICIAL).order_by("-fiscal_year_be").first()
    return official.fiscal_year_be if official else FiscalYear.containing(day).year_be + 1


def made_documents(fiscal_year_be: int) -> list[Order]:
    """Published documents on the shelf of a year, the newest of each kind first."""
    orders = Order.objects.filter(
        fiscal_year_be=fiscal_year_be, version=PUBLISHED, made_at__isnull=False
    )
    return list(orders.order_by("-made_at")[:SHELF_LENGTH])


def own_orders(person: Person, session_mark: str) -> list[Order]:
    orders = Order.objects.of(person.user_id, session_mark).select_related("job")
    return list(orders.order_by("-ordered_at")[:SHELF_LENGTH])
