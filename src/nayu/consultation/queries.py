"""Questions about consultations: figures, pages of opinions, what waits at a desk.

Public answers hold no person's name: an opinion is "the public" with its number, or a body's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from nayu.agencies.domain import Person
from nayu.approvals.domain import may
from nayu.consultation.domain import (
    ADOPTED,
    AGAINST,
    FOR,
    GOAL,
    HELD,
    IN_PART,
    NOT_ADOPTED,
    PROJECT,
    PUBLISHED,
    STANCES,
    is_open,
)
from nayu.consultation.models import Answer, Consultation, Opinion
from nayu.core.errors import NotVisible
from nayu.publication.models import FrozenEntry, PlanVersion
from nayu.strategy.models import Element
from nayu.strategy.queries import leading_framework, linkable_elements
from nayu.ui.components import percent

PAGE = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """Published opinions of a consultation, and what the answers were."""

    count: int = 0
    answered: int = 0
    adopted: int = 0
    in_part: int = 0
    not_adopted: int = 0

    @property
    def waiting(self) -> int:
        return self.count - self.answered

    @property
    def share_percent(self) -> Decimal | None:
        """Answered in percent, one decimal; None while there is no opinion."""
        return percent(Decimal(self.answered), Decimal(self.count)) if self.count else None


@dataclass(frozen=True, slots=True)
class Round:
    """A consultation with its figures, as a day sees it."""

    consultation: Consultation
    figures: Figures
    is_open: bool

    @property
    def fiscal_year_be(self) -> int:
        return self.consultation.version.fiscal_year_be


def _consultations() -> QuerySet[Consultation]:
    return Consultation.objects.select_related("version", "version__stage").order_by(
        "-first_day", "-pk"
    )


def figures(consultation_ids: Iterable[int]) -> dict[int, Figures]:
    """Figures by consultation, in one query; one without opinions is all zeros."""
    wanted = list(consultation_ids)
    found = {pk: Figures() for pk in wanted}
    rows = (
        Opinion.objects.filter(consultation__in=wanted, state=PUBLISHED)
        .order_by("consultation_id")
        .values_list("consultation_id")
        .annotate(
            count=Count("pk"),
            answered=Count("answer__pk"),
            adopted=Count("pk", filter=Q(answer__outcome=ADOPTED)),
            in_part=Count("pk", filter=Q(answer__outcome=IN_PART)),
            not_adopted=Count("pk", filter=Q(answer__outcome=NOT_ADOPTED)),
        )
    )
    for pk, *counts in rows:
        found[pk] = Figures(*counts)
    return found


def _rounds(consultations: Iterable[Consultation], day: date) -> list[Round]:
    listed = list(consultations)
    counted = figures(c.pk for c in listed)
    return [Round(c, counted[c.pk], is_open(c.first_day, c.last_day, day)) for c in listed]


def rounds(day: date) -> list[Round]:
    """Every consultation, newest first."""
    return _rounds(_consultations(), day)


def rounds_of_year(fiscal_year_be: int, day: date) -> list[Round]:
    """Consultations on a year's plan: an open one first, then the newest."""
    found = _rounds(_consultations().filter(version__fiscal_year_be=fiscal_year_be), day)
    return sorted(found, key=lambda r: not r.is_open)


def round_of_year(fiscal_year_be: int, day: date, consultation_id: int | None = None) -> Round:
    """The year's open (else newest) consultation, or the one asked for. Raises NotVisible."""
    for found in rounds_of_year(fiscal_year_be, day):
        if consultation_id in (None, found.consultation.pk):
            return found
    raise NotVisible


def versions_to_consult() -> list[PlanVersion]:
    """Published versions that have not been put to the public yet, newest first."""
    return list(
        PlanVersion.objects.filter(consultation=None).order_by("-fiscal_year_be", "-number")
    )


# --- opinions ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrows the list to; empty = everything."""

    about: str = ""
    code: str = ""
    answered: str = ""  # yes | no
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Opinions newest first; the keys lead to the neighbouring pages, None = there is none."""

    opinions: tuple[Opinion, ...]
    total: int
    before: int | None
    after: int | None


def opinions(consultation: Consultation) -> QuerySet[Opinion]:
    """Published opinions with all that a page shows of them."""
    return with_parts(Opinion.objects.filter(consultation=consultation, state=PUBLISHED))


def with_parts(found: QuerySet[Opinion]) -> QuerySet[Opinion]:
    return found.select_related(
        "consultation__version", "element__framework", "frozen", "frozen__agency", "body",
        "answer", "answer__change_version", "answer__change_frozen__version",
    ).defer("frozen__sheet", "answer__change_frozen__sheet")  # fmt: skip


def opinions_page(
    consultation: Consultation,
    filters: Filters,
    *,
    before: int | None = None,
    after: int | None = None,
    size: int = PAGE,
) -> Page:
    """One page by key: `before` an id (older) or `after` an id (newer)."""
    return page_of(_narrowed(opinions(consultation), filters), before, after, size)


def page_of(
    found: QuerySet[Opinion], before: int | None, after: int | None, size: int = PAGE
) -> Page:
    total = found.count()
    if after is not None:
        rows = list(found.filter(pk__gt=after).order_by("pk")[: size + 1])
        more_newer, more_older = len(rows) > size, True
        rows = rows[:size][::-1]
    else:
        older = found.filter(pk__lt=before) if before is not None else found
        rows = list(older.order_by("-pk")[: size + 1])
        more_newer, more_older = before is not None, len(rows) > size
        rows = rows[:size]
    if not rows:
        return Page((), total, None, None)
    return Page(
        tuple(rows),
        total,
        rows[-1].pk if more_older else None,
        rows[0].pk if more_newer else None,
    )


def _narrowed(found: QuerySet[Opinion], filters: Filters) -> QuerySet[Opinion]:
    if filters.about:
        found = found.filter(about_kind=filters.about)
    if filters.code and filters.about == GOAL:
        found = found.filter(element__number=filters.code)
    if filters.code and filters.about == PROJECT:
        found = found.filter(frozen__project_code=filters.code)
    if filters.answered:
        found = found.filter(answer__isnull=filters.answered == "no")
    if filters.outcome:
        found = found.filter(answer__outcome=filters.outcome)
    return found


def opinion_for(person: Person, fiscal_year_be: int, pk: int) -> Opinion:
    """One opinion as this person may see it: the public reads the published ones.

    Raises NotVisible.
    """
    found = (
        with_parts(Opinion.objects.filter(consultation__version__fiscal_year_be=fiscal_year_be))
        .filter(pk=pk)
        .first()
    )
    if found is None or not (found.state == PUBLISHED or may(person, "opinion.moderate")):
        raise NotVisible
    return found


def opinions_of_project(fiscal_year_be: int, project_code: str) -> QuerySet[Opinion]:
    """Published opinions on a project in a year's plan, whatever the version, newest first."""
    return with_parts(
        Opinion.objects.filter(
            consultation__version__fiscal_year_be=fiscal_year_be,
            state=PUBLISHED,
            frozen__project_code=project_code,
        )
    ).order_by("-pk")


