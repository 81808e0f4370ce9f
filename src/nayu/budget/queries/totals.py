"""Totals that agree everywhere: one grand total, broken down seven ways."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet

from nayu.agencies.domain import CENTRAL_FUND_CODE, Person
from nayu.agencies.models import Agency, District
from nayu.approvals.domain import REJECTED, states_seen
from nayu.budget.domain import (
    BY,
    CENTRAL,
    CENTRAL_BUCKET,
    NO_ELEMENT,
    PROJECT,
    REQUESTED,
    ROUTINE,
    ROUTINE_BUCKET,
    WHOLE_CITY,
    Fact,
)
from nayu.budget.models import (
    ExpenditureType,
    FunctionNode,
    FundingSource,
    Request,
    StageAmount,
)
from nayu.core.money import baht_of, satang_of, split, text_of
from nayu.core.money import total as add_up
from nayu.db.fields import sum_satang
from nayu.projects.models import DistrictShare, EntryLink
from nayu.strategy.models import Element

# The columns that facts are grouped by; the work's root function is looked up in memory.
KEYS: Mapping[str, str | None] = {
    "none": None,
    "element": None,
    "agency": "agency_id",
    "expenditure": "category__type_id",
    "function": "work_id",
    "source": "source_id",
    "district": None,
}
BY_ENTRY = ("element", "district")


@dataclass(frozen=True, slots=True)
class Row:
    """One bucket of a breakdown."""

    code: str
    name_th: str
    name_en: str
    amount_baht: Decimal
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """A breakdown whose rows add up to the grand total, to the satang."""

    fiscal_year_be: int
    stage: str
    version: str
    by: str
    grand_total_baht: Decimal
    rows: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        """The form of the API and the command line; amounts as text."""
        return {
            "fiscal_year": self.fiscal_year_be,
            "stage": self.stage,
            "version": self.version,
            "by": self.by,
            "grand_total_baht": text_of(self.grand_total_baht),
            "rows": [
                {"code": r.code, "name": r.name_th, "amount_baht": text_of(r.amount_baht)}
                for r in self.rows
            ],
        }


@dataclass(frozen=True)
class Books:
    """Where amounts of one year and stage are read from: working lines, or a frozen version.

    `prefix` leads from the amount's row to the line's columns.
    """

    fiscal_year_be: int
    stage: str
    version: str
    amounts: QuerySet[Any]
    prefix: str
    elements: dict[str, dict[int, int]] = field(default_factory=dict)
    shares: dict[int, dict[str, int]] | None = None

    def facts(self, by: str) -> list[Fact]:
        """Amounts added up by the database under the breakdown's column."""
        column = KEYS[by]
        names = {"of_kind": F(f"{self.prefix}kind")}
        if column:
            names["of_key"] = F(f"{self.prefix}{column}")
        if by in BY_ENTRY:
            names["of_entry"] = F(f"{self.prefix}entry_id")
        rows = self.amounts.values(**names).annotate(sum_baht=sum_satang("amount"))
        return [
            Fact(row["of_kind"], row.get("of_key"), row.get("of_entry"), row["sum_baht"])
            for row in rows
        ]

    def total_baht(self) -> Decimal:
        return self.amounts.aggregate(sum_baht=sum_satang("amount"))["sum_baht"] or Decimal("0.00")

    def only(self, **filters: Any) -> "Books":
        """The same books for some lines only: `only(agency_id="11000000")`."""
        narrowed = self.amounts.filter(**{f"{self.prefix}{k}": v for k, v in filters.items()})
        return Books(
            self.fiscal_year_be, self.stage, self.version, narrowed, self.prefix,
            self.elements, self.shares,
        )  # fmt: skip

    def element_of(self, framework_code: str) -> dict[int, int]:
        """Primary element by entry."""
        if framework_code in self.elements:
            return self.elements[framework_code]
        return dict(
            EntryLink.objects.filter(
                is_primary=True,
                framework__code=framework_code,
                entry__fiscal_year_be=self.fiscal_year_be,
            ).values_list("entry_id", "element_id")
        )

    def district_weights(self) -> dict[int, dict[str, int]]:
        """District weights by entry; an entry that is absent serves the whole city."""
        if self.shares is not None:
            return self.shares
        return weights_by_entry(
            DistrictShare.objects.filter(entry__fiscal_year_be=self.fiscal_year_be).values_list(
                "entry_id", "district__plan_code", "weight"
            )
        )


