"""Totals, requests and ceilings at the end of a past day."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from nayu.agencies.domain import CENTRAL_FUND_CODE, Person
from nayu.approvals.domain import REJECTED, REQUEST, states_seen
from nayu.approvals.models import Decision
from nayu.audit.models import Event
from nayu.budget.domain import (
    CENTRAL,
    DECIDED,
    ORDINANCE,
    PROJECT,
    PROPOSED,
    REQUESTED,
    Fact,
    Use,
    ceiling_uses,
)
from nayu.budget.models import Ceiling, ExpenditureCategory, Line, Request, StageAmount
from nayu.budget.queries.past.entries import (
    EntriesThen,
    came_in_later,
    end_of,
    entries_then,
    later_deeds,
)
from nayu.budget.queries.past.lines import LinesThen, LineThen, lines_then
from nayu.budget.queries.totals import KEYS, Books
from nayu.core.money import total as add_up
from nayu.db.fields import sum_satang
from nayu.projects.models import DistrictShare
from nayu.strategy.models import Element

STAGE_OF_STEP = {"propose": PROPOSED, "decide": DECIDED, "enact": ORDINANCE}


@dataclass
class Then:
    """All that a year's totals at the end of a day are read from."""

    entries: EntriesThen
    lines: LinesThen

    @property
    def fiscal_year_be(self) -> int:
        return self.entries.fiscal_year_be

    @property
    def day(self) -> date:
        return self.entries.day

    def untouched(self) -> QuerySet[Line]:
        """Lines of the year that stand now as they stood then."""
        found = (
            Line.objects.filter(fiscal_year_be=self.fiscal_year_be)
            .exclude(pk__in=list(self.lines.touched))
            .exclude(entry__in=self.entries.absent)
        )
        if came_in_later(self.fiscal_year_be, self.day):
            found = found.filter(import_profile="")
        return found


def then_of(fiscal_year_be: int, day: date) -> Then:
    return Then(entries_then(fiscal_year_be, day), lines_then(fiscal_year_be, day))


# --- Totals --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PastBooks(Books):
    """Working books at the end of a day: untouched amounts as added up by the database, others
    one by one. `breakdown` reads them like any books."""

    singles: tuple[tuple[LineThen, Decimal], ...] = ()
    element_then: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def facts(self, by: str) -> list[Fact]:
        column = KEYS[by]
        types = _types_of(self.singles) if by == "expenditure" else {}
        return super().facts(by) + [
            Fact(line.kind, _key(line, column, types), line.entry_id, amount)
            for line, amount in self.singles
        ]

    def total_baht(self) -> Decimal:
        return super().total_baht() + add_up(amount for _line, amount in self.singles)

    def only(self, **filters: Any) -> "PastBooks":
        """Of one agency: `only(agency_id="11000000")`; no other filter is known here."""
        (code,) = filters.values()
        if set(filters) != {"agency_id"}:
            raise KeyError(*filters)
        narrowed = self.amounts.filter(line__agency_id=code)
        singles = tuple(pair for pair in self.singles if pair[0].agency_code == code)
        return replace(self, amounts=narrowed, singles=singles)

    def element_of(self, framework_code: str) -> dict[int, int]:
        """Primary element by entry, as linked then."""
        found = super().element_of(framework_code)
        ids = dict(
            Element.objects.filter(framework__code=framework_code).values_list("number", "pk")
        )
        for entry_id, links in self.element_then.items():
            found.pop(entry_id, None)
            for link in links:
                if link["framework_code"] == framework_code and link["is_primary"]:
                    found[entry_id] = ids[link["number"]]
        return found


def _types_of(singles: Iterable[tuple[LineThen, Decimal]]) -> dict[str, str]:
    codes = {line.told.get("category_id") for line, _amount in singles}
    return dict(ExpenditureCategory.objects.filter(pk__in=codes).values_list("pk", "type_id"))


def _key(line: LineThen, column: str | None, types: dict[str, str]) -> str | None:
    if column == "agency_id":
        return line.agency_code
    if column == "category__type_id":
        return types.get(line.told.get("category_id", ""))
    return line.told.get(column) if column else None


