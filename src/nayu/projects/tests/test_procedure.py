"""A project in the plan of a fiscal year: draft to plan, through real services."""

import pytest

from conftest import NOON, promise
from nayu.approvals.domain import MeetingMissing, OwnWork, ReasonMissing, StepNotAllowed
from nayu.approvals.models import Decision
from nayu.audit.models import Event
from nayu.budget.services import submit_entry
from nayu.core.errors import Incomplete, NotPermitted, NotVisible, Stale
from nayu.projects import services
from nayu.projects.domain import ActivityValues
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheet_of
from nayu.projects.services import ElementNotLinkable, EntryInput, TextTooLong
from nayu.strategy.models import Element, Target


def test_a_project_goes_from_draft_into_the_plan_and_each_step_is_a_row(make):
    entry = make.entry("in_plan")

    rows = Decision.objects.filter(subject_id=entry.pk).order_by("id")
    assert [row.step for row in rows] == ["submit", "endorse", "review", "include"]
    assert rows[3].meeting_number == "2/2568"
    assert [row.post_code for row in rows][:2] == ["planner-11000000", "head-11000000"]
    assert entry.state == "in_plan"


@pytest.mark.parametrize("state", ["submitted", "endorsed", "reviewed"])
def test_any_of_the_three_desks_returns_with_a_reason(make, cast, state):
    entry = make.entry(state)
    desk = cast.boonmee if state == "submitted" else cast.fah

    with pytest.raises(ReasonMissing):
        services.take_step(entry.pk, "return", actor=desk, at=NOON)
    returned = services.take_step(entry.pk, "return", actor=desk, at=NOON, reason="แก้จำนวนคน")

    assert returned.state == "returned"
    assert submit_entry(entry.pk, actor=cast.anong, at=NOON).state == "submitted"


def test_all_that_is_missing_is_told_at_once(cast):
    entry = services.open_project(
        agency_code="11000000", fiscal_year_be=2570, last_fy=2570, name_th="โครงการเปล่า",
        actor=cast.anong, at=NOON,
    )  # fmt: skip

    with pytest.raises(Incomplete) as refusal:
        submit_entry(entry.pk, actor=cast.anong, at=NOON)

    fields = {problem.field for problem in refusal.value.facts["problems"]}
    assert fields == {
        "promises", "rationale", "objectives", "target_quantity", "method", "place_text",
        "links", "indicators", "activities", "risks", "lines",
    }  # fmt: skip
    assert not Decision.objects.exists()
    assert ProjectEntry.objects.get().state == "draft"


def test_weights_of_99_are_refused_with_their_sum(make, cast):
    entry = make.entry()
    services.save_entry(
        entry.pk, EntryInput(activities=(ActivityValues(1, "ขุด", 1, 9, 99),)),
        revision=entry.revision, actor=cast.anong, at=NOON,
    )  # fmt: skip

    with pytest.raises(Incomplete) as refusal:
        submit_entry(entry.pk, actor=cast.anong, at=NOON)

    (problem,) = refusal.value.facts["problems"]
    assert (problem.code, dict(problem.facts)) == ("weights_not_100", {"sum": 99})


def test_an_indicator_without_a_target_cannot_carry_a_submitted_project(make, cast):
    entry = make.entry()
    Target.objects.filter(indicator__entry_links__entry=entry).delete()

    with pytest.raises(Incomplete) as refusal:
        submit_entry(entry.pk, actor=cast.anong, at=NOON)

    assert [p.code for p in refusal.value.facts["problems"]] == ["indicator_without_target"]


def test_a_promise_must_say_how_we_shall_know(make, cast):
    entry = make.entry()
    services.save_entry(
        entry.pk, EntryInput(promises=(promise(evidence_th=""),)),
        revision=entry.revision, actor=cast.anong, at=NOON,
    )  # fmt: skip

    with pytest.raises(Incomplete) as refusal:
        submit_entry(entry.pk, actor=cast.anong, at=NOON)

    assert [p.code for p in refusal.value.facts["problems"]] == ["promise_without_evidence"]


