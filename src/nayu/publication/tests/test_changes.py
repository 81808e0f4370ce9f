"""After publication, changes only by request: what, why, decided by which body, when."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from conftest import NOON, promise
from nayu.approvals.domain import MeetingMissing, OwnWork, ReasonMissing, StepNotAllowed
from nayu.approvals.models import Decision
from nayu.approvals.services import Meeting
from nayu.audit.models import Event
from nayu.core.errors import NotPermitted, NotVisible, Stale
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry
from nayu.projects.queries import sheet_of
from nayu.projects.services import EntryInput
from nayu.publication.domain import (
    MATERIAL,
    MINOR,
    BodyMissing,
    BodyTooLow,
    ChangeStale,
    NothingProposed,
    NotPublished,
    WhyMissing,
)
from nayu.publication.models import ChangeRequest, PlanVersion
from nayu.publication.queries import (
    current_version,
    published_changes,
    published_project,
    version_at,
    visible_changes,
)
from nayu.publication.services import (
    adopt_current,
    apply_now,
    begin_change,
    propose,
    publish,
    take_change_step,
    withdraw_field,
)

MEETING = Meeting("5/2568", date(2025, 7, 14))
LATER = NOON + timedelta(days=2)


@pytest.fixture
def entry(make, cast):
    made = make.entry("in_plan")
    publish(2570, kind="official", actor=cast.fah, at=NOON)
    return made


@pytest.fixture
def change(entry, cast):
    """A request, written and ready to submit: twice as many people."""
    made = begin_change(entry.pk, actor=cast.anong, at=NOON)
    return propose(
        made.pk, EntryInput(promises=(promise(number=Decimal(2400)),)), why="สำรวจใหม่",
        revision=made.revision, actor=cast.anong, at=NOON,
    )  # fmt: skip


def step(change, name, actor, **given):
    revision = ChangeRequest.objects.get(pk=change.pk).revision
    usual = {"body_code": "subcommittee", "meeting": MEETING, "reason": "ตามมติ"}
    return take_change_step(
        change.pk, name, actor=actor, at=LATER, **{"revision": revision, **usual, **given}
    )


def told(entry) -> str:
    return str(sheet_of(ProjectEntry.objects.get(pk=entry.pk)).promises[0].number)


def test_an_approved_change_is_written_and_the_next_version_shows_it(entry, change, cast):
    assert told(entry) == "1200.000"
    step(change, "submit", cast.boonmee)
    approved = step(change, "approve", cast.fah)

    assert (approved.state, approved.body_id, approved.weight) == (
        "approved",
        "subcommittee",
        MATERIAL,
    )
    assert told(entry) == "2400.000"
    code = entry.project.code
    assert published_project(current_version(2570), code).sheet.promises[0].number == 1200
    assert published_changes(2570, code) == []

    version = publish(2570, kind="official", actor=cast.fah, at=LATER)

    (shown,) = published_changes(2570, code)
    assert (shown.state, shown.published_in, shown.meeting_number) == ("applied", version, "5/2568")
    assert published_project(version, code).sheet.promises[0].number == 2400
    assert version_at(2570, NOON.date()).number == 1
    verbs = (
        Event.objects.filter(subject_kind="change").order_by("pk").values_list("verb", flat=True)
    )
    assert list(verbs) == [
        "change.begin", "change.edit", "change.submit", "change.approve", "change.apply",
    ]  # fmt: skip
    written = Event.objects.get(verb="project.change")
    assert (written.post_code, written.facts["change"]) == ("strategist", "1/2570")


def test_an_approved_change_is_published_at_once_and_only_once(entry, change, cast):
    step(change, "submit", cast.boonmee)
    approved = step(change, "approve", cast.fah)

    version = apply_now(change.pk, revision=approved.revision, actor=cast.fah, at=LATER)

    assert version.number == 2
    with pytest.raises(StepNotAllowed):
        apply_now(change.pk, revision=approved.revision, actor=cast.fah, at=LATER)
    assert PlanVersion.objects.count() == 2


def test_only_what_stands_in_an_official_version_needs_a_request(make, cast):
    made = make.entry("in_plan")
    with pytest.raises(NotPublished):
        begin_change(made.pk, actor=cast.anong, at=NOON)
    publish(2570, kind="draft", actor=cast.fah, at=NOON)
    with pytest.raises(NotPublished):
        begin_change(made.pk, actor=cast.anong, at=NOON)


def test_a_published_entry_is_edited_by_no_other_door(entry, cast):
    with pytest.raises(NotPermitted):
        projects.save_entry(
            entry.pk, EntryInput(texts={"name_th": "อื่น"}), revision=entry.revision,
            actor=cast.anong, at=NOON,
        )  # fmt: skip


def test_pressing_twice_begins_one_request_and_takes_one_step(entry, change, cast):
    assert begin_change(entry.pk, actor=cast.anong, at=NOON).pk == change.pk
    step(change, "submit", cast.boonmee)
    with pytest.raises(StepNotAllowed):
        step(change, "submit", cast.boonmee)
    revision = ChangeRequest.objects.get().revision
    step(change, "approve", cast.fah)
    with pytest.raises(StepNotAllowed):
        step(change, "approve", cast.fah, revision=revision)
    assert Decision.objects.filter(procedure="change").count() == 2


def test_the_author_does_not_submit_and_another_agency_sees_nothing(entry, change, cast):
    with pytest.raises(NotPermitted):
        step(change, "submit", cast.anong)
    for other in (cast.chai, cast.stranger, cast.fah):
        with pytest.raises(NotVisible):
            step(change, "submit", other)
        assert not visible_changes(other, 2570).exists()
    ChangeRequest.objects.update(author_id=cast.boonmee.user_id)
    with pytest.raises(OwnWork):
        step(change, "submit", cast.boonmee)


def test_a_request_needs_something_to_change_and_a_reason(entry, cast):
    made = begin_change(entry.pk, actor=cast.anong, at=NOON)
    with pytest.raises(NothingProposed):
        step(made, "submit", cast.boonmee)
    same = EntryInput(promises=(promise(),), texts={"rationale": "คลองตื้นเขิน"})
    made = propose(made.pk, same, revision=1, actor=cast.anong, at=NOON)
    assert made.proposed == {}
    made = propose(
        made.pk, EntryInput(texts={"method": "ทำเอง"}), revision=2, actor=cast.anong, at=NOON
    )
    with pytest.raises(WhyMissing):
        step(made, "submit", cast.boonmee)
    assert not Decision.objects.filter(procedure="change").exists()


def test_a_decision_names_its_body_and_meeting_and_a_refusal_its_reason(entry, change, cast):
    step(change, "submit", cast.boonmee)
    with pytest.raises(MeetingMissing):
        step(change, "approve", cast.fah, meeting=Meeting())
    with pytest.raises(BodyMissing):
        step(change, "approve", cast.fah, body_code="nobody")
    with pytest.raises(ReasonMissing):
        step(change, "refuse", cast.fah, reason=" ")
    assert told(entry) == "1200.000"

    refused = step(change, "refuse", cast.fah)

    assert (refused.state, refused.outcome_reason) == ("refused", "ตามมติ")
    assert told(entry) == "1200.000"
    assert published_changes(2570) == []


def test_the_database_too_refuses_a_decision_without_its_body(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeRequest.objects.update(state="approved")


def test_the_department_decides_minor_corrections_only(entry, change, cast):
    step(change, "submit", cast.boonmee)
    with pytest.raises(BodyTooLow) as refusal:
        step(change, "approve", cast.fah, body_code="department")
    assert refusal.value.facts["fields"] == ("promises",)
    step(change, "return", cast.fah)
    made = withdraw_field(
        change.pk, "promises", revision=ChangeRequest.objects.get().revision, actor=cast.anong,
        at=NOON,
    )  # fmt: skip
    minor = propose(
        made.pk, EntryInput(texts={"rationale": "คลอง ตื้นเขิน"}), revision=made.revision,
        actor=cast.anong, at=NOON,
    )  # fmt: skip
    assert minor.weight == MINOR
    step(change, "submit", cast.boonmee)

    approved = step(change, "approve", cast.fah, body_code="department")

    assert (approved.state, approved.meeting_number) == ("approved", "5/2568")


def test_a_request_whose_ground_moved_is_refused_with_the_difference(entry, change, cast):
    step(change, "submit", cast.boonmee)
    other = begin_change(entry.pk, actor=cast.anong, at=NOON)
    other = propose(
        other.pk, EntryInput(promises=(promise(number=Decimal(900)),)), why="นับผิด",
        revision=other.revision, actor=cast.anong, at=NOON,
    )  # fmt: skip
    step(other, "submit", cast.boonmee)
    step(other, "approve", cast.fah)

    with pytest.raises(ChangeStale) as refusal:
        step(change, "approve", cast.fah)

    before, now = refusal.value.facts["differences"]["promises"]
    assert (before[0]["number"], now[0]["number"]) == ("1200.000", "900.000")
    assert told(entry) == "900.000"
    step(change, "return", cast.fah)
    fresh = adopt_current(
        change.pk, revision=ChangeRequest.objects.get(pk=change.pk).revision, actor=cast.anong,
        at=NOON,
    )  # fmt: skip
    assert fresh.base["promises"][0]["number"] == "900.000"
    step(change, "submit", cast.boonmee)
    step(change, "approve", cast.fah)
    assert told(entry) == "2400.000"


def test_a_request_rewritten_meanwhile_is_not_decided_unseen(change, cast):
    step(change, "submit", cast.boonmee)
    with pytest.raises(Stale):
        step(change, "approve", cast.fah, revision=1)
    with pytest.raises(NotPermitted):
        propose(change.pk, why="อื่น", revision=change.revision + 1, actor=cast.anong, at=NOON)


def test_proposing_writes_nothing_into_the_entry(entry, change):
    assert told(entry) == "1200.000"
    assert ProjectEntry.objects.get(pk=entry.pk).revision == entry.revision
    assert not Event.objects.filter(verb="project.change").exists()
    edits = Event.objects.filter(verb="project.edit", subject_id=str(entry.pk))
    assert edits.count() == 1  # the one that wrote it
