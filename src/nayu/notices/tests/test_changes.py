"""A change of what is published waits on desks and is told in notices like any other work."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from conftest import NOON, promise
from nayu.approvals.domain import CHANGE
from nayu.approvals.services import Meeting
from nayu.notices.messages import sentence_of
from nayu.notices.models import Notice
from nayu.notices.queries.telling import latest_notices
from nayu.notices.queries.work import work_of
from nayu.notices.services.collecting import collect
from nayu.projects.services import EntryInput
from nayu.publication.models import ChangeRequest
from nayu.publication.services import begin_change, propose, publish, take_change_step

DAY = NOON.date()
LATER = NOON + timedelta(days=2)
MEETING = Meeting("5/2568", date(2025, 7, 14))


@pytest.fixture
def begun(make, cast):
    entry = make.entry("in_plan")
    publish(2570, kind="official", actor=cast.fah, at=NOON)
    return begin_change(entry.pk, actor=cast.anong, at=NOON)


@pytest.fixture
def ready(begun, cast):
    return propose(
        begun.pk, EntryInput(promises=(promise(number=Decimal(2400)),)), why="สำรวจใหม่",
        revision=begun.revision, actor=cast.anong, at=NOON,
    )  # fmt: skip


def step(change, name, actor):
    return take_change_step(
        change.pk, name, revision=ChangeRequest.objects.get(pk=change.pk).revision, actor=actor,
        at=LATER, reason="ตามมติ", body_code="subcommittee", meeting=MEETING,
    )  # fmt: skip


def changes_in(person):
    """Where change requests stand on a person's desk."""
    work = work_of(person, DAY)
    return {
        name
        for name in ("to_fix", "waiting_for_me", "drafts", "on_others")
        if any(item.kind == CHANGE for item in getattr(work, name))
    }


def told(cast_person):
    return [(n.kind, n.state) for n in latest_notices(cast_person, DAY) if n.about == CHANGE]


def test_a_change_lies_where_its_next_step_is(begun, cast):
    assert changes_in(cast.anong) == {"drafts"}
    assert changes_in(cast.boonmee) == {"on_others"}
    assert changes_in(cast.chai) == changes_in(cast.fah) == set()
    propose(
        begun.pk, EntryInput(promises=(promise(number=Decimal(2400)),)), why="สำรวจใหม่",
        revision=begun.revision, actor=cast.anong, at=NOON,
    )  # fmt: skip
    assert changes_in(cast.boonmee) == {"waiting_for_me"}
    step(begun, "submit", cast.boonmee)
    assert changes_in(cast.fah) == {"waiting_for_me"}
    assert changes_in(cast.anong) == changes_in(cast.boonmee) == {"on_others"}
    step(begun, "return", cast.fah)
    assert changes_in(cast.anong) == {"to_fix"}
    [item] = [i for i in work_of(cast.anong, DAY).to_fix if i.kind == CHANGE]
    assert item.decision.reason == "ตามมติ"


def test_each_step_is_told_once_to_whom_it_concerns(ready, cast):
    step(ready, "submit", cast.boonmee)
    collect(at=LATER)
    collect(at=LATER)
    assert told(cast.fah) == [("waiting", "submitted")]
    assert told(cast.boonmee) == told(cast.anong) == []
    step(ready, "approve", cast.fah)
    collect(at=LATER)
    assert told(cast.anong) == [("decided", "approved")]
    (found,) = [n for n in latest_notices(cast.anong, DAY) if n.about == CHANGE]
    assert found.path == f"/2570/changes/{ready.number}/"
    assert str(ready.number) in sentence_of(found)
    before = Notice.objects.count()
    collect(at=LATER)
    assert Notice.objects.count() == before


def test_whoever_may_not_know_of_a_change_reads_nothing_of_it(ready, cast):
    step(ready, "submit", cast.boonmee)
    step(ready, "return", cast.fah)
    collect(at=LATER)
    assert told(cast.anong) == [("returned", "draft")]
    # A draft is the agency's own: the desk that was told of the submission reads of it no more.
    assert told(cast.fah) == []


def test_a_refused_or_applied_change_waits_for_nobody(ready, cast):
    step(ready, "submit", cast.boonmee)
    step(ready, "refuse", cast.fah)
    assert all(changes_in(person) == set() for person in (cast.anong, cast.boonmee, cast.fah))
    collect(at=LATER)
    assert told(cast.anong) == [("decided", "refused")]


def test_the_page_links_the_change_from_each_list(client, users, ready, cast):
    client.force_login(users.boonmee)
    address = f"/2570/changes/{ready.number}/"
    assert address in client.get("/my-work/").content.decode()
    step(ready, "submit", cast.boonmee)
    client.force_login(users.fah)
    assert address in client.get("/my-work/").content.decode()
    step(ready, "return", cast.fah)
    client.force_login(users.anong)
    page = client.get("/my-work/").content.decode()
    assert page.count(address) >= 2
    assert "ตามมติ" in page
