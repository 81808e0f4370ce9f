"""Taking a file in: whole or not at all, twice changes nothing, every baht accounted for.

A file is read before the transaction opens; what is written is one event with its figures.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.db import transaction

from nayu.agencies.domain import Person
from nayu.agencies.models import Agency
from nayu.approvals.domain import may
from nayu.audit.services import record
from nayu.budget.models import Stage
from nayu.core.errors import NotPermitted
from nayu.projects.domain import TEXT_LIMIT
from nayu.workbooks.domain import FileReading, Finding, ParsedLine, ParsedProject
from nayu.workbooks.profile import Profile
from nayu.workbooks.reading import read_file
from nayu.workbooks.services.loading import load_lines, load_projects
from nayu.workbooks.services.merging import Choices
from nayu.workbooks.services.outcome import Outcome, UnknownStage
from nayu.workbooks.services.own import load_own
from nayu.workbooks.services.workbook import OWN

NOTHING_CHOSEN: Choices = {}


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
    choices: Choices = NOTHING_CHOSEN,
) -> Outcome:
    """One file into the database, or nothing of it. `actor` None is the operator.

    `choices` are for cells of our own workbook that somebody else changed meanwhile.
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
        if profile.name == OWN:
            load_own(outcome, fiscal_year_be, actor, at, choices)
        else:
            _LOADERS[profile.kind](outcome, profile, stage, fiscal_year_be, actor, at)
        if outcome.is_refused or dry_run:
            transaction.set_rollback(True)
            return outcome
        if outcome.new or outcome.entries:
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
            "entries": outcome.entries,
            **outcome.reconciliation.in_json(),
        },
    )


Loader = Callable[[Outcome, Profile, str, int, Person | None, datetime], None]
_LOADERS: dict[str, Loader] = {"lines": load_lines, "projects": load_projects}
