"""The question of a scenario, read from the books: candidates with their levels, money and scores."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q

from nayu.allocation.domain import scenario as s
from nayu.allocation.domain.problem import (
    AT_MOST,
    COMMITTED,
    EXACTLY,
    POINT,
    WHOLE,
    YEARS,
    Candidate,
    ElementShare,
    Group,
    InvestmentShare,
    Level,
    Question,
    Stay,
    fair_floors,
)
from nayu.allocation.domain.scores import Figures, Score, cap_of, score_of
from nayu.allocation.models import Rule, Scenario
from nayu.allocation.queries import figures
from nayu.allocation.queries.figures import READY, Need, Read
from nayu.budget.domain import PROJECT, REQUESTED
from nayu.budget.models import (
    Ceiling,
    CommitmentYear,
    ExpenditureCategory,
    Line,
    Request,
    RevenueEstimate,
    StageAmount,
)
from nayu.consultation.queries import sides_of_projects
from nayu.core.money import satang_of, split
from nayu.db.fields import sum_satang
from nayu.projects.models import ProjectEntry
from nayu.strategy.queries import leading_framework

FULL = "full"
HUNDREDTHS = 10_000  # hundredths of a percent in the whole
SATANG_IN_BAHT = 100


@dataclass(frozen=True, slots=True)
class LineOf:
    """A line of a candidate: its satang as asked for, and what shares them."""

    pk: int
    asked: int
    type: str
    source: str


@dataclass
class Money:
    """What stands before the question, in satang: the year's money less what is not divided here."""

    total: int | None = None
    routine: int = 0
    central: int = 0
    others: int = 0  # projects of agencies whose request is not at this stage
    by_agency: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    by_source: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def standing(self) -> int:
        return self.routine + self.central + self.others

    @property
    def left(self) -> int | None:
        return None if self.total is None else self.total - self.standing


@dataclass
class Asked:
    """A question with what pages need to tell where its figures come from."""

    question: Question
    money: Money
    entries: dict[str, ProjectEntry]
    lines: dict[str, list[LineOf]]
    scores: dict[str, Score]
    figures: dict[str, Figures]
    needs: dict[str, Need]
    cap: Fraction
    read: Read
    phases: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def line_amounts(self, code: str, level: str) -> dict[int, int]:
        """Satang of each line of a candidate at a level; nought for a level that is empty."""
        if not level:
            percent = 0
        elif level == s.PHASED:
            percent = self.phases[code][0]
        else:
            percent = s.WHOLE if level == FULL else int(level)
        return amounts_at(self.lines[code], percent)


def amounts_at(lines: Sequence[LineOf], percent: int) -> dict[int, int]:
    """Satang by line at a percent of what was asked: whole baht, which add up to the part exactly."""
    if percent == s.WHOLE:
        return {line.pk: line.asked for line in lines}
    asked = sum(line.asked for line in lines)
    baht = asked * percent // (s.WHOLE * SATANG_IN_BAHT)
    if not baht:
        return {line.pk: 0 for line in lines}
    parts = split(baht, {line.pk: line.asked for line in lines})
    return {pk: part * SATANG_IN_BAHT for pk, part in parts.items()}


