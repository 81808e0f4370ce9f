"""A step on what changed meanwhile is refused with the difference, and nothing is decided."""

from decimal import Decimal

import pytest
from django.urls import reverse

from conftest import DRAINAGE, MEETING, NOON, line_input
from nayu.approvals.domain import ChangedSince
from nayu.approvals.models import Decision
from nayu.budget import services as budget
from nayu.budget.models import Request
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry
from nayu.projects.services import EntryInput

YEAR = 2570


@pytest.fixture
def sign_in(client, users):
    def enter(name):
        client.force_login(getattr(users, name))
        return client

    return enter


def address(name, entry):
    return reverse(f"portal:{name}", args=[YEAR, entry.project.code])


def in_state(entry, state):
    ProjectEntry.objects.filter(pk=entry.pk).update(state=state)


def changed(entry, cast, **texts):
    """The entry comes back, is rewritten and stands again where it stood."""
    state = ProjectEntry.objects.get(pk=entry.pk).state
    in_state(entry, "draft")
    revision = ProjectEntry.objects.get(pk=entry.pk).revision
    projects.save_entry(
        entry.pk, EntryInput(texts=texts), revision=revision, actor=cast.anong, at=NOON
    )
    in_state(entry, state)


STEPS = (
    ("draft", "anong", "submission"),
    ("submitted", "boonmee", "endorsement"),
    ("submitted", "boonmee", "return"),
    ("endorsed", "fah", "review"),
    ("endorsed", "fah", "return"),
    ("reviewed", "lamai", "inclusion"),
)
TYPED = {"reason": "แก้จำนวน", "meeting_number": "2/2568", "meeting_date": "14 ก.ค. 2568"}


@pytest.mark.parametrize(("state", "name", "noun"), STEPS)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_a_step_on_a_changed_project_is_refused_with_the_difference(
    sign_in, make, cast, state, name, noun, headers
):
    entry, client = make.entry(state), sign_in(name)
    seen = client.get(address("decision", entry)).context["seen"]
    before = Decision.objects.count()
    changed(entry, cast, rationale="เหตุผลที่เขียนใหม่หมด")

    sent = TYPED | {"seen": str(seen)}
    answer = client.post(address(f"project_{noun}", entry), sent, headers=headers)

    assert answer.status_code == 409
    assert [change.after for change in answer.context["changes"]] == ["เหตุผลที่เขียนใหม่หมด"]
    assert "เหตุผลที่เขียนใหม่หมด" in answer.content.decode()
    assert Decision.objects.count() == before
    assert ProjectEntry.objects.get(pk=entry.pk).state == state
    again = TYPED | {"seen": str(answer.context["seen"])}
    assert client.post(address(f"project_{noun}", entry), again).status_code == 302


def test_a_form_that_carries_no_mark_saw_nothing_and_decides_nothing(sign_in, make):
    entry = make.entry("submitted")
    answer = sign_in("boonmee").post(address("project_endorsement", entry))
    assert answer.status_code == 409
    assert ProjectEntry.objects.get(pk=entry.pk).state == "submitted"


def test_lines_added_changed_and_removed_are_told_as_one_difference_each(sign_in, make, cast):
    entry, client = make.entry("draft"), sign_in("anong")
    seen = client.get(address("decision", entry)).context["seen"]
    line, own = entry.lines.get(), {"actor": cast.anong, "at": NOON}
    for price in (1_600_000, 1_700_000):
        line.refresh_from_db()
        given = line_input(unit_price=Decimal(price))
        budget.change_line(line.pk, given, revision=line.revision, **own)
    new = budget.add_line(
        line_input(item="เครื่องสูบน้ำ"), kind="project", agency_code=DRAINAGE, fiscal_year_be=YEAR,
        entry_id=entry.pk, **own,
    )  # fmt: skip
    budget.remove_line(new.pk, **own)

    answer = client.post(address("project_submission", entry), {"seen": str(seen)})

    told = [(change.before, change.after) for change in answer.context["changes"]]
    assert told == [("4,500,000.00", "5,100,000.00"), ("", "")]