def past_books(
    fiscal_year_be: int, stage: str, day: date, person: Person | None = None
) -> PastBooks:
    """Amounts of a stage as they stood at the end of a day, of lines the person could see then."""
    then = then_of(fiscal_year_be, day)
    amounts = StageAmount.objects.filter(stage_id=stage, line__in=then.untouched())
    singles = [(line, line.stages[stage]) for line in then.lines.present if stage in line.stages]
    if stage != REQUESTED:
        amounts, singles = _at_stage(then, stage, amounts)
    seen, agencies = _seen(then, person)
    refused = [pk for pk, state in then.entries.states.items() if state == REJECTED]
    amounts = amounts.exclude(line__entry__in=refused)  # asks for nothing any more
    seen -= set(refused)
    if person is not None:
        project = Q(line__kind=PROJECT, line__entry__in=list(seen))
        rest = ~Q(line__kind=PROJECT) & Q(line__agency__in=list(agencies))
        amounts = amounts.filter(project | rest)
    singles = [
        (line, amount)
        for line, amount in singles
        if (
            line.entry_id in seen
            if line.kind == PROJECT
            else person is None or line.agency_code in agencies
        )
    ]
    undone = then.entries.undone
    return PastBooks(
        fiscal_year_be,
        stage,
        "working",
        amounts,
        "line__",
        shares=_shares(then),
        singles=tuple(singles),
        element_then={pk: told["links"] for pk, told in undone.items() if "links" in told},
    )


def _seen(then: Then, person: Person | None) -> tuple[set[int], set[str]]:
    """Entries, and agencies whose requests, the person could see that day."""
    if person is None:
        return set(then.entries.states), set()
    of_any, of_own, own = states_seen(person, "request.view")
    states = request_states_then(then.fiscal_year_be, then.day)
    return then.entries.visible_to(person), {
        code
        for code, state in states.items()
        if state in of_any or (state in of_own and code in own)
    }


def _shares(then: Then) -> dict[int, dict[str, int]]:
    rows = DistrictShare.objects.filter(entry__fiscal_year_be=then.fiscal_year_be)
    weights: dict[int, dict[str, int]] = {}
    for entry_id, code, weight in rows.values_list("entry_id", "district__plan_code", "weight"):
        weights.setdefault(entry_id, {})[code] = weight
    for pk, told in then.entries.undone.items():
        if "districts" in told:
            weights.pop(pk, None)
            if told["districts"]:
                weights[pk] = {code: weight for code, _th, _en, weight in told["districts"]}
    return weights


def _at_stage(
    then: Then, stage: str, amounts: QuerySet[StageAmount]
) -> tuple[QuerySet[StageAmount], list[tuple[LineThen, Decimal]]]:
    """A stage is written when a request takes its step, and by hand before that."""
    year, verb = then.fiscal_year_be, f"amount.{stage}"
    overridden: dict[int, Decimal | None] = {}
    for facts in later_deeds(year, then.day).filter(verb=verb).values_list("facts", flat=True):
        if "line" not in facts:
            continue  # withheld for a person who is forgotten
        before = facts.get("before")
        overridden.setdefault(facts["line"], Decimal(before) if before is not None else None)
    waiting = _not_yet(then, stage)
    by_hand: set[int] = set()
    if waiting:
        earlier = Event.objects.filter(
            fiscal_year_be=year, verb=verb, at__lt=end_of(then.day)
        ).values_list("facts", flat=True)
        by_hand = {facts["line"] for facts in earlier if "line" in facts}
    amounts = amounts.exclude(line__in=list(overridden))
    amounts = amounts.exclude(Q(line__agency__in=list(waiting)) & ~Q(line__in=list(by_hand)))
    singles = []
    for line in then.lines.present:
        amount = overridden.get(line.line_id, line.stages.get(stage))
        written = line.agency_code not in waiting or line.line_id in {*by_hand, *overridden}
        if amount is not None and written:
            singles.append((line, amount))
    left = then.untouched().filter(pk__in=[pk for pk, a in overridden.items() if a is not None])
    for row in left:
        amount = overridden[row.pk]
        assert amount is not None
        told = {n: getattr(row, n) for n in ("category_id", "work_id", "source_id")}
        one = LineThen(row.pk, row.agency_id, row.entry_id, row.kind, told, amount, {})
        singles.append((one, amount))
    return amounts, singles


