"""Any past day is read back from the record: what was shown then is what is told now."""

import random
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from conftest import DRAINAGE, HEALTH, MEETING, line_input, promise
from nayu.approvals.domain import PROCEDURES, PROJECT
from nayu.audit.queries import CITY as CITY_ZONE
from nayu.budget import services as budget
from nayu.budget.domain import REQUESTED
from nayu.budget.models import Line, Request
from nayu.budget.queries import Books, all_uses, breakdown, line_sheets, working_books
from nayu.budget.queries.past import (
    entries_then,
    entry_amounts_then,
    entry_lines_then,
    past_books,
    request_states_then,
    sheet_then,
    uses_then,
)
from nayu.core.errors import RuleBroken
from nayu.core.money import text_of
from nayu.projects import services as projects
from nayu.projects.domain import EntrySheet
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheet_of
from nayu.projects.services import EntryInput
from nayu.strategy.models import Element

pytestmark = pytest.mark.django_db
YEAR = 2570
BY = ("none", "agency", "element", "expenditure", "function", "source", "district")
FIRST = date(2025, 7, 16)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=CITY_ZONE)


def totals(books: Books) -> dict[str, object]:
    found = {by: breakdown(books, by, "nine") for by in BY}
    return {by: (t.grand_total_baht, {r.code: r.amount_baht for r in t.rows if r.amount_baht})
            for by, t in found.items()}  # fmt: skip


def shown(people) -> dict[str, object]:
    """Everything that pages show of a day, from what stands now."""
    entries = list(ProjectEntry.objects.filter(fiscal_year_be=YEAR).select_related("project"))
    return {
        "totals": totals(working_books(YEAR, REQUESTED)),
        "proposed": working_books(YEAR, "proposed").total_baht(),
        "seen": {p.name: totals(working_books(YEAR, REQUESTED, p)) for p in people},
        "states": {e.pk: e.state for e in entries},
        "requests": dict(
            Request.objects.filter(fiscal_year_be=YEAR).values_list("agency_id", "state")
        ),
        "sheets": {e.pk: sheet_of(e) for e in entries},
        "lines": {e.pk: told(line_sheets(Line.objects.filter(entry=e))) for e in entries},
        "uses": {code: used(found) for code, found in all_uses(YEAR).items() if used(found)},
    }


def recalled(people, day) -> dict[str, object]:
    """The same, of a past day, from the record."""
    then = entries_then(YEAR, day)
    entries = ProjectEntry.objects.filter(pk__in=then.states).select_related("project")
    sheets: dict[int, EntrySheet | None] = {e.pk: sheet_then(e, day) for e in entries}
    return {
        "totals": totals(past_books(YEAR, REQUESTED, day)),
        "proposed": past_books(YEAR, "proposed", day).total_baht(),
        "seen": {p.name: totals(past_books(YEAR, REQUESTED, day, p)) for p in people},
        "states": then.states,
        "requests": request_states_then(YEAR, day),
        "sheets": sheets,
        "lines": {e.pk: told(entry_lines_then(e, day)) for e in entries},
        "uses": {code: used(found) for code, found in uses_then(YEAR, day).items() if used(found)},
    }


def told(sheets) -> list[tuple]:
    return [(s.line_id, s.item, s.quantity, s.unit_price, s.amount, s.category_code, s.work_code,
             s.source_code, s.if_not_funded) for s in sorted(sheets, key=lambda s: s.line_id)]  # fmt: skip


def used(found) -> list[tuple]:
    return [(u.type_code, u.ceiling_baht, u.lines_baht) for u in found]