def weights_by_entry(rows: Iterable[tuple[int, str, int]]) -> dict[int, dict[str, int]]:
    weights: dict[int, dict[str, int]] = {}
    for entry_id, code, weight in rows:
        weights.setdefault(entry_id, {})[code] = weight
    return weights


def line_visibility(person: Person | None, prefix: str = "") -> Q:
    """Condition for lines this person may know of; None is the operator, who sees all."""
    if person is None:
        return Q()
    any_state, own_state, own = states_seen(person, "project.view")
    projects = Q(**{f"{prefix}entry__state__in": any_state}) | Q(
        **{f"{prefix}entry__state__in": own_state, f"{prefix}agency_id__in": own}
    )
    visible = Request.objects.visible_to(person)
    rest = Q(pk__in=[])
    for fiscal_year, agency in visible.values_list("fiscal_year_be", "agency_id"):
        rest |= Q(**{f"{prefix}fiscal_year_be": fiscal_year, f"{prefix}agency_id": agency})
    return Q(**{f"{prefix}kind": PROJECT}) & projects | ~Q(**{f"{prefix}kind": PROJECT}) & rest


def working_books(fiscal_year_be: int, stage: str, person: Person | None = None) -> Books:
    """Amounts of a stage as they stand now, of lines the person may see.

    A project that was not approved asks for nothing any more.
    """
    amounts = StageAmount.objects.filter(
        stage_id=stage, line__fiscal_year_be=fiscal_year_be
    ).exclude(line__entry__state=REJECTED)
    if person is not None:
        amounts = amounts.filter(_visible_amounts(person, fiscal_year_be))
    return Books(fiscal_year_be, stage, "working", amounts, "line__")


def _visible_amounts(person: Person, fiscal_year_be: int) -> Q:
    any_state, own_state, own = states_seen(person, "project.view")
    projects = Q(line__entry__state__in=any_state) | Q(
        line__entry__state__in=own_state, line__agency_id__in=own
    )
    agencies = Request.objects.visible_to(person).filter(fiscal_year_be=fiscal_year_be)
    rest = Q(line__agency_id__in=agencies.values("agency_id"))
    return Q(line__kind=PROJECT) & projects | ~Q(line__kind=PROJECT) & rest


def reached_stage(fiscal_year_be: int) -> str:
    """The furthest stage that the year's whole budget has reached; `requested` at first.

    A year without requests came in from files: it is at the furthest stage they brought.
    """
    states = set(
        Request.objects.filter(fiscal_year_be=fiscal_year_be).values_list("state", flat=True)
    )
    if not states:
        brought = StageAmount.objects.filter(
            line__fiscal_year_be=fiscal_year_be, stage__is_signed=False
        ).order_by("-stage__order")
        return brought.values_list("stage_id", flat=True).first() or REQUESTED
    for state, stage in (
        ("ordinance", "ordinance"),
        ("decided", "decided"),
        ("proposed", "proposed"),
    ):
        order = ("open", "submitted", "proposed", "decided", "ordinance")
        if states and all(order.index(s) >= order.index(state) for s in states):
            return stage
    return REQUESTED


def breakdown(books: Books, by: str, framework_code: str = "") -> Totals:
    """One breakdown of the books. `by` is one of `budget.domain.BY`."""
    if by not in BY:
        raise KeyError(by)
    facts = books.facts(by)
    if by == "element":
        sums, names = _by_element(facts, books.element_of(framework_code))
    elif by == "district":
        sums, names = _by_district(facts, books.district_weights())
    elif by == "none":
        sums, names = {"all": add_up(f.amount for f in facts)}, {"all": ("ทั้งหมด", "All", "")}
    else:
        sums, names = _by_column(facts, by)
    rows = sorted(
        (
            Row(code, *names[code][:2], amount, names[code][2] or code)
            for code, amount in sums.items()
        ),
        key=lambda row: row.sort,
    )
    return Totals(
        books.fiscal_year_be,
        books.stage,
        books.version,
        by,
        add_up(fact.amount for fact in facts),
        tuple(rows),
    )


