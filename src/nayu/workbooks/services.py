"""Taking files in: whole or not at all, twice changes nothing, every baht accounted for.

A file is read before the transaction opens; what is written is one event with its figures.
"""

import csv
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction

from nayu.agencies import services as agencies
from nayu.agencies.domain import PLANNER, Holding, Person
from nayu.agencies.models import Agency
from nayu.approvals.domain import may
from nayu.audit.services import record
from nayu.budget import services as budget
from nayu.budget.domain import CENTRAL, PROJECT, ROUTINE, UNSPECIFIED_TYPE
from nayu.budget.models import (
    ExpenditureCategory,
    ExpenditureType,
    FunctionNode,
    FundingSource,
    Line,
    Request,
    Stage,
    StageAmount,
)
from nayu.core.cells import harmless
from nayu.core.errors import NotPermitted, RuleBroken
from nayu.core.money import baht_of
from nayu.core.thai import match_key, normalise
from nayu.db.clock import now
from nayu.projects.domain import TEXT_LIMIT
from nayu.projects.models import Project, ProjectEntry
from nayu.strategy import services as strategy
from nayu.workbooks.domain import (
    REFUSED,
    WARNING,
    ZERO,
    FileReading,
    Finding,
    ParsedLine,
    ParsedProject,
    Reconciliation,
    TemplateAgency,
    TemplateLine,
    exact_text,
    reconcile,
)
from nayu.workbooks.messages import place, sentence
from nayu.workbooks.profile import Profile, load_profile
from nayu.workbooks.reading import read_file
from nayu.workbooks.template import write_template

# A file names the same bodies, plans and projects in row after row.
key_of = lru_cache(maxsize=20_000)(match_key)
CENTRAL_NAME = key_of("งบกลาง")
NATIONAL, PROJECTS, OWN = "thai-budget-lines", "bma-projects", "nayu"
BATCH = 500


class UnknownStage(RuleBroken):
    code = "stage_unknown"


@dataclass
class Outcome:
    """What became of one file."""

    reading: FileReading
    findings: list[Finding] = field(default_factory=list)
    new: int = 0
    unchanged: int = 0
    written: bool = False

    @property
    def is_refused(self) -> bool:
        return any(finding.severity == REFUSED for finding in self.findings)

    @property
    def reconciliation(self) -> Reconciliation:
        """A refused file loads nothing: all of its money is refused."""
        if self.is_refused:
            return Reconciliation(self.reading.sum_file, ZERO, self.reading.sum_file, ZERO)
        return reconcile(self.reading)

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.reading.file,
            "rows": self.reading.rows,
            **self.reconciliation.in_json(),
            "new": self.new,
            "unchanged": self.unchanged,
            "findings": [finding_json(finding) for finding in self.findings],
        }


def finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "sheet": finding.sheet,
        "row": finding.row,
        "column": finding.column,
        "value": finding.value,
        "sentence": sentence(finding),
    }


def operator(agency_code: str) -> Person:
    """Whoever runs the command on the machine itself, planning for the agency of the workbook."""
    return Person(None, "nayu", (Holding("operator", PLANNER, agency_code, "nayu", "nayu"),))


def take_in(
    path: Path,
    profile: Profile,
    *,
    fiscal_year_be: int,
    stage: str = "",
    dry_run: bool = False,
    actor: Person | None = None,
    at: datetime,
    name: str = "",
    agency_code: str | None = None,
) -> Outcome:
    """One file into the database, or nothing of it. `actor` None is the operator.

    Raises NotPermitted and UnknownStage; whatever is wrong with the file is a finding.
    """
    stage = stage or profile.stage
    if not Stage.objects.filter(pk=stage).exists():
        raise UnknownStage(stage=stage)
    reading = read_file(
        path, profile, fiscal_year_be=fiscal_year_be, name=name, agency_code=agency_code
    )
    outcome = Outcome(reading, [*reading.findings, *_misfits(reading, profile)])
    if reading.mark is None and outcome.is_refused:
        # Whose file it is cannot be told; what is wrong with it can.
        return outcome
    owner = reading.mark.agency_code if reading.mark else None
    if actor is not None and not may(actor, "lines.import", agency_code=owner):
        raise NotPermitted(act="lines.import", state="-")
    if outcome.is_refused:
        return outcome
    with transaction.atomic():
        # One import after another: provisional codes are running numbers.
        Stage.objects.select_for_update(no_key=True).get(pk=stage)
        _LOADERS[profile.kind if profile.name != OWN else OWN](
            outcome, profile, stage, fiscal_year_be, actor, at
        )
        if outcome.is_refused or dry_run:
            transaction.set_rollback(True)
            return outcome
        if outcome.new:
            _record(outcome, profile, stage, fiscal_year_be, actor, at)
        outcome.written = True
    return outcome