def gather(scenario: Scenario, rules: Sequence[Rule] | None = None) -> Asked:
    """The question as the books and the scenario's rules stand now. A fixed number of queries.

    ``rules`` are tried instead of the scenario's own, and need not be saved.
    """
    if rules is None:
        rules = list(scenario.rules.order_by("kind", "framework", "subject"))
    states = s.REQUEST_STATES[scenario.stage]
    year = scenario.fiscal_year_be
    asking = set(
        Request.objects.filter(fiscal_year_be=year, state__in=states).values_list(
            "agency_id", flat=True
        )
    )
    lines, entries, commitments = _candidate_lines(year, asking)
    codes = {pk: entry.project.code for pk, entry in entries.items()}
    read = figures.read(codes, sides_of_projects(year))
    for pk, rows in lines.items():
        if all(priced for _line, priced in rows):
            read.ready[pk].add("prices")
    needs = figures.needs_of(rules)
    told = _figures(year, entries, lines, read, needs, rules)
    cap = cap_of(list(told.values()))
    weights = {r.subject: r.least or 0 for r in rules if r.kind == s.WEIGHT}
    overrides = {r.subject: (r.least or 0) * (POINT // 100) for r in rules if r.kind == s.SCORE}
    scores = {pk: score_of(told[pk], weights, cap, overrides.get(codes[pk])) for pk in entries}
    has_levels = any(r.kind == s.LEVELS for r in rules)
    phased = {r.subject: r for r in rules if r.kind == s.PHASED}
    later, committed = _committed(year, commitments)
    candidates = tuple(
        _candidate(
            entries[pk], [line for line, _p in lines[pk]], read, scores[pk].points,
            later.get(pk, (0, 0, 0)),
            only_full=pk in committed or not has_levels,
            phased=None if pk in committed else phased.get(codes[pk]),
        )
        for pk in sorted(entries, key=lambda pk: codes[pk])
    )  # fmt: skip
    money = _money(year, scenario.stage, set(entries), rules)
    question = _with_rules(
        scenario, rules, candidates, money, {codes[pk] for pk in committed}, needs
    )
    return Asked(
        question, money, {codes[pk]: entry for pk, entry in entries.items()},
        {codes[pk]: [line for line, _p in rows] for pk, rows in lines.items()},
        {codes[pk]: score for pk, score in scores.items()},
        {codes[pk]: one for pk, one in told.items()}, needs, cap, read,
        {code: s.phases_of(rule.members) or () for code, rule in phased.items()},
    )  # fmt: skip


Lines = dict[int, list[tuple[LineOf, bool]]]


def _candidate_lines(
    year: int, asking: set[str]
) -> tuple[Lines, dict[int, ProjectEntry], dict[int, set[int]]]:
    """Lines with a price reference or without, their entries, and the commitments they carry."""
    found: Lines = defaultdict(list)
    commitments: dict[int, set[int]] = defaultdict(set)
    rows = (
        StageAmount.objects.filter(
            stage_id=REQUESTED, line__fiscal_year_be=year, line__kind=PROJECT,
            line__agency_id__in=asking, line__entry__state="in_plan",
        )
        .order_by("line__entry_id", "line__order", "line_id")
        .values_list(
            "line_id", "line__entry_id", "amount", "line__category__type_id", "line__source_id",
            "line__price_reference", "line__commitment_id",
        )
    )  # fmt: skip
    for pk, entry, amount, kind, source, priced, commitment in rows:
        found[entry].append((LineOf(pk, satang_of(amount), kind, source), bool(priced)))
        if commitment:
            commitments[commitment].add(entry)
    entries = ProjectEntry.objects.select_related("project", "agency").in_bulk(list(found))
    return found, entries, commitments


def _committed(
    year: int, commitments: Mapping[int, set[int]]
) -> tuple[dict[int, tuple[int, int, int]], set[int]]:
    """Satang that candidates bind in the three later years, and those bound since before."""
    later: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    since: set[int] = set()
    for commitment, at, amount in CommitmentYear.objects.filter(
        commitment_id__in=list(commitments)
    ).values_list("commitment_id", "fiscal_year_be", "amount"):
        for entry in commitments[commitment]:
            if at < year:
                since.add(entry)
            elif year < at < year + YEARS:
                later[entry][at - year - 1] += satang_of(amount)
    return {entry: (a, b, c) for entry, (a, b, c) in later.items()}, since


def _figures(
    year: int,
    entries: Mapping[int, ProjectEntry],
    lines: Lines,
    read: Read,
    needs: Mapping[str, Need],
    rules: Sequence[Rule],
) -> dict[int, Figures]:
    framework = leading_framework(year)
    leading = framework.code if framework else ""
    weights = {r.subject: r.least or 0 for r in rules if r.kind == s.ELEMENT_WEIGHT}
    legal = {r.subject for r in rules if r.kind == s.LEGAL}
    found = {}
    for pk, entry in entries.items():
        numbers = [n for code, n in read.elements.get(pk, []) if code == leading]
        element = max((weights.get(n, s.WHOLE) for n in numbers if "." not in n), default=None)
        found[pk] = Figures(
            sum(line.asked for line, _p in lines[pk]),
            people=read.people.get(pk),
            need=figures.need_of(read.districts.get(pk, {}), needs),
            element_weight=None if element is None else Fraction(element, s.WHOLE),
            ready=(len(read.ready.get(pk, ())), len(READY)),
            is_legal_duty=entry.project.code in legal,
            opinions=read.sides.get(pk),
            risk=read.risk.get(pk),
            rubric=read.rubric.get(pk),
        )
    return found


def _candidate(
    entry: ProjectEntry,
    lines: Sequence[LineOf],
    read: Read,
    points: int,
    later: tuple[int, int, int],
    *,
    only_full: bool,
    phased: Rule | None = None,
) -> Candidate:
    percents = [s.WHOLE]
    if not only_full:
        percents += read.common_levels.get(entry.pk, [])
    levels = [_level(entry.pk, lines, percent, read, points, later) for percent in percents]
    phases = s.phases_of(phased.members) if phased else None
    if phased and phases:
        levels.append(_phased_level(lines, phases, phased.least or 0, levels[0]))
    districts = read.districts.get(entry.pk, {})
    return Candidate(
        entry.project.code, entry.agency_id, tuple(levels), entry.name_th, entry.name_en,
        districts=tuple(sorted(districts.items())),
        elements=tuple(read.elements.get(entry.pk, ())),
    )  # fmt: skip


def _level(
    entry: int,
    lines: Sequence[LineOf],
    percent: int,
    read: Read,
    points: int,
    later: tuple[int, int, int],
) -> Level:
    """A part of the money keeps the part of the points that it keeps of the promises."""
    amounts = amounts_at(lines, percent)
    by: dict[str, dict[str, int]] = {"types": defaultdict(int), "sources": defaultdict(int)}
    for line in lines:
        by["types"][line.type] += amounts[line.pk]
        by["sources"][line.source] += amounts[line.pk]
    kept = Fraction(1)
    people = read.people.get(entry, Fraction(0))
    if percent != s.WHOLE:
        promises = read.promises[entry]
        kept = sum(
            (Fraction(levels[percent]) / Fraction(number) for number, _u, levels in promises),
            Fraction(0),
        ) / len(promises)
        people = sum(
            (Fraction(levels[percent]) for _n, unit, levels in promises if unit == figures.PERSON),
            Fraction(0),
        )
    first, second, third = (amount * percent // s.WHOLE for amount in later)
    return Level(
        FULL if percent == s.WHOLE else str(percent),
        (sum(amounts.values()), first, second, third),
        int(points * min(kept, Fraction(1))),
        Decimal(people.numerator) / people.denominator,
        parts=tuple((kind, tuple(sorted(parts.items()))) for kind, parts in by.items()),
    )


def _phased_level(
    lines: Sequence[LineOf], phases: tuple[int, ...], kept: int, full: Level
) -> Level:
    """Part of the money now and the rest in the three later years; `kept` hundredths of a percent now."""
    amounts = amounts_at(lines, phases[0])
    by: dict[str, dict[str, int]] = {"types": defaultdict(int), "sources": defaultdict(int)}
    for line in lines:
        by["types"][line.type] += amounts[line.pk]
        by["sources"][line.source] += amounts[line.pk]
    rest = full.amounts[0] - sum(amounts.values())
    second, third = (
        full.amounts[0] * percent // (s.WHOLE * SATANG_IN_BAHT) * SATANG_IN_BAHT
        for percent in phases[1:3]
    )
    return Level(
        s.PHASED,
        (sum(amounts.values()), second, third, rest - second - third),
        full.points * kept // HUNDREDTHS,
        Decimal(int(full.people * kept / HUNDREDTHS)),
        parts=tuple((kind, tuple(sorted(parts.items()))) for kind, parts in by.items()),
    )


def _money(year: int, stage: str, candidates: set[int], rules: Sequence[Rule]) -> Money:
    """What stands before the question: at the scenario's stage, or as asked for where it has none."""
    money = Money()
    stated = next((r.amount for r in rules if r.kind == s.TOTAL), None)
    revenue = RevenueEstimate.objects.filter(fiscal_year_be=year).aggregate(
        sum_baht=sum_satang("amount")
    )["sum_baht"]
    total = stated if stated is not None else revenue
    money.total = None if total is None else satang_of(total)
    standing = Line.objects.filter(fiscal_year_be=year).exclude(entry_id__in=candidates)
    standing = standing.filter(~Q(kind=PROJECT) | Q(entry__state="in_plan"))
    here = StageAmount.objects.filter(stage_id=stage, line__in=standing)
    asked = StageAmount.objects.filter(stage_id=REQUESTED, line__in=standing).exclude(
        line_id__in=here.values("line_id")
    )
    for rows in (here, asked):
        sums = rows.values_list("line__kind", "line__agency_id", "line__source_id").annotate(
            sum_baht=sum_satang("amount")
        )
        for kind, agency, source, amount in sums.order_by():
            satang = satang_of(amount)
            name = {PROJECT: "others", "central": "central"}.get(kind, "routine")
            setattr(money, name, getattr(money, name) + satang)
            money.by_agency[agency] += satang
            money.by_source[source] += satang
    return money


def _with_rules(
    scenario: Scenario,
    rules: Sequence[Rule],
    candidates: tuple[Candidate, ...],
    money: Money,
    committed: set[str],
    needs: Mapping[str, Need],
) -> Question:
    year = scenario.fiscal_year_be
    of: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        of[rule.kind].append(rule)
    known = {c.code for c in candidates}
    required = {r.subject: kind for kind in (s.PINNED, s.LEGAL) for r in of[kind]}
    required |= dict.fromkeys(sorted(committed), COMMITTED)
    investment = next(iter(of[s.INVESTMENT]), None)
    capital = ExpenditureCategory.objects.filter(is_capital=True)
    return Question(
        year,
        candidates,
        total=None if money.left is None else max(money.left, 0),
        later=_later(year, of[s.LATER], candidates),
        agencies=_agencies(year, of, candidates, money),
        types={r.subject: satang_of(r.amount or Decimal(0)) for r in of[s.TYPE]},
        sources=_sources(year, of, money),
        elements=tuple(
            ElementShare(r.framework, r.subject, r.least or 0, WHOLE if r.most is None else r.most)
            for r in of[s.ELEMENT]
        ),
        district_floors=_floors(of, needs, candidates),
        investment=InvestmentShare(
            tuple(sorted(set(capital.values_list("type_id", flat=True)))), investment.least or 0
        )
        if investment
        else None,
        required={code: why for code, why in required.items() if code in known},
        forbidden=frozenset(r.subject for r in of[s.FORBIDDEN] if r.subject in known),
        groups=tuple(
            Group(
                r.subject, tuple(code for code in r.members if code in known),
                r.most if r.most is not None else r.least or 1,
                AT_MOST if r.most is not None else EXACTLY,
            )
            for r in of[s.GROUP]
        ),
        needs=tuple(
            (r.subject, first)
            for r in of[s.NEEDS]
            for first in r.members
            if r.subject in known and first in known
        ),
        stay=_stay(scenario, of[s.STAY], known),
    )  # fmt: skip


def _later(
    year: int, rules: Sequence[Rule], candidates: Sequence[Candidate]
) -> tuple[int | None, int | None, int | None]:
    """Ceilings of the three later years less what is bound there by others than the candidates."""
    if not rules:
        return (None, None, None)
    bound: dict[int, int] = defaultdict(int)
    for at, amount in CommitmentYear.objects.filter(
        fiscal_year_be__gt=year, fiscal_year_be__lt=year + YEARS
    ).values_list("fiscal_year_be", "amount"):
        bound[at - year] += satang_of(amount)
    limits: list[int | None] = [None, None, None]
    for rule in rules:
        offset = int(rule.subject)
        # A candidate's own years are in its levels; they come off what the books hold of all.
        own = sum(c.levels[0].amounts[offset] for c in candidates)
        limits[offset - 1] = satang_of(rule.amount or Decimal(0)) - (bound[offset] - own)
    return (limits[0], limits[1], limits[2])


def _agencies(
    year: int, of: Mapping[str, list[Rule]], candidates: Sequence[Candidate], money: Money
) -> dict[str, int]:
    """What ceilings leave for projects after routine work, × a percent, or as stated."""
    found: dict[str, int] = {}
    asking = {c.agency for c in candidates}
    percent = next((r.least for r in of[s.AGENCIES]), None)
    if percent is not None:
        for agency, amount in (
            Ceiling.objects.filter(fiscal_year_be=year, agency_id__in=asking)
            .values_list("agency_id")
            .annotate(sum_baht=sum_satang("amount"))
            .order_by("agency_id")
        ):
            left = max(satang_of(amount) - money.by_agency.get(agency, 0), 0)
            found[agency] = left * percent // HUNDREDTHS
    for rule in of[s.AGENCY]:
        if rule.subject in asking:
            found[rule.subject] = satang_of(rule.amount or Decimal(0))
    return found


def _sources(year: int, of: Mapping[str, list[Rule]], money: Money) -> dict[str, int]:
    """What sources leave for projects: the year's estimate less what stands before, or as stated."""
    found: dict[str, int] = {}
    if of[s.SOURCES]:
        for source, amount in RevenueEstimate.objects.filter(fiscal_year_be=year).values_list(
            "source_id", "amount"
        ):
            found[source] = max(satang_of(amount) - money.by_source.get(source, 0), 0)
    for rule in of[s.SOURCE]:
        found[rule.subject] = satang_of(rule.amount or Decimal(0))
    return found


def weights_of(needs: Mapping[str, Need]) -> dict[str, int]:
    """Residents × need by district, in thousandths."""
    return {code: int(need.population * need.index * 1000) for code, need in needs.items()}


def _floors(
    of: Mapping[str, list[Rule]], needs: Mapping[str, Need], candidates: Sequence[Candidate]
) -> dict[str, int]:
    """A sum divided over the districts by residents × need, and what a fair point asks for each."""
    rules = of[s.FLOOR]
    floors = floors_of(satang_of(rules[0].amount or Decimal(0)), needs) if rules else {}
    for rule in of[s.FAIR]:
        asked: dict[str, int] = defaultdict(int)
        for candidate in candidates:
            for code, part in candidate.shares("districts", candidate.levels[0]).items():
                asked[code] += part
        for code, floor in fair_floors(rule.least or 0, weights_of(needs), asked).items():
            floors[code] = max(floors.get(code, 0), floor)
    return floors


def floors_of(amount: int, needs: Mapping[str, Need]) -> dict[str, int]:
    """Satang by district; they add up to the amount."""
    weights = weights_of(needs)
    return split(amount, weights) if amount and sum(weights.values()) else {}


def _stay(scenario: Scenario, rules: Sequence[Rule], known: set[str]) -> Stay | None:
    if not rules:
        return None
    rule = rules[0]
    return Stay(frozenset(reference_of(scenario, rule.subject) & known), rule.most or 0)


def reference_of(scenario: Scenario, told: str) -> set[str]:
    """Project codes of last year's plan, or of the newest answer of a scenario by its number."""
    if told == s.LAST_YEAR:
        return set(
            ProjectEntry.objects.filter(
                fiscal_year_be=scenario.fiscal_year_be - 1, state="in_plan"
            ).values_list("project__code", flat=True)
        )
    other = Scenario.objects.filter(fiscal_year_be=scenario.fiscal_year_be, number=told).first()
    run = other.runs.exclude(answered_at=None).order_by("-pk").first() if other else None
    return set(run.answer.get("plan", {})) if run else set()
