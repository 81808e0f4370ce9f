"""What documents are written from, as plain values. Amounts are baht at the edition's stage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from nayu.budget.domain.benefits import Benefits, benefits_at
from nayu.core.dates import Digits, Language
from nayu.core.money import total
from nayu.projects.domain import EntrySheet

if TYPE_CHECKING:
    from nayu.budget.queries import LineSheet, Totals

PUBLISHED, WORKING = "published", "working"
PLAN_BOOK, AGENCY_PLAN = "plan-book", "agency-plan"
REQUEST_DETAILS, PROJECT_FORM = "request-details", "project-form"
# Formats in which each kind is made, the usual one first.
FORMATS: Mapping[str, tuple[str, ...]] = {
    PLAN_BOOK: ("pdf", "xlsx"),
    AGENCY_PLAN: ("pdf", "docx", "xlsx"),
    REQUEST_DETAILS: ("pdf", "xlsx"),
    PROJECT_FORM: ("pdf", "docx"),
}
KINDS = tuple(FORMATS)


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with a code and its names in both languages."""

    code: str
    name_th: str
    name_en: str = ""

    def name(self, language: Language) -> str:
        return self.name_en if language == "en" and self.name_en else self.name_th


@dataclass(frozen=True, slots=True)
class Edition:
    """Which year, version, stage and day a document shows, and how it is written."""

    fiscal_year_be: int
    version: str  # published or working
    number: int | None  # of the published version
    kind: str  # draft, official or working
    stage: Named
    as_at: date
    language: Language = "th"
    digits: Digits = "thai"
    content_hash: str = ""
    record_head: str = ""  # of the sealed record of deeds when the version was published
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class PlannedProject:
    """A project's sheet with its lines and their sum."""

    sheet: EntrySheet
    lines: "tuple[LineSheet, ...]"
    amount_baht: Decimal

    def benefits(self, edition: Edition) -> Benefits:
        """Its promises with their money and their numbers at the edition's stage."""
        return benefits_at(self.sheet.promises, self.lines, edition.stage.code)


@dataclass(frozen=True, slots=True)
class Post:
    """Who signs: a role and the post's title; never a person's name."""

    role: str
    title_th: str
    title_en: str = ""

    def title(self, language: Language) -> str:
        return self.title_en if language == "en" and self.title_en else self.title_th


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    """An agency as its documents open."""

    agency: Named
    mandate_th: str = ""
    mandate_en: str = ""
    posts: tuple[Post, ...] = ()

    def mandate(self, language: Language) -> str:
        return self.mandate_en if language == "en" and self.mandate_en else self.mandate_th


@dataclass(frozen=True, slots=True)
class PlanBookValues:
    """The city's plan: totals by every breakdown, and every project."""

    edition: Edition
    totals: "Mapping[str, Totals]"  # by element, agency, expenditure, function, source, district
    projects: tuple[PlannedProject, ...]
    framework: Named  # the leading one, by which the book is ordered
    elements: tuple["ElementFacts", ...] = ()  # in order, parents before children


@dataclass(frozen=True, slots=True)
class ElementFacts:
    """One element of a framework in its place."""

    number: str
    level: Named
    name: Named
    depth: int
    position: int


@dataclass(frozen=True, slots=True)
class AgencyPlanValues:
    edition: Edition
    facts: AgencyFacts
    totals: "Mapping[str, Totals]"
    projects: tuple[PlannedProject, ...]


@dataclass(frozen=True, slots=True)
class RequestValues:
    """One agency's request: its lines, the projects they belong to, and the tree of functions."""

    edition: Edition
    facts: AgencyFacts
    lines: "tuple[LineSheet, ...]"
    sheets: Mapping[int, EntrySheet] = field(default_factory=dict)  # by entry
    # Work code → path from the top: ด้าน, แผนงาน, งาน.
    works: Mapping[str, tuple[Named, ...]] = field(default_factory=dict)

    @property
    def total_baht(self) -> Decimal:
        return total(amount_at(line, self.edition.stage.code) for line in self.lines)


@dataclass(frozen=True, slots=True)
class ProjectFormValues:
    edition: Edition
    facts: AgencyFacts
    project: PlannedProject


def amount_at(line: "LineSheet", stage: str) -> Decimal:
    """The line's amount at a stage; nothing written there counts as zero, as in all totals."""
    return line.at(stage) or Decimal("0.00")