def test_submit_pressed_twice_submits_once(make, cast):
    entry = make.entry("submitted")

    with pytest.raises(StepNotAllowed):
        submit_entry(entry.pk, actor=cast.anong, at=NOON)

    assert Decision.objects.filter(step="submit").count() == 1


def test_an_author_never_endorses_their_own(make, cast, users):
    entry = make.entry("submitted")
    ProjectEntry.objects.filter(pk=entry.pk).update(author=users.boonmee)

    with pytest.raises(OwnWork):
        services.take_step(entry.pk, "endorse", actor=cast.boonmee, at=NOON)


def test_the_committees_decision_carries_its_meeting(make, cast):
    entry = make.entry("reviewed")

    with pytest.raises(MeetingMissing):
        services.take_step(entry.pk, "include", actor=cast.lamai, at=NOON)


def test_another_agencys_draft_cannot_be_seen_or_written(make, cast):
    entry = make.entry()

    with pytest.raises(NotVisible):
        services.save_entry(
            entry.pk, EntryInput(texts={"rationale": "x"}), revision=entry.revision,
            actor=cast.chai, at=NOON,
        )  # fmt: skip
    assert not ProjectEntry.objects.visible_to(cast.chai).exists()
    assert not ProjectEntry.objects.visible_to(cast.stranger).exists()
    assert ProjectEntry.objects.visible_to(cast.anong).exists()


def test_a_submitted_project_is_locked(make, cast):
    entry = make.entry("submitted")

    with pytest.raises(NotPermitted):
        services.save_entry(
            entry.pk, EntryInput(texts={"rationale": "x"}), revision=entry.revision,
            actor=cast.anong, at=NOON,
        )  # fmt: skip


def test_two_people_saving_one_project_the_second_is_told(make, cast):
    entry = make.entry()
    seen = entry.revision
    services.save_entry(
        entry.pk,
        EntryInput(texts={"rationale": "ฉบับแรก"}),
        revision=seen,
        actor=cast.anong,
        at=NOON,
    )

    with pytest.raises(Stale):
        services.save_entry(
            entry.pk, EntryInput(texts={"rationale": "ฉบับสอง"}), revision=seen, actor=cast.anong,
            at=NOON,
        )  # fmt: skip

    assert ProjectEntry.objects.get(pk=entry.pk).rationale == "ฉบับแรก"


def test_a_text_of_100_000_characters_is_refused_with_its_length(make, cast):
    entry = make.entry()

    with pytest.raises(TextTooLong) as refusal:
        services.save_entry(
            entry.pk, EntryInput(texts={"rationale": "ก" * 100_000}), revision=entry.revision,
            actor=cast.anong, at=NOON,
        )  # fmt: skip

    assert refusal.value.facts["length"] == 100_000


def test_a_primary_link_is_at_the_linkable_level_of_a_framework_in_force(make, cast):
    entry = make.entry()
    strategy = Element.objects.get(framework__code="nine", number="1")

    with pytest.raises(ElementNotLinkable):
        services.save_entry(
            entry.pk, EntryInput(primary_element_ids=(strategy.pk,)), revision=entry.revision,
            actor=cast.anong, at=NOON,
        )  # fmt: skip

    assert entry.links.count() == 2


def test_each_deed_writes_one_event(make, cast):
    entry = make.entry("endorsed")

    verbs = list(
        Event.objects.filter(subject_kind="project", subject_id=str(entry.pk))
        .order_by("id")
        .values_list("verb", flat=True)
    )
    assert verbs == [
        "project.create", "project.edit", "line.add", "project.submit", "project.endorse",
    ]  # fmt: skip


def test_a_sheet_holds_the_ten_headings_as_values(make):
    sheet = sheet_of(make.entry())

    assert [a.weight_percent for a in sheet.activities] == [40, 60]
    assert sheet.promises[0].number == 1200
    assert {link.framework_code for link in sheet.links} == {"nine", "plan20"}
    assert sheet.links[0].path[0][0] == "1"
    assert sheet.indicators[0].target is not None
    assert sheet.risks[0].score == 9
