"""A small city with a question: five projects of two agencies ask for more than there is."""

from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace

import pytest

from conftest import DRAINAGE, HEALTH, NOON, line_input, promise, whole_input
from nayu.allocation import services
from nayu.allocation.domain import scenario as s
from nayu.allocation.models import Run, Scenario
from nayu.allocation.services import RuleInput, ScenarioInput, runs
from nayu.budget import services as budget
from nayu.budget.models import Request, RevenueEstimate
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry
from nayu.projects.services import EntryInput

YEAR = 2569
WEIGHTS = tuple(
    RuleInput(s.WEIGHT, subject=code, least=percent) for code, percent in s.USUAL_WEIGHTS.items()
)


@dataclass
class Small:
    """The cast, the entries by a short name, and ways to ask."""

    cast: SimpleNamespace
    entries: dict[str, ProjectEntry]

    def code(self, name: str) -> str:
        return self.entries[name].project.code

    def scenario(self, *rules: RuleInput, stage: str = s.DECIDED_STAGE) -> Scenario:
        given = ScenarioInput("ทดลอง", "ลองดู", rules=(*WEIGHTS, *rules))
        return services.make(YEAR, stage, given, actor=self.cast.ganda, at=NOON)

    def answered(self, scenario: Scenario, gap: int = 0) -> Run:
        run = services.ask(scenario.pk, gap=gap, actor=self.cast.ganda, at=NOON)
        return runs.answer(run.pk)


def _entry(planner, name: str, people: int, price: int, levels=()) -> ProjectEntry:
    agency = next(iter(planner.agency_codes))
    entry = projects.open_project(
        agency_code=agency, fiscal_year_be=YEAR, last_fy=YEAR, name_th=name, name_en=f"Project {people}",
        actor=planner, at=NOON,
    )  # fmt: skip
    given = whole_input(YEAR)
    values = {f: getattr(given, f) for f in EntryInput.__dataclass_fields__}
    values["promises"] = (promise(number=Decimal(people), levels=levels),)
    entry = projects.save_entry(
        entry.pk, EntryInput(**values), revision=entry.revision, actor=planner, at=NOON
    )
    budget.add_line(
        line_input(quantity=Decimal(1), unit_price=Decimal(price)), kind="project",
        agency_code=agency, fiscal_year_be=YEAR, entry_id=entry.pk, actor=planner, at=NOON,
    )  # fmt: skip
    ProjectEntry.objects.filter(pk=entry.pk).update(state="in_plan")
    return ProjectEntry.objects.select_related("project").get(pk=entry.pk)


@pytest.fixture
def small(cast) -> Small:
    made = {
        "canal": _entry(cast.anong, "ลอกคลอง", 9000, 4_000_000,
                        ((75, Decimal(8000)), (50, Decimal(5000)))),
        "pump": _entry(cast.anong, "เครื่องสูบน้ำ", 2000, 3_000_000),
        "wall": _entry(cast.anong, "กำแพงกันน้ำ", 300, 5_000_000),
        "clinic": _entry(cast.chai, "คลินิก", 4000, 2_000_000),
        "lab": _entry(cast.chai, "ห้องตรวจ", 100, 1_000_001),
    }  # fmt: skip
    for agency, planner in ((DRAINAGE, cast.anong), (HEALTH, cast.chai)):
        budget.open_request(agency, YEAR, actor=planner, at=NOON)
        budget.set_ceiling(agency, YEAR, "3", Decimal(20_000_000), actor=cast.ganda, at=NOON)
    Request.objects.filter(fiscal_year_be=YEAR).update(state="proposed")
    RevenueEstimate.objects.create(fiscal_year_be=YEAR, source_id="bma", amount=Decimal(9_000_000))
    return Small(cast, made)