# What a column holds; a longer text is refused, since a cut one would be lost without a word.
MOST_CHARACTERS = {
    "item": 1000, "unit": 100, "name": 500, "project_name": 500, "body_name": 300,
    "external_id": 120, "price_evidence": TEXT_LIMIT, "if_not_funded": TEXT_LIMIT,
}  # fmt: skip


def _misfits(reading: FileReading, profile: Profile) -> Iterator[Finding]:
    """An owner that the city does not have, and texts that no column holds."""
    if reading.mark and not Agency.objects.filter(pk=reading.mark.agency_code).exists():
        yield Finding("agency_unknown", reading.file, value=reading.mark.agency_code)
    parts: list[ParsedLine | ParsedProject] = [*reading.lines, *reading.projects]
    for part in parts:
        extra = part.extra if isinstance(part, ParsedLine) else {}
        for name, limit in MOST_CHARACTERS.items():
            length = len(str(getattr(part, name, None) or extra.get(name) or ""))
            if length > limit:
                facts = {"length": length, "limit": limit}
                column = profile.heading_of(name) if name in profile.columns.values() else ""
                yield Finding(
                    "cell_too_long", reading.file, part.sheet, part.row, column, facts=facts
                )


def _record(
    outcome: Outcome, profile: Profile, stage: str, year: int, actor: Person | None, at: datetime
) -> None:
    record(
        "lines.import",
        subject=("file", outcome.reading.file[:60], outcome.reading.file),
        actor=actor or Person(),
        at=at,
        fiscal_year_be=year,
        facts={
            "profile": profile.name,
            "stage": stage,
            "rows": outcome.reading.rows,
            "new": outcome.new,
            **outcome.reconciliation.in_json(),
        },
    )


# --- Names to rows ----------------------------------------------------------------------------


NAME_LIMIT = 500  # characters of a plan's, an output's, a project's name that are kept


