"""Publish = freeze: a public total never moves because of a draft."""

import pytest

from conftest import NOON, line_input
from nayu.budget import services as budget
from nayu.budget.domain import StageNotReached
from nayu.budget.models import Request
from nayu.budget.queries import breakdown
from nayu.core.errors import NotPermitted
from nayu.core.values import from_json, to_json
from nayu.projects.domain import EntrySheet
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheet_of
from nayu.publication.queries import (
    current_version,
    published_books,
    published_project,
    published_projects,
    totals,
)
from nayu.publication.services import NothingToPublish, publish


def test_next_years_plan_is_published_before_its_request_begins(make, cast):
    entry = make.entry("in_plan", year=2570)

    version = publish(2570, kind="official", actor=cast.fah, at=NOON)

    assert not Request.objects.filter(fiscal_year_be=2570).exists()
    assert (version.stage_id, version.number) == ("requested", 1)
    assert published_books(version).total_baht() == entry.lines.get().amount


def test_a_published_version_does_not_move_when_the_working_one_does(make, cast):
    entry = make.entry("in_plan", year=2570)
    version = publish(2570, kind="official", actor=cast.fah, at=NOON)
    before = {by: breakdown(published_books(version), by, "nine") for by in ("agency", "element")}

    budget.change_line(
        entry.lines.get().pk, line_input(unit_price=line_input().unit_price * 2), revision=1,
        actor=cast.anong, at=NOON,
    )  # fmt: skip
    ProjectEntry.objects.filter(pk=entry.pk).update(name_th="เปลี่ยนชื่อ")
    make.entry("in_plan", year=2570, name="โครงการใหม่")
    make.entry("draft", year=2570, name="ร่าง")

    assert {by: breakdown(published_books(version), by, "nine") for by in before} == before
    assert published_project(version, entry.project.code).sheet.name_th == "ลอกคลองบางเขน"
    assert len(published_projects(version)) == 1


def test_a_draft_for_comment_holds_what_is_reviewed_the_plan_only_what_is_in_it(make, cast):
    make.entry("in_plan", year=2570)
    make.entry("reviewed", year=2570, name="รอคณะกรรมการ")
    make.entry("submitted", year=2570, name="ยังไม่ผ่าน")

    draft = publish(2570, kind="draft", actor=cast.fah, at=NOON)
    official = publish(2570, kind="official", actor=cast.fah, at=NOON)

    assert (draft.entries.count(), official.entries.count()) == (2, 1)
    assert current_version(2570) == official


def test_only_the_strategy_department_publishes_and_only_something(make, cast):
    with pytest.raises(NothingToPublish):
        publish(2570, kind="official", actor=cast.fah, at=NOON)
    make.entry("in_plan", year=2570)
    with pytest.raises(NotPermitted):
        publish(2570, kind="official", actor=cast.ganda, at=NOON)


def test_published_totals_name_the_stage_they_are_of(make, cast):
    make.entry("in_plan", year=2570)
    publish(2570, kind="official", actor=cast.fah, at=NOON)

    found = totals(2570, "requested", version="published", by="element").as_json()

    assert found["grand_total_baht"] == "4500000.00"
    assert found["rows"] == [
        {"code": "1.4.1", "name": found["rows"][0]["name"], "amount_baht": "4500000.00"}
    ]
    with pytest.raises(StageNotReached):
        totals(2570, "ordinance", version="published", by="none")


def test_a_sheet_survives_being_frozen(make):
    sheet = sheet_of(make.entry())

    assert from_json(EntrySheet, to_json(sheet)) == sheet