class City:
    """Random deeds of the cast; a refused one is no deed."""

    def __init__(self, make, cast, seed):
        self.make, self.cast, self.random = make, cast, random.Random(seed)

    def deed(self, at: datetime) -> None:
        deeds = (self.begin, self.edit, self.add, self.change, self.remove, self.step, self.ceiling,
                 self.ask, self.amount, self.change, self.edit)  # fmt: skip
        # Refused: no deed. There may also be no line yet, or no request.
        with suppress(RuleBroken, Request.DoesNotExist, IndexError):
            self.random.choice(deeds)(at)

    def entry(self) -> ProjectEntry:
        found = ProjectEntry.objects.filter(fiscal_year_be=YEAR).order_by("pk")
        return self.random.choice(list(found))

    def planner(self, agency):
        return {DRAINAGE: self.cast.anong, HEALTH: self.cast.chai}[agency]

    def given(self):
        pick = self.random.choice
        return line_input(
            item=pick(["ขุดลอก", "ค่าไฟ", "เครื่องสูบ"]), quantity=Decimal(pick(["1", "2.5", "7"])),
            unit_price=Decimal(pick([10, 2_000, 350_000])), category_code=pick(["3.2", "2.2", "3.1"]),
            work_code=pick(["F06-01-01", None]), source_code=pick(["bma", "subsidy"]),
            if_not_funded=pick(["", "น้ำท่วม"]),
        )  # fmt: skip

    def begin(self, at):
        agency = self.random.choice([DRAINAGE, HEALTH])
        projects.open_project(
            agency_code=agency, fiscal_year_be=YEAR, last_fy=YEAR, name_th=f"โครงการ {at:%d%f}",
            actor=self.planner(agency), at=at,
        )  # fmt: skip

    def edit(self, at):
        entry, pick = self.entry(), self.random.choice
        goals = Element.objects.filter(framework__code="nine", number__in=["1.4.1", "1.4.2"])
        sub = Element.objects.get(framework__code="plan20", number="1.3")
        given = pick(
            [
                EntryInput(texts={"name_th": pick(["ชื่อหนึ่ง", "ชื่อสอง"]), "rationale": pick("กขค")}),
                EntryInput(promises=(promise(number=Decimal(pick([5, 70]))),)),
                EntryInput(
                    district_weights=pick([{}, {"50010000": 1}, {"50010000": 2, "50020000": 5}])
                ),
                EntryInput(primary_element_ids=(pick(list(goals)).pk, sub.pk)),
            ]
        )
        projects.save_entry(
            entry.pk, given, revision=entry.revision, actor=self.planner(entry.agency_id), at=at
        )

    def add(self, at):
        entry = self.entry()
        kind, pk = self.random.choice([("project", entry.pk), ("routine", None)])
        budget.add_line(
            self.given(), kind=kind, agency_code=entry.agency_id, fiscal_year_be=YEAR, entry_id=pk,
            actor=self.planner(entry.agency_id), at=at,
        )  # fmt: skip

    def line(self):
        return self.random.choice(list(Line.objects.filter(fiscal_year_be=YEAR).order_by("pk")))

    def change(self, at):
        line = self.line()
        budget.change_line(
            line.pk, self.given(), revision=line.revision, actor=self.planner(line.agency_id), at=at
        )

    def remove(self, at):
        line = self.line()
        budget.remove_line(line.pk, actor=self.planner(line.agency_id), at=at)

    def step(self, at):
        entry = self.entry()
        step = self.random.choice(
            [s.code for s in PROCEDURES[PROJECT].steps if s.from_state == entry.state] or ["submit"]
        )
        heads = {DRAINAGE: self.cast.boonmee, HEALTH: self.cast.chatchai}
        if step == "submit":
            budget.submit_entry(entry.pk, actor=self.planner(entry.agency_id), at=at)
            return
        desk = self.cast.lamai if entry.state == "reviewed" else self.cast.fah
        actor = heads[entry.agency_id] if entry.state == "submitted" else desk
        projects.take_step(entry.pk, step, actor=actor, at=at, reason="แก้", meeting=MEETING)

    def ceiling(self, at):
        pick = self.random.choice
        budget.set_ceiling(
            pick([DRAINAGE, HEALTH]), YEAR, pick(["2", "3"]), Decimal(pick([10**9, 10**10])),
            actor=self.cast.ganda, at=at,
        )  # fmt: skip

    def ask(self, at):
        agency = self.random.choice([DRAINAGE, HEALTH])
        request = Request.objects.filter(agency_id=agency, fiscal_year_be=YEAR).first()
        if request is None:
            budget.open_request(agency, YEAR, actor=self.planner(agency), at=at)
            return
        step, actor = {
            "open": ("submit", {DRAINAGE: self.cast.boonmee, HEALTH: self.cast.chatchai}[agency]),
            "submitted": (self.random.choice(["return", "propose"]), self.cast.ganda),
            "proposed": ("decide", self.cast.hathai),
        }.get(request.state, ("enact", self.cast.ganda))
        budget.take_request_step(request.pk, step, actor=actor, at=at, reason="แก้", meeting=MEETING)

    def amount(self, at):
        line = self.line()
        budget.set_stage_amount(
            line.pk, Decimal(self.random.choice([5, 900])), reason="ราคากลาง",
            actor=self.random.choice([self.cast.ganda, self.cast.hathai]), at=at,
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_what_was_shown_on_any_day_is_what_the_record_tells_of_it(make, cast, seed):
    city, people = City(make, cast, seed), (cast.anong, cast.fah, cast.hathai)
    for state in ("draft", "submitted", "in_plan"):
        make.entry(state, name=f"เริ่มที่ {state}")
    make.entry("in_plan", planner=cast.chai, name="คลินิก")
    was = {}
    for n in range(7):
        day = FIRST + timedelta(days=n)
        for turn in range(8):
            city.deed(noon(day) + timedelta(minutes=turn))
        was[day] = shown(people)

    for day, expected in was.items():
        found = recalled(people, day)
        for part, value in expected.items():
            assert found[part] == value, (seed, day, part)


def test_before_anything_began_there_was_nothing(make, cast):
    entry = make.entry("in_plan")
    before = date(2025, 7, 14)

    assert entries_then(YEAR, before).states == {}
    assert sheet_then(entry, before) is None
    assert entry_amounts_then(YEAR, before) == {}
    assert past_books(YEAR, REQUESTED, before).total_baht() == 0


def test_amounts_of_entries_are_those_of_the_day(make, cast):
    entry = make.entry("draft")
    line = entry.lines.get()
    budget.change_line(
        line.pk, line_input(unit_price=Decimal(10)), revision=1, actor=cast.anong,
        at=noon(FIRST),
    )  # fmt: skip

    assert text_of(entry_amounts_then(YEAR, FIRST - timedelta(days=1))[entry.pk]) == "4500000.00"
    assert text_of(entry_amounts_then(YEAR, FIRST)[entry.pk]) == "30.00"


def test_reading_a_day_back_takes_as_many_queries_however_much_happened(
    make, cast, django_assert_max_num_queries
):
    entry = make.entry("draft")
    for n in range(5):
        line = entry.lines.get()
        budget.change_line(
            line.pk, line_input(unit_price=Decimal(10 + n)), revision=line.revision,
            actor=cast.anong, at=noon(FIRST + timedelta(days=n)),
        )  # fmt: skip
    with django_assert_max_num_queries(14):
        past_books(YEAR, REQUESTED, date(2025, 7, 15), cast.anong).facts("agency")