class _Names:
    """Finds agencies and classes by normalised name, and makes what a file brings along."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._shortened: set[str] = set()
        self.agencies = {
            a.match_key: a.pk for a in Agency.objects.exclude(kind="historical").order_by("-code")
        } | dict(Agency.objects.filter(kind="imported").values_list("match_key", "code"))
        self.types = {match_key(t.name_th): t.pk for t in ExpenditureType.objects.all()}
        self.categories = {
            (c.type_id, match_key(c.name_th)): c.pk for c in ExpenditureCategory.objects.all()
        }
        self.works = set(FunctionNode.objects.values_list("code", flat=True))
        self.projects = {
            (p.agency_id, p.match_key): p
            for p in Project.objects.filter(source__startswith="import")
        }
        self._owned = Counter(owner for owner, _key in self.projects)
        self.entries = {
            (e.project_id, e.fiscal_year_be): e.pk
            for e in ProjectEntry.objects.filter(project__source__startswith="import")
        }

    def tell_what_is_shortened(self, part: ParsedLine) -> None:
        """A name longer than its column keeps its beginning, and says so, once each."""
        names = {
            part.plan_name,
            part.output_name,
            part.project_name,
            " › ".join(part.category_path),
        }
        for name in sorted(name for name in names if len(name) > NAME_LIMIT):
            if name not in self._shortened:
                self._shortened.add(name)
                self._outcome.findings.append(
                    Finding(
                        "name_shortened",
                        self._outcome.reading.file,
                        part.sheet,
                        part.row,
                        value=f"{name[:60]}…",
                        facts={"length": len(name), "limit": NAME_LIMIT},
                        severity=WARNING,
                    )
                )

    def agency(self, part: ParsedLine | ParsedProject, parent: str = "") -> str:
        """The agency's code; a body without one gets a provisional code and a finding."""
        key = key_of(part.body_name)[:300]
        if key not in self.agencies:
            number = Agency.objects.filter(kind="imported").count() + 1
            code = f"P-{number:04d}"
            Agency.objects.create(
                code=code,
                name_th=part.body_name,
                kind="imported",
                match_key=key,
                is_provisional=True,
                parent_name_th=parent,
                mark="ours",
                source=self._outcome.reading.file,
                note_th="รหัสชั่วคราวจากการนำเข้า",
                note_en="provisional code from an import",
            )
            self.agencies[key] = code
            self._outcome.findings.append(
                Finding(
                    "body_without_code",
                    self._outcome.reading.file,
                    part.sheet,
                    part.row,
                    value=part.body_name,
                    facts={"provisional": code, "code": code},
                    severity=WARNING,
                )
            )
        return self.agencies[key]

    def category(self, path: tuple[str, ...]) -> str:
        """The หมวด of a path งบ → หมวด → …; what is not named stands as "not given"."""
        kind = self.types.get(key_of(path[0])) if path else None
        if kind is None:
            kind = UNSPECIFIED_TYPE
        rest = (
            path[1]
            if len(path) > 1 and kind != UNSPECIFIED_TYPE
            else (path[0] if path and kind == UNSPECIFIED_TYPE else "")
        )
        name = rest or "ไม่ระบุหมวด"
        key = (kind, key_of(name))
        if key not in self.categories:
            code = f"{kind}-{_short(name)}"
            ExpenditureCategory.objects.create(
                code=code,
                type_id=kind,
                name_th=name[:300],
                mark="official",
                source=self._outcome.reading.file,
            )
            self.categories[key] = code
        return self.categories[key]

    def work(self, plan_name: str, output_name: str) -> str | None:
        """แผนงาน and, below it, the output or project; neither has a ด้าน in the file."""
        if not plan_name:
            return None
        plan = f"X-{_short(plan_name)}"
        self._node(plan, None, 2, plan_name)
        if not output_name:
            return plan
        code = f"{plan}-{_short(output_name)}"
        self._node(code, plan, 3, output_name)
        return code

    def _node(self, code: str, parent: str | None, depth: int, name: str) -> None:
        if code not in self.works:
            FunctionNode.objects.create(
                code=code,
                parent_id=parent,
                depth=depth,
                name_th=name[:500],
                mark="official",
                source=self._outcome.reading.file,
            )
            self.works.add(code)

    def entry(
        self, agency: str, name: str, year: int, profile: str, *, code: str = "", **texts: str
    ) -> int:
        """The entry of an imported project in a year, made if it is new; it has no promise yet."""
        key = (agency, key_of(name)[:500])
        if key not in self.projects:
            self.projects[key] = Project.objects.create(
                code=code or self._free_code(agency),
                name_th=name[:500],
                agency_id=agency,
                first_fy=year,
                last_fy=year,
                source=f"import:{profile}",
                match_key=key[1],
            )
            self._owned[agency] += 1
        project = self.projects[key]
        if not project.first_fy <= year <= project.last_fy:
            project.first_fy, project.last_fy = (
                min(project.first_fy, year),
                max(project.last_fy, year),
            )
            project.save(update_fields=["first_fy", "last_fy"])
        if (project.pk, year) not in self.entries:
            made = ProjectEntry.objects.create(
                project=project,
                agency_id=agency,
                fiscal_year_be=year,
                state="in_plan",
                name_th=name[:500],
                novelty="new" if year == project.first_fy else "continuing",
                **texts,
            )
            self.entries[project.pk, year] = made.pk
        return self.entries[project.pk, year]

    def _free_code(self, agency: str) -> str:
        running = self._owned[agency] + 1
        while Project.objects.filter(code=f"{agency}-{running:04d}").exists():
            running += 1
        return f"{agency}-{running:04d}"


