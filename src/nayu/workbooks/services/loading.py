"""Budgets and projects that nobody here wrote, into lines."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from nayu.agencies.domain import Person
from nayu.budget.domain import CENTRAL, PROJECT, ROUTINE
from nayu.budget.models import Line, StageAmount
from nayu.core.money import baht_of
from nayu.core.thai import normalise
from nayu.projects.models import Project
from nayu.workbooks.domain import Finding, ParsedLine, exact_text
from nayu.workbooks.profile import Profile
from nayu.workbooks.services.names import CENTRAL_NAME, Names, key_of
from nayu.workbooks.services.outcome import Outcome

BATCH = 500


def load_lines(
    outcome: Outcome, profile: Profile, stage: str, year: int, actor: Person | None, at: datetime
) -> None:
    """Lines of a budget that nobody here wrote: bodies, plans, projects, items over years."""
    present = _present_lines(profile.name, [p.external_id for p in outcome.reading.lines], stage)
    names = Names(outcome)
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


def _line(parsed: ParsedLine, profile: Profile, names: Names, order: int) -> Line:
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


def load_projects(
    outcome: Outcome, profile: Profile, stage: str, year: int, actor: Person | None, at: datetime
) -> None:
    """Projects with one amount each; their framework is not loaded, so they have no element."""
    projects = outcome.reading.projects
    present = _present_lines(profile.name, [p.external_id for p in projects], stage)
    names = Names(outcome)
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