def _not_yet(then: Then, stage: str) -> set[str]:
    """Agencies whose request took the stage's step only later."""
    steps = [step for step, reached in STAGE_OF_STEP.items() if reached == stage]
    later = Decision.objects.filter(
        procedure=REQUEST, step__in=steps, at__gte=end_of(then.day)
    ).values("subject_id")
    found = Request.objects.filter(fiscal_year_be=then.fiscal_year_be, pk__in=later)
    return set(found.values_list("agency_id", flat=True))


def entry_amounts_then(fiscal_year_be: int, day: date) -> dict[int, Decimal]:
    """Money of each entry's lines, in baht."""
    then = then_of(fiscal_year_be, day)
    rows = then.untouched().filter(kind=PROJECT).values("entry_id")
    sums = {row["entry_id"]: row["s"] for row in rows.annotate(s=sum_satang("amount"))}
    for line in then.lines.present:
        if line.entry_id is not None:
            sums[line.entry_id] = sums.get(line.entry_id, Decimal("0.00")) + line.amount
    return sums


# --- Requests and ceilings -----------------------------------------------------------------------


def request_states_then(fiscal_year_be: int, day: date) -> dict[str, str]:
    """State of each agency's request; an agency that had not begun is absent."""
    later = {
        int(pk)
        for pk in later_deeds(fiscal_year_be, day)
        .filter(verb="request.open")
        .values_list("subject_id", flat=True)
    }
    requests = {
        pk: [agency, state]
        for pk, agency, state in Request.objects.filter(fiscal_year_be=fiscal_year_be)
        .exclude(pk__in=later)
        .values_list("pk", "agency_id", "state")
    }
    first: dict[int, str] = {}
    for subject_id, state in (
        Decision.objects.filter(
            procedure=REQUEST, at__gte=end_of(day), subject_id__in=list(requests)
        )
        .order_by("pk")
        .values_list("subject_id", "from_state")
    ):
        first.setdefault(subject_id, state)
    return {agency: first.get(pk, state) for pk, (agency, state) in requests.items()}


def ceilings_then(fiscal_year_be: int, day: date) -> dict[str, dict[str, Decimal]]:
    """Ceilings by agency and expenditure type."""
    limits: dict[tuple[str, str], Decimal | None] = {
        (agency, kind): amount
        for agency, kind, amount in Ceiling.objects.filter(
            fiscal_year_be=fiscal_year_be
        ).values_list("agency_id", "type_id", "amount")
    }
    newest_first = later_deeds(fiscal_year_be, day).filter(verb="ceiling.set").order_by("-pk")
    for subject_id, facts in newest_first.values_list("subject_id", "facts"):
        agency, _year, kind = subject_id.split("/", 2)
        limits[agency, kind] = Decimal(facts["before"]) if facts["before"] is not None else None
    found: dict[str, dict[str, Decimal]] = {}
    for (agency, kind), amount in limits.items():
        if amount is not None:
            found.setdefault(agency, {})[kind] = amount
    return found


def uses_then(fiscal_year_be: int, day: date) -> dict[str, list[Use]]:
    """Requests against ceilings of every agency. Old commitments that no line carries are left out:
    the record does not keep them by day."""
    then = then_of(fiscal_year_be, day)
    in_plan = {pk for pk, state in then.entries.states.items() if state == "in_plan"}
    asked: dict[str, dict[str, Decimal]] = {}
    lines = then.untouched().exclude(kind=CENTRAL).filter(~Q(kind=PROJECT) | Q(entry__in=in_plan))
    for row in lines.values("agency_id", "category__type_id").annotate(s=sum_satang("amount")):
        asked.setdefault(row["agency_id"], {})[row["category__type_id"]] = row["s"]
    present = [
        line
        for line in then.lines.present
        if line.kind != CENTRAL and (line.kind != PROJECT or line.entry_id in in_plan)
    ]
    types = _types_of((line, line.amount) for line in present)
    for line in present:
        own = asked.setdefault(line.agency_code, {})
        kind = types.get(line.told.get("category_id", ""), "unspecified")
        own[kind] = own.get(kind, Decimal(0)) + line.amount
    limits = ceilings_then(fiscal_year_be, day)
    return {
        code: ceiling_uses(code, limits.get(code, {}), asked.get(code, {}), {})
        for code in sorted({*asked, *limits} - {CENTRAL_FUND_CODE})
    }