def _short(name: str) -> str:
    return hashlib.sha256(key_of(name).encode()).hexdigest()[:12]


# --- Loaders ----------------------------------------------------------------------------------


def _load_lines(
    outcome: Outcome, profile: Profile, stage: str, year: int, actor: Person | None, at: datetime
) -> None:
    """Lines of a budget that nobody here wrote: bodies, plans, projects, items over years."""
    present = _present_lines(profile.name, [p.external_id for p in outcome.reading.lines], stage)
    names = _Names(outcome)
    made: list[Line] = []
    amounts: list[StageAmount] = []
    for order, parsed in enumerate(outcome.reading.lines, start=1):
        amount = baht_of(parsed.amount_satang)
        if parsed.external_id in present:
            _meet(outcome, parsed, amount, *present[parsed.external_id], stage, amounts)
            continue
        outcome.new += 1
        made.append(_line(parsed, profile, names, order))
    Line.objects.bulk_create(made, batch_size=BATCH)
    amounts += [StageAmount(line=line, stage_id=stage, amount=line.unit_price) for line in made]
    StageAmount.objects.bulk_create(amounts, batch_size=BATCH * 2)


Present = dict[str, tuple[int, str, Decimal | None]]


def _present_lines(profile: str, identities: Sequence[str], stage: str) -> Present:
    """Lines of this profile that are here already: id, item, amount at the stage."""
    found: Present = {}
    for start in range(0, len(identities), BATCH):
        part = identities[start : start + BATCH]
        lines = Line.objects.filter(import_profile=profile, external_id__in=part)
        at_stage = dict(
            StageAmount.objects.filter(line__in=lines, stage_id=stage).values_list(
                "line_id", "amount"
            )
        )
        for pk, identity, item in lines.values_list("pk", "external_id", "item"):
            found[identity] = (pk, item, at_stage.get(pk))
    return found


def _meet(
    outcome: Outcome,
    parsed: ParsedLine,
    amount: Decimal,
    pk: int,
    item: str,
    held: Decimal | None,
    stage: str,
    amounts: list[StageAmount],
) -> None:
    """A line that is here already: the same, at a new stage, or changed (which is refused)."""
    if held is None:
        outcome.new += 1
        amounts.append(StageAmount(line_id=pk, stage_id=stage, amount=amount))
    elif held == amount and item == parsed.item[:1000]:
        outcome.unchanged += 1
    else:
        outcome.findings.append(
            Finding(
                "line_differs",
                outcome.reading.file,
                parsed.sheet,
                parsed.row,
                value=parsed.external_id,
                facts={"held": exact_text(held), "found": exact_text(amount)},
            )
        )


def _line(parsed: ParsedLine, profile: Profile, names: _Names, order: int) -> Line:
    names.tell_what_is_shortened(parsed)
    agency = names.agency(parsed, parsed.parent_body_name)
    work = names.work(parsed.plan_name, parsed.output_name or parsed.project_name)
    kind, entry = ROUTINE, None
    if key_of(parsed.body_name) == CENTRAL_NAME:
        kind = CENTRAL
    elif parsed.project_name:
        kind = PROJECT
        entry = names.entry(agency, parsed.project_name, parsed.fiscal_year_be, profile.name)
    return Line(
        kind=kind,
        agency_id=agency,
        entry_id=entry,
        fiscal_year_be=parsed.fiscal_year_be,
        order=order,
        item=parsed.item[:1000],
        quantity=Decimal(1),
        unit=parsed.unit[:100],
        unit_price=baht_of(parsed.amount_satang),
        category_id=names.category(parsed.category_path),
        work_id=work,
        source_id="bma",
        novelty="continuing" if parsed.obliged else "new",
        import_profile=profile.name,
        external_id=parsed.external_id[:120],
        output_name=(parsed.output_name or parsed.project_name)[:500],
        category_path=" › ".join(parsed.category_path)[:1000],
    )