Names = dict[str, tuple[str, str, str]]
BUCKETS: Names = {
    NO_ELEMENT: ("ยังไม่ระบุ", "No element", "~1"),
    WHOLE_CITY: ("ทั้งเมือง", "Whole city", "~2"),
    ROUTINE_BUCKET: ("งานประจำ", "Routine work", "~3"),
    CENTRAL_BUCKET: ("งบกลาง", "Central fund", "~4"),
    "unclassified": ("ไม่ระบุ", "Unclassified", "~5"),
}


def _bucket_of_kind(kind: str) -> str | None:
    return {ROUTINE: ROUTINE_BUCKET, CENTRAL: CENTRAL_BUCKET}.get(kind)


def _by_element(facts: list[Fact], element_of: dict[int, int]) -> tuple[dict[str, Decimal], Names]:
    elements = {e.pk: e for e in Element.objects.filter(pk__in=set(element_of.values()))}
    sums: dict[str, Decimal] = {}
    names = dict(BUCKETS)
    for fact in facts:
        code = _bucket_of_kind(fact.kind)
        if code is None:
            element = elements.get(element_of.get(fact.entry_id or 0, 0))
            code = element.number if element else NO_ELEMENT
            if element:
                names[code] = (element.name_th, element.name_en, element.sort_key)
        sums[code] = sums.get(code, Decimal(0)) + fact.amount
    return sums, names


def _by_district(
    facts: list[Fact], weights: dict[int, dict[str, int]]
) -> tuple[dict[str, Decimal], Names]:
    sums: dict[str, Decimal] = {}
    names = dict(BUCKETS) | {
        d.plan_code: (d.name_th, d.name_en, d.plan_code) for d in District.objects.all()
    }
    for fact in facts:
        code = _bucket_of_kind(fact.kind)
        parts = {code: fact.amount} if code else _district_parts(fact, weights)
        for key, amount in parts.items():
            sums[key] = sums.get(key, Decimal(0)) + amount
    return sums, names


def _district_parts(fact: Fact, weights: dict[int, dict[str, int]]) -> dict[str, Decimal]:
    own = weights.get(fact.entry_id or 0)
    if not own:
        return {WHOLE_CITY: fact.amount}
    return {code: baht_of(part) for code, part in split(satang_of(fact.amount), own).items()}


def _by_column(facts: list[Fact], by: str) -> tuple[dict[str, Decimal], Names]:
    names = dict(BUCKETS)
    root: dict[str, str] = {}
    if by == "agency":
        names |= {a.code: (a.name_th, a.name_en, a.code) for a in Agency.objects.all()}
        names[CENTRAL_FUND_CODE] = (*BUCKETS[CENTRAL_BUCKET][:2], "~4")
    elif by == "expenditure":
        names |= {
            t.code: (t.name_th, t.name_en, f"{t.order:04d}{t.code}")
            for t in ExpenditureType.objects.all()
        }
    elif by == "source":
        names |= {
            s.code: (s.name_th, s.name_en, f"{s.order:04d}{s.code}")
            for s in FundingSource.objects.all()
        }
    else:
        nodes = {node.code: node for node in FunctionNode.objects.all()}
        root = {code: _root(code, nodes) for code in nodes}
        names |= {code: (n.name_th, n.name_en, code) for code, n in nodes.items()}
    sums: dict[str, Decimal] = {}
    for fact in facts:
        key = root.get(fact.key or "", fact.key or "unclassified")
        sums[key] = sums.get(key, Decimal(0)) + fact.amount
    return sums, names


def _root(code: str, nodes: dict[str, FunctionNode]) -> str:
    node = nodes[code]
    while node.parent_id:
        node = nodes[node.parent_id]
    return node.code
