"""One notice for each change of state and person it concerns; whoever may not know gets none."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as searching
from hypothesis import strategies as st

from conftest import DRAINAGE, MEETING, NOON
from nayu.accounts.models import User
from nayu.agencies.domain import Person
from nayu.agencies.models import Appointment, Post
from nayu.approvals.domain import PROCEDURES, PROJECT, may
from nayu.approvals.models import Decision
from nayu.approvals.services import allow_late, set_window
from nayu.budget import services as budget
from nayu.budget.models import Request
from nayu.consultation import services as consultation
from nayu.consultation.services import AnswerInput, ConsultationInput, OpinionInput
from nayu.notices.models import Change, Notice
from nayu.notices.queries.telling import latest_notices, tellings
from nayu.notices.queries.work import work_of
from nayu.notices.services.collecting import collect
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry
from nayu.publication.services import publish
from nayu.strategy.models import CalendarStep

YEAR = 2570
STEPS = ("submit", "endorse", "review", "include", "return", "reject")


@pytest.fixture(autouse=True)
def no_calendar(frame):
    """Tests of other changes are not told of steps that end in July."""
    CalendarStep.objects.all().delete()


def told():
    """(who, kind) of every notice."""
    return sorted(Notice.objects.values_list("recipient__username", "kind"))


def test_a_submitted_project_is_told_to_the_head_it_waits_for_and_to_nobody_else(make):
    make.entry("submitted")
    collect(at=NOON)
    assert told() == [("boonmee", "waiting")]


def test_a_returned_project_is_told_to_its_author_with_the_reason(make, cast):
    make.entry("submitted")
    collect(at=NOON)
    projects.take_step(
        ProjectEntry.objects.get().pk, "return", actor=cast.boonmee, at=NOON, reason="แก้จำนวนคน"
    )
    collect(at=NOON)

    assert told() == [("anong", "returned"), ("boonmee", "waiting")]
    (found,) = latest_notices(cast.anong, NOON.date())
    assert found.reason == "แก้จำนวนคน"
    assert "Boonmee" not in repr(found)


def test_an_included_project_is_told_to_its_author(make):
    make.entry("in_plan")
    collect(at=NOON)
    # The steps before were overtaken: they wait for nobody any more.
    assert told() == [("anong", "decided")]
    assert Change.objects.count() == 4


def test_a_project_not_approved_is_told_to_its_author_once_with_the_reason(make, cast):
    make.entry("rejected")
    collect(at=NOON)
    collect(at=NOON)

    assert told() == [("anong", "decided")]
    (found,) = latest_notices(cast.anong, NOON.date())
    assert (found.step, found.reason) == ("reject", "แก้จำนวนคน")
    assert found.path.endswith("/decision/")


def test_whoever_passed_it_below_is_not_told_that_it_waits_for_them(make, users, cast):
    post = Post.objects.get(code="strategist")
    Appointment.objects.create(post=post, user=users.boonmee, first_day=date(2025, 1, 1))
    make.entry("endorsed")
    collect(at=NOON)

    assert told() == [("fah", "waiting"), ("lamai", "waiting")]


def test_a_window_that_closes_within_a_week_is_told_to_those_who_have_drafts(make, cast):
    make.entry("draft")
    make.entry("submitted", planner=cast.chai)
    set_window(
        PROJECT,
        YEAR,
        opens_on=date(2025, 7, 1),
        closes_on=date(2025, 7, 22),
        actor=cast.fah,
        at=NOON,
    )
    collect(at=NOON)
    collect(at=NOON)

    assert [one for one in told() if one[1] == "closing"] == [("anong", "closing")]
    (found,) = [n for n in latest_notices(cast.anong, NOON.date()) if n.kind == "closing"]
    assert found.last_day == date(2025, 7, 22)
    closing = work_of(cast.anong, NOON.date()).closing
    assert [(c.source, c.days_left) for c in closing if c.source == "window_ends"] == [
        ("window_ends", 7)
    ]
    assert not any(c.source == "window_ends" for c in work_of(cast.chai, NOON.date()).closing)


def test_an_exception_moves_the_day_that_a_window_closes_for_its_agency(make, cast):
    make.entry("draft")
    set_window(
        PROJECT,
        YEAR,
        opens_on=date(2025, 7, 1),
        closes_on=date(2025, 7, 14),
        actor=cast.fah,
        at=NOON,
    )
    assert not any(c.agency_codes for c in work_of(cast.anong, NOON.date()).closing)
    allow_late(
        PROJECT, YEAR, DRAINAGE, until=date(2025, 7, 18), reason="น้ำท่วม", allowed_by="ปลัด",
        actor=cast.fah, at=NOON,
    )  # fmt: skip
    collect(at=NOON)

    (closing,) = [c for c in work_of(cast.anong, NOON.date()).closing if c.agency_codes]
    assert (closing.source, closing.last_day) == ("exception_ends", date(2025, 7, 18))
    assert ("anong", "closing") in told()


def test_a_request_goes_from_desk_to_desk_and_its_head_is_told_of_the_decision(make, cast):
    make.entry("in_plan")
    budget.open_request(DRAINAGE, YEAR, actor=cast.anong, at=NOON)
    collect(at=NOON)
    Notice.objects.filter(kind="decided").delete()
    assert told() == [("boonmee", "waiting")]
    request = Request.objects.get()
    for kind in "12345":
        budget.set_ceiling(DRAINAGE, YEAR, kind, Decimal(10**9), actor=cast.ganda, at=NOON)
    for step, actor in (("submit", cast.boonmee), ("propose", cast.ganda), ("decide", cast.hathai)):
        Notice.objects.all().delete()
        budget.take_request_step(request.pk, step, actor=actor, at=NOON)
        collect(at=NOON)
    assert told() == [("boonmee", "decided"), ("ganda", "waiting")]


def test_collecting_again_adds_nothing(make):
    make.entry("submitted")
    collect(at=NOON)
    before = list(Notice.objects.values())

    assert collect(at=NOON) == 0
    assert list(Notice.objects.values()) == before


def test_a_step_noted_before_stays_noted_once_when_posts_change_hands(make, users):
    make.entry("submitted")
    collect(at=NOON)
    successor = User.objects.create_user("nui")
    Appointment.objects.filter(user=users.boonmee).update(user=successor)

    collect(at=NOON)
    assert told() == [("boonmee", "waiting")]


def test_a_decision_with_a_smaller_number_that_is_committed_later_is_not_passed_over(make):
    make.entry("submitted", name="หนึ่ง")
    make.entry("submitted", name="สอง")
    late = Decision.objects.order_by("pk")[0]
    values = Decision.objects.filter(pk=late.pk).values().get()
    late.delete()
    collect(at=NOON)
    Decision.objects.create(**values)

    collect(at=NOON)
    assert told() == [("boonmee", "waiting")] * 2


def test_a_decision_older_than_a_fortnight_makes_no_notice(make):
    make.entry("submitted")
    assert collect(at=NOON + timedelta(days=15)) == 0


def test_somebody_who_lost_the_post_is_told_nothing(make, users, cast):
    make.entry("returned")
    Appointment.objects.filter(user=users.anong).update(last_day=date(2025, 7, 14))
    collect(at=NOON)
    assert told() == []


def test_a_notice_of_something_that_may_no_longer_be_seen_is_not_told(make, cast):
    entry = make.entry("endorsed")
    collect(at=NOON)
    assert [n.kind for n in latest_notices(cast.fah, NOON.date())] == ["waiting"]

    projects.take_step(entry.pk, "return", actor=cast.fah, at=NOON, reason="แก้จำนวนคน")
    assert not may(cast.fah, "project.view", state="returned", agency_code=DRAINAGE)
    assert latest_notices(cast.fah, NOON.date()) == []


def test_whoever_took_a_step_is_not_told_of_it(make):
    entry = make.entry("reviewed")
    collect(at=NOON)
    assert told() == [("lamai", "waiting")]
    assert ProjectEntry.objects.get(pk=entry.pk).state == "reviewed"


@searching(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=st.lists(st.sampled_from([*STEPS, "collect"]), max_size=14))
def test_in_whatever_order_steps_are_taken_and_noted_each_is_told_once(
    moves, make, cast, undone_database
):
    with undone_database():
        entry = make.entry()
        actors = {
            "submit": cast.anong,
            "endorse": cast.boonmee,
            "review": cast.fah,
            "include": cast.lamai,
            "reject": cast.lamai,
        }
        for move in moves:
            if move == "collect":
                collect(at=NOON)
                continue
            entry.refresh_from_db()
            if any(
                s.code == move and s.from_state == entry.state for s in PROCEDURES[PROJECT].steps
            ):
                head = cast.boonmee if entry.state == "submitted" else cast.fah
                _take(entry, move, actors.get(move, head))
        collect(at=NOON)
        collect(at=NOON)
        _check_each_is_told_once(entry)


def _take(entry, step, actor):
    if step == "submit":
        budget.submit_entry(entry.pk, actor=actor, at=NOON)
        return
    projects.take_step(entry.pk, step, actor=actor, at=NOON, reason="แก้จำนวนคน", meeting=MEETING)


def _check_each_is_told_once(entry):
    taken = list(Decision.objects.order_by("pk"))
    assert sorted(Change.objects.values_list("source_id", flat=True)) == [d.pk for d in taken]
    pairs = list(Notice.objects.values_list("change__source_id", "recipient"))
    assert len(pairs) == len(set(pairs))
    # Whatever the order, the author is told of each return and of how it ended, once.
    for_author = [d.pk for d in taken if d.step in ("return", "include", "reject")]
    assert sorted(pk for pk, who in pairs if who == entry.author_id) == for_author
    # The last step is told at the desk where the thing lies, unless its taker sits there.
    if taken and taken[-1].to_state == "submitted":
        assert [who for pk, who in pairs if pk == taken[-1].pk] == [
            User.objects.get(username="boonmee").pk
        ]


# --- Opinions -----------------------------------------------------------------------------------


@pytest.fixture
def july(make, cast):
    entry = make.entry("in_plan")
    published = publish(YEAR, kind="official", actor=cast.fah, at=NOON)
    round_ = consultation.open_consultation(
        published.pk,
        ConsultationInput(date(2025, 7, 1), date(2025, 8, 31), "รับฟังร่างแผน"),
        actor=cast.fah, at=NOON,
    )  # fmt: skip
    collect(at=NOON)
    Notice.objects.all().delete()
    return round_, entry.project.code


def leave(july, text, code=""):
    about = "project" if code else "plan"
    return consultation.leave_opinion(
        july[0].pk, OpinionInput(about, text, code), client_key=text[:40], actor=Person(), at=NOON
    )


def test_an_opinion_on_a_project_is_told_to_its_agencys_planner(july, cast):
    leave(july, "อยากให้มีไฟส่องทางริมคลองตลอดสาย", july[1])
    collect(at=NOON)
    assert told() == [("anong", "opinions")]
    (found,) = latest_notices(cast.anong, NOON.date())[:1]
    assert "ไฟส่องทาง" not in repr(found)


def test_a_held_opinion_is_told_to_whoever_looks_it_over_and_its_publication_once_more(july, cast):
    held = leave(july, "ดี ดี ดี http://a.b/1 http://a.b/2 http://a.b/3 http://a.b/4")
    collect(at=NOON)
    assert told() == [("fah", "opinions"), ("lamai", "opinions")]

    consultation.moderate_opinion(held.pk, publish=True, actor=cast.fah, at=NOON)
    collect(at=NOON)
    collect(at=NOON)
    assert told() == [("fah", "opinions")] * 2 + [("lamai", "opinions")] * 2


def test_an_answer_is_told_to_the_planner_unless_it_is_the_planners_own(july, cast):
    for actor in (cast.fah, cast.anong):
        opinion = leave(july, f"ขอให้ทำทางเดินเลียบคลองให้ครบ {actor.user_id}", july[1])
        collect(at=NOON)
        Notice.objects.all().delete()
        consultation.answer_opinion(
            opinion.pk, AnswerInput("not_adopted", "มีแล้วในโครงการของสำนัก"), actor=actor, at=NOON
        )
        collect(at=NOON)
        assert told() == ([("anong", "opinions")] if actor is cast.fah else [])


# --- What ends soon -----------------------------------------------------------------------------


def test_a_step_of_the_calendar_is_told_once_in_its_last_week_to_whom_it_concerns(users, cast):
    CalendarStep.objects.create(
        lane="budget", first_offset=-4, last_offset=-2, name_th="เสนอร่างข้อบัญญัติ"
    )
    july_23, july_24 = NOON.replace(day=23), NOON.replace(day=24)
    assert collect(at=july_23) == 0
    assert collect(at=july_24) == 1
    assert collect(at=july_24 + timedelta(days=1)) == 0

    assert {name for name, _kind in told()} == {
        "anong", "boonmee", "chai", "chatchai", "ganda", "hathai", "itsara"
    }  # fmt: skip
    (found,) = tellings(Notice.objects.filter(recipient=users.ganda), cast.ganda, july_24.date())
    assert (found.fiscal_year_be, found.last_day) == (2569, date(2025, 7, 31))