def _load_projects(
    outcome: Outcome, profile: Profile, stage: str, year: int, actor: Person | None, at: datetime
) -> None:
    """Projects with one amount each; their framework is not loaded, so they have no element."""
    projects = outcome.reading.projects
    present = _present_lines(profile.name, [p.external_id for p in projects], stage)
    names = _Names(outcome)
    for order, parsed in enumerate(projects, start=1):
        if parsed.external_id in present:
            outcome.unchanged += 1
            continue
        outcome.new += 1
        agency = names.agency(parsed)
        code = parsed.external_id if parsed.external_id.startswith(agency[:2]) else ""
        entry = names.entry(
            agency,
            parsed.name,
            parsed.fiscal_year_be,
            profile.name,
            code="" if Project.objects.filter(code=code).exists() else code,
            objectives=normalise(parsed.purpose, keep_lines=True),
            place_text=parsed.division_name,
        )
        line = Line.objects.create(
            kind=PROJECT,
            agency_id=agency,
            entry_id=entry,
            fiscal_year_be=parsed.fiscal_year_be,
            order=order,
            item=parsed.name[:1000],
            quantity=Decimal(1),
            unit="โครงการ",
            unit_price=baht_of(parsed.amount_satang),
            category_id=names.category(()),
            source_id="bma",
            import_profile=profile.name,
            external_id=parsed.external_id[:120],
        )
        StageAmount.objects.create(line=line, stage_id=stage, amount=baht_of(parsed.amount_satang))


def _load_own(
    outcome: Outcome, profile: Profile, stage: str, year: int, actor: Person | None, at: datetime
) -> None:
    """Our own workbook: rows become lines through the same deeds as on the page."""
    mark = outcome.reading.mark
    assert mark is not None
    who = actor or operator(mark.agency_code)
    # What the sender may not see is answered as what is not there.
    entries = {
        e.project.code: e.pk
        for e in ProjectEntry.objects.visible_to(who)
        .filter(agency_id=mark.agency_code, fiscal_year_be=mark.fiscal_year_be)
        .select_related("project")
    }
    for parsed in outcome.reading.lines:
        try:
            _own_row(outcome, parsed, entries, mark.agency_code, mark.fiscal_year_be, who, at)
        except RuleBroken as broken:
            outcome.findings.append(
                Finding(
                    "row_breaks_a_rule",
                    outcome.reading.file,
                    parsed.sheet,
                    parsed.row,
                    value=parsed.item,
                    facts={"rule": broken.code},
                )
            )


def _own_row(
    outcome: Outcome,
    parsed: ParsedLine,
    entries: dict[str, int],
    agency: str,
    year: int,
    who: Person,
    at: datetime,
) -> None:
    extra = parsed.extra
    project = extra.get("project_code", "")
    unknown = _unknown_code(extra, entries, project)
    if unknown:
        outcome.findings.append(
            Finding(
                "code_unknown",
                outcome.reading.file,
                parsed.sheet,
                parsed.row,
                column=unknown,
                value=str(extra.get(unknown, project)),
            )
        )
        return
    given = budget.LineInput(
        item=parsed.item,
        quantity=parsed.quantity or ZERO,
        unit=parsed.unit,
        unit_price=parsed.unit_price or ZERO,
        category_code=extra["category_code"],
        work_code=extra.get("work_code") or None,
        source_code=extra["source_code"],
        price_reference=extra.get("price_reference", ""),
        price_evidence=extra.get("price_evidence", ""),
        first_month=extra.get("first_month") or 1,
        last_month=extra.get("last_month") or 12,
        novelty=extra.get("novelty") or "new",
        priority=extra.get("priority") or None,
        if_not_funded=extra.get("if_not_funded", ""),
    )
    held = _held(parsed, agency, year, who)
    if held is not None:  # a workbook says nothing of promises or reasons
        given = replace(given, promise_number=held.promise_number, price_reason=held.price_reason)
    if held is None:
        made = budget.add_line(
            given,
            kind=PROJECT if project else ROUTINE,
            agency_code=agency,
            fiscal_year_be=year,
            entry_id=entries[project] if project else None,
            actor=who,
            at=at,
        )
        Line.objects.filter(pk=made.pk).update(
            import_profile=OWN, external_id=_own_identity(parsed, agency, year)
        )
        outcome.new += 1
    elif _same(held, given):
        outcome.unchanged += 1
    elif extra.get("revision") not in (None, 0, held.revision):
        outcome.findings.append(
            Finding(
                "line_changed_since",
                outcome.reading.file,
                parsed.sheet,
                parsed.row,
                value=parsed.item,
                facts={"found": extra["revision"], "held": held.revision},
            )
        )
    else:
        budget.change_line(held.pk, given, revision=held.revision, actor=who, at=at)
        outcome.new += 1


