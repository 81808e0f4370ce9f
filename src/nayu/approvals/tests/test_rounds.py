"""Whoever endorsed below does not approve above; a clock set back moves no step."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from conftest import MEETING, NOON
from nayu.approvals.domain import EndorsedBelow, OwnWork, WindowClosed
from nayu.approvals.models import Decision
from nayu.approvals.queries import steps_below
from nayu.approvals.services import set_window
from nayu.audit.models import Event
from nayu.budget.services import submit_entry
from nayu.portal.queries.desks import work_of
from nayu.projects.models import ProjectEntry
from nayu.projects.services import take_step


def also(person, other):
    """The person, holding the other's posts besides their own."""
    return replace(person, holdings=person.holdings + other.holdings)


def test_a_head_who_also_reviews_does_not_review_what_they_endorsed(make, cast):
    entry = make.entry("endorsed")
    before = Event.objects.count(), Decision.objects.count()

    with pytest.raises(EndorsedBelow) as refusal:
        take_step(entry.pk, "review", actor=also(cast.boonmee, cast.fah), at=NOON)

    assert refusal.value.facts == {"step": "review", "earlier": "endorse"}
    assert (Event.objects.count(), Decision.objects.count()) == before
    assert ProjectEntry.objects.get(pk=entry.pk).state == "endorsed"


def test_whoever_reviewed_does_not_put_it_in_the_plan(make, cast):
    entry = make.entry("reviewed")
    with pytest.raises(EndorsedBelow):
        take_step(entry.pk, "include", actor=cast.fah, at=NOON, meeting=MEETING)
    assert take_step(entry.pk, "include", actor=cast.lamai, at=NOON, meeting=MEETING)


def test_whoever_endorsed_may_still_return(make, cast):
    entry = make.entry("endorsed")
    both = also(cast.boonmee, cast.fah)
    assert take_step(entry.pk, "return", actor=both, at=NOON, reason="แก้").state == "returned"


def test_a_new_round_begins_with_a_submission(make, cast):
    entry = make.entry("reviewed")
    take_step(entry.pk, "return", actor=cast.fah, at=NOON, reason="แก้จำนวนคน")
    submit_entry(entry.pk, actor=cast.anong, at=NOON)
    take_step(entry.pk, "endorse", actor=cast.boonmee, at=NOON)
    assert steps_below("project", cast.fah.user_id, [entry.pk]) == {}
    take_step(entry.pk, "review", actor=cast.lamai, at=NOON)
    assert take_step(entry.pk, "include", actor=cast.fah, at=NOON, meeting=MEETING)


def test_a_submitter_who_heads_the_agency_does_not_endorse(make, cast):
    entry = make.entry("submitted")
    with pytest.raises((OwnWork, EndorsedBelow)):
        take_step(entry.pk, "endorse", actor=also(cast.anong, cast.boonmee), at=NOON)


def test_what_one_may_not_approve_does_not_wait_for_one(make, cast):
    entry = make.entry("reviewed")
    code = entry.project.code
    waiting = {name: work_of(getattr(cast, name), NOON.date()) for name in ("fah", "lamai")}
    assert code not in [item.code for item in waiting["fah"].waiting_for_me]
    assert code in [item.code for item in waiting["lamai"].waiting_for_me]


def test_a_clock_set_back_never_puts_a_step_before_the_one_it_follows(make, cast):
    entry = make.entry("submitted")
    earlier = NOON - timedelta(hours=3)

    moved = take_step(entry.pk, "endorse", actor=cast.boonmee, at=earlier)

    step = Decision.objects.get(subject_id=entry.pk, step="endorse")
    assert (step.at, moved.state_since) == (NOON, NOON)
    assert Event.objects.get(verb="project.endorse").facts["clock"] == earlier.isoformat()


def test_a_clock_set_back_opens_no_window_that_was_closed_at_the_step_before(make, cast):
    entry = make.entry("returned")
    days = {"opens_on": date(2025, 7, 1), "closes_on": date(2025, 7, 10)}
    set_window("project", entry.fiscal_year_be, **days, actor=cast.fah, at=NOON)

    with pytest.raises(WindowClosed):
        submit_entry(entry.pk, actor=cast.anong, at=NOON - timedelta(days=7))