def sides_of_projects(fiscal_year_be: int) -> dict[str, tuple[int, int]]:
    """(for, of those who took a side) by project code: published opinions on a year's plan, one query."""
    rows = (
        Opinion.objects.filter(
            consultation__version__fiscal_year_be=fiscal_year_be, state=PUBLISHED,
            stance__in=STANCES, frozen__isnull=False,
        )
        .order_by()
        .values_list("frozen__project_code")
        .annotate(in_favour=Count("pk", filter=Q(stance=FOR)), sides=Count("pk"))
    )  # fmt: skip
    return {code: (in_favour, sides) for code, in_favour, sides in rows}


def sides(found: QuerySet[Opinion]) -> tuple[int, int]:
    """How many of these opinions are for their subject, and how many against it."""
    counted = found.order_by().aggregate(
        in_favour=Count("pk", filter=Q(stance=FOR)), against=Count("pk", filter=Q(stance=AGAINST))
    )
    return counted["in_favour"], counted["against"]


def opinions_of_element(fiscal_year_be: int, number: str) -> QuerySet[Opinion]:
    """Published opinions on a goal in a year's plan, newest first."""
    return with_parts(
        Opinion.objects.filter(
            consultation__version__fiscal_year_be=fiscal_year_be,
            state=PUBLISHED,
            element__number=number,
        )
    ).order_by("-pk")


# --- one opinion as shown ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shown:
    """An opinion for a page, already in words that name nobody."""

    opinion: Opinion
    answer: Answer | None

    @property
    def number(self) -> int:
        return self.opinion.number

    @property
    def received_at(self) -> datetime:
        return self.opinion.created_at

    @property
    def fiscal_year_be(self) -> int:
        return self.opinion.consultation.version.fiscal_year_be

    @property
    def agency_code(self) -> str | None:
        return agency_code_of(self.opinion)


def agency_code_of(opinion: Opinion) -> str | None:
    """The agency whose project the opinion is about; None for a goal or the whole plan."""
    return opinion.frozen.agency_id if opinion.frozen else None


def shown(found: Iterable[Opinion]) -> list[Shown]:
    return [Shown(opinion, getattr(opinion, "answer", None)) for opinion in found]


# --- what an opinion may be about --------------------------------------------------------------


def goals_of(fiscal_year_be: int) -> list[Element]:
    """Goals of the year's leading framework, in the order of their numbers."""
    framework = leading_framework(fiscal_year_be)
    return linkable_elements(framework) if framework else []


def goal_of(version: PlanVersion, number: str) -> Element:
    """Raises NotVisible."""
    framework = leading_framework(version.fiscal_year_be)
    found = Element.objects.filter(framework=framework, number=number).first()
    if framework is None or found is None:
        raise NotVisible
    return found


def project_of(version: PlanVersion, code: str) -> FrozenEntry:
    """The project as published in the version. Raises NotVisible."""
    found = version.entries.filter(project_code=code).defer("sheet").first()
    if found is None:
        raise NotVisible
    return found


# --- the desk ----------------------------------------------------------------------------------


def may_use_desk(person: Person) -> bool:
    return may(person, "opinion.moderate") or bool(_answers_for(person))


def may_answer(person: Person, opinion: Opinion) -> bool:
    return may(person, "opinion.answer", agency_code=agency_code_of(opinion))


def _answers_for(person: Person) -> frozenset[str]:
    return frozenset(
        code for code in person.agency_codes if may(person, "opinion.answer", agency_code=code)
    )


def held_at_desk(person: Person) -> QuerySet[Opinion]:
    """Opinions that wait to be looked at, for whoever moderates."""
    found = with_parts(Opinion.objects.filter(state=HELD))
    return found if may(person, "opinion.moderate") else found.none()


def unanswered_at_desk(person: Person) -> QuerySet[Opinion]:
    """Published opinions without an answer that this person may answer."""
    found = with_parts(Opinion.objects.filter(state=PUBLISHED, answer=None))
    if may(person, "opinion.answer"):
        return found
    return found.filter(frozen__agency__in=_answers_for(person))