def _own_identity(parsed: ParsedLine, agency: str, year: int) -> str:
    """Equal rows of two agencies, or of two years, are two lines."""
    return f"{agency}/{year}/{parsed.external_id}"[:120]


def _held(parsed: ParsedLine, agency: str, year: int, who: Person) -> Line | None:
    """The line that a row stands for, if whoever sends it may know of it."""
    lines = Line.objects.filter(agency_id=agency, fiscal_year_be=year).select_related("entry")
    number, held = parsed.external_id, None
    if not parsed.generated_id and number.isdecimal() and len(number) < 19:
        held = lines.filter(pk=int(number)).first()
    if held is None:
        identity = _own_identity(parsed, agency, year)
        held = lines.filter(import_profile=OWN, external_id=identity).first()
    if held is None:
        return None
    if held.entry:
        seen = may(who, "project.view", state=held.entry.state, agency_code=agency)
    else:
        request = Request.objects.filter(agency_id=agency, fiscal_year_be=year).first()
        state = request.state if request else "open"
        seen = may(who, "request.view", state=state, agency_code=agency)
    return held if seen else None


def _unknown_code(extra: dict[str, Any], entries: dict[str, int], project: str) -> str:
    """The name of the first field whose code is not in the city's lists."""
    if project and project not in entries:
        return "project_code"
    for name, model in (
        ("category_code", ExpenditureCategory),
        ("source_code", FundingSource),
        ("work_code", FunctionNode),
    ):
        code = extra.get(name)
        if code and not model._default_manager.filter(pk=code).exists():
            return name
    return ""


def _same(line: Line, given: budget.LineInput) -> bool:
    now_there = template_line(line)
    return (
        now_there.item == normalise(given.item)[:1000]
        and (line.quantity, line.unit_price) == (given.quantity, given.unit_price)
        and line.unit == normalise(given.unit)[:100]
        and line.category_id == given.category_code
        and (line.work_id or None) == given.work_code
        and line.source_id == given.source_code
        and line.price_reference == given.price_reference
        and line.price_evidence == normalise(given.price_evidence, keep_lines=True)
        and (line.first_month, line.last_month) == (given.first_month, given.last_month)
        and line.novelty == given.novelty
        and line.priority == given.priority
        and line.if_not_funded == normalise(given.if_not_funded, keep_lines=True)
    )


Loader = Callable[[Outcome, Profile, str, int, Person | None, datetime], None]
_LOADERS: dict[str, Loader] = {"lines": _load_lines, "projects": _load_projects, OWN: _load_own}


# --- Out: the agency's workbook ---------------------------------------------------------------


def template_line(line: Line) -> TemplateLine:
    return TemplateLine(
        line_id=str(line.pk),
        revision=line.revision,
        item=line.item,
        category_code=line.category_id,
        source_code=line.source_id,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        project_code=line.entry.project.code if line.entry else "",
        work_code=line.work_id or "",
        price_reference=line.price_reference,
        price_evidence=line.price_evidence,
        first_month=line.first_month,
        last_month=line.last_month,
        novelty=line.novelty,
        priority=line.priority,
        if_not_funded=line.if_not_funded,
    )