def test_a_field_changed_and_changed_back_is_no_difference_but_still_asks_again(
    sign_in, make, cast
):
    entry, client = make.entry("submitted"), sign_in("boonmee")
    seen = client.get(address("decision", entry)).context["seen"]
    first = entry.rationale
    changed(entry, cast, rationale="ลองเปลี่ยน")
    changed(entry, cast, rationale=first)

    answer = client.post(address("project_endorsement", entry), {"seen": str(seen)})

    assert (answer.status_code, answer.context["changes"]) == (409, [])


def test_a_save_that_changes_nothing_stops_nobody(sign_in, make, cast):
    entry, client = make.entry("submitted"), sign_in("boonmee")
    seen = client.get(address("decision", entry)).context["seen"]
    changed(entry, cast, rationale=entry.rationale)

    answer = client.post(address("project_endorsement", entry), {"seen": str(seen)})

    assert answer.status_code == 302


def test_whoever_may_not_take_the_step_is_told_nothing_of_the_change(make, cast):
    entry = make.entry("submitted")
    with pytest.raises(Exception) as refusal:  # noqa: PT011 - which one is the assertion
        projects.take_step(entry.pk, "endorse", actor=cast.anong, at=NOON, seen=0)
    assert not isinstance(refusal.value, ChangedSince)


# --- Requests -----------------------------------------------------------------------------------


@pytest.fixture
def asked(make, cast):
    make.entry("in_plan")
    for kind in ("1", "2", "3", "4", "5"):
        budget.set_ceiling(DRAINAGE, YEAR, kind, Decimal(10**9), actor=cast.ganda, at=NOON)
    return budget.open_request(DRAINAGE, YEAR, actor=cast.anong, at=NOON)


def page(noun=""):
    name = f"request_{noun}" if noun else "request"
    return reverse(f"portal:{name}", args=[YEAR, DRAINAGE])


def test_a_request_with_a_line_that_came_since_is_not_submitted(sign_in, asked, cast):
    client = sign_in("boonmee")
    seen = client.get(page()).context["seen"]
    budget.add_line(
        line_input(item="ค่าไฟสถานีสูบ", category_code="2.2"), kind="routine",
        agency_code=DRAINAGE, fiscal_year_be=YEAR, actor=cast.anong, at=NOON,
    )  # fmt: skip

    answer = client.post(page("submission"), {"seen": str(seen)})

    assert answer.status_code == 409
    assert "ค่าไฟสถานีสูบ" in str(answer.context["changes"])
    assert Request.objects.get().state == "open"
    again = {"seen": str(answer.context["seen"])}
    assert client.post(page("submission"), again).status_code == 302


def test_a_request_whose_amounts_were_set_since_is_not_proposed(sign_in, asked, cast):
    budget.take_request_step(asked.pk, "submit", actor=cast.boonmee, at=NOON)
    client = sign_in("ganda")
    seen = client.get(page()).context["seen"]
    line = asked.agency.lines.get()
    for baht in (100, 200):
        budget.set_stage_amount(
            line.pk, Decimal(baht), reason="ราคากลาง", actor=cast.ganda, at=NOON
        )

    answer = client.post(page("proposal"), {"seen": str(seen)})

    assert answer.status_code == 409
    (change,) = answer.context["changes"]
    assert (change.before, change.after) == ("", "200.00")
    assert Request.objects.get().state == "submitted"


def test_a_draft_projects_line_is_no_change_of_the_request(sign_in, asked, cast, make):
    budget.take_request_step(asked.pk, "submit", actor=cast.boonmee, at=NOON)
    client = sign_in("ganda")
    seen = client.get(page()).context["seen"]
    make.entry("draft", name="ร่างที่ยังไม่เข้าแผน")

    assert client.post(page("proposal"), {"seen": str(seen)}).status_code == 302


def test_a_project_that_came_into_the_plan_changes_the_request(sign_in, asked, make):
    client = sign_in("boonmee")
    seen = client.get(page()).context["seen"]
    make.entry("in_plan", name="โครงการที่เพิ่งเข้าแผน")

    answer = client.post(page("submission"), {"seen": str(seen)})

    assert answer.status_code == 409
    assert "โครงการที่เพิ่งเข้าแผน" in str(answer.context["changes"])
    assert MEETING.is_complete


def test_whoever_reviewed_is_shown_no_button_to_include(sign_in, make):
    entry = make.entry("reviewed")
    assert "/inclusion/" not in sign_in("fah").get(address("decision", entry)).content.decode()
    assert "/inclusion/" in sign_in("lamai").get(address("decision", entry)).content.decode()