def agency_template(agency_code: str, fiscal_year_be: int) -> bytes:
    """The agency's workbook of the year, with its lists and the lines it has. Raises AgencyUnknown."""
    agency = Agency.objects.filter(code=agency_code).first()
    if agency is None:
        raise AgencyUnknown(value=agency_code)
    entries = (
        ProjectEntry.objects.filter(agency=agency, fiscal_year_be=fiscal_year_be)
        .order_by("project__code")
        .values_list("project__code", "name_th")
    )
    lines = (
        Line.objects.filter(agency=agency, fiscal_year_be=fiscal_year_be)
        .select_related("entry__project")
        .order_by("kind", "entry__project__code", "order", "pk")
    )
    return write_template(
        TemplateAgency(agency.code, agency.name_th),
        fiscal_year_be,
        list(entries),
        list(FunctionNode.objects.filter(depth=3).order_by("code").values_list("code", "name_th")),
        list(
            ExpenditureCategory.objects.exclude(type_id=UNSPECIFIED_TYPE)
            .order_by("code")
            .values_list("code", "name_th", "type__name_th")
        ),
        list(FundingSource.objects.order_by("order").values_list("code", "name_th")),
        [template_line(line) for line in lines],
    )


class AgencyUnknown(RuleBroken):
    code = "agency_unknown"


# --- The command ------------------------------------------------------------------------------


def load_frame() -> None:
    """The city's frame, so that names and stages are there to meet."""
    agencies.load_pack()
    strategy.load_pack()
    budget.load_pack()


def import_files(
    profile_name: str,
    files: Iterable[Path],
    *,
    fiscal_year_be: int,
    stage: str | None,
    dry_run: bool,
    as_json: bool,
    report: Path | None,
) -> int:
    """`nayu import`: each file by itself; 0 only when all of them went in (or would)."""
    load_frame()
    profile = load_profile(profile_name)
    outcomes = [
        take_in(
            path,
            profile,
            fiscal_year_be=fiscal_year_be,
            stage=stage or "",
            dry_run=dry_run,
            at=now(),
        )
        for path in files
    ]
    for outcome in outcomes:
        _print(outcome, as_json=as_json, dry_run=dry_run)
    if report is not None:
        write_report(report, outcomes)
    return 1 if any(outcome.is_refused for outcome in outcomes) else 0


def _print(outcome: Outcome, *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        print(json.dumps(outcome.as_json(), ensure_ascii=False))
        return
    sums = outcome.reconciliation
    for finding in outcome.findings:
        stream = sys.stderr if finding.severity == REFUSED else sys.stdout
        print(f"[{finding.severity}] {sentence(finding)}", file=stream)
    done = "refused" if outcome.is_refused else ("dry run" if dry_run else "done")
    print(
        f"{outcome.reading.file}: {done}, rows {outcome.reading.rows}, "
        f"new {outcome.new}, unchanged {outcome.unchanged}"
    )
    print(
        f"  loaded {exact_text(sums.sum_loaded)} + refused {exact_text(sums.sum_refused)}"
        f" + residue {exact_text(sums.residue)} = file {exact_text(sums.sum_file)}"
        f"  ({'agrees' if sums.balances else 'DOES NOT AGREE'})"
    )


def write_report(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Findings as CSV, one row each; cells that could be formulas are made harmless."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(
            ["severity", "code", "file", "sheet", "row", "column", "value", "place", "sentence"]
        )
        for outcome in outcomes:
            for f in outcome.findings:
                cells = [
                    f.severity,
                    f.code,
                    f.file,
                    f.sheet,
                    str(f.row or ""),
                    f.column,
                    f.value,
                    place(f),
                    sentence(f),
                ]
                writer.writerow([harmless(cell) for cell in cells])
