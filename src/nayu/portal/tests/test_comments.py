"""Returned and not approved differ; each has a reason where it belongs; comments stay until resolved."""

import pytest
from django.urls import reverse

from conftest import DRAINAGE, MEETING, NOON
from nayu.approvals.domain import MeetingMissing, ReasonMissing, StepNotAllowed
from nayu.approvals.models import Comment, Decision
from nayu.approvals.queries import open_comment_counts, threads_of
from nayu.audit.models import Event
from nayu.budget import services as budget
from nayu.budget.queries import lines_outside_the_plan, uses, working_books
from nayu.core.errors import NotPermitted
from nayu.portal.queries.desks import work_of
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


def at(name, entry, *more):
    return reverse(f"portal:{name}", args=[YEAR, entry.project.code, *more])


def text_of(response):
    return response.content.decode()


# --- Not approved -------------------------------------------------------------------------------


def test_not_approved_is_final_and_is_read_with_its_reason(make, cast, sign_in):
    entry = make.entry("endorsed")
    with pytest.raises(ReasonMissing):
        projects.take_step(entry.pk, "reject", actor=cast.fah, at=NOON)
    projects.take_step(entry.pk, "reject", actor=cast.fah, at=NOON, reason="ซ้ำกับโครงการของเขต")

    entry = ProjectEntry.objects.get(pk=entry.pk)
    assert entry.state == "rejected"
    with pytest.raises(StepNotAllowed):
        budget.submit_entry(entry.pk, actor=cast.anong, at=NOON)
    with pytest.raises(NotPermitted):
        projects.save_entry(
            entry.pk, EntryInput(), revision=entry.revision, actor=cast.anong, at=NOON
        )
    for name in ("anong", "boonmee", "fah", "itsara"):
        assert "ซ้ำกับโครงการของเขต" in text_of(sign_in(name).get(at("decision", entry)))
    assert "ซ้ำกับโครงการของเขต" in text_of(sign_in("anong").get("/my-work/"))


def test_the_committee_refuses_what_passed_the_review_in_a_meeting(make, cast):
    entry = make.entry("reviewed")
    with pytest.raises(MeetingMissing):
        projects.take_step(entry.pk, "reject", actor=cast.lamai, at=NOON, reason="เกินวงเงิน")
    projects.take_step(
        entry.pk, "reject", actor=cast.lamai, at=NOON, reason="เกินวงเงิน", meeting=MEETING
    )
    assert Decision.objects.get(step="reject").meeting_number == MEETING.number


def test_the_head_of_an_agency_returns_and_does_not_refuse(make, cast):
    entry = make.entry("submitted")
    with pytest.raises(StepNotAllowed):
        projects.take_step(entry.pk, "reject", actor=cast.boonmee, at=NOON, reason="x")


def test_what_was_not_approved_asks_for_no_money(make, cast):
    make.entry("rejected")
    assert working_books(YEAR, "requested").total_baht() == 0
    assert not lines_outside_the_plan(DRAINAGE, YEAR).exists()
    assert sum(use.asked_baht for use in uses(DRAINAGE, YEAR, with_drafts=True)) == 0


def test_what_was_not_approved_waits_for_nobody_and_may_begin_anew_later(make, cast, sign_in):
    entry = make.entry("rejected")
    for name in ("anong", "boonmee", "fah", "lamai"):
        work = work_of(getattr(cast, name), NOON.date())
        assert not work.waiting_for_me + work.to_fix + work.drafts + work.on_others
    answer = sign_in("anong").post(
        reverse("portal:project_continuation", args=[YEAR + 1, entry.project.code])
    )
    assert answer.status_code == 302
    assert ProjectEntry.objects.get(fiscal_year_be=YEAR + 1).state == "draft"


def test_the_list_counts_the_money_of_what_was_not_approved_only_when_asked_for(make, sign_in):
    make.entry("rejected")
    client = sign_in("fah")
    page = client.get(f"/{YEAR}/projects/?view=working")
    assert (page.context["count"], page.context["total"]) == (1, 0)
    page = client.get(f"/{YEAR}/projects/?view=working&state=rejected")
    assert page.context["total"] == 4_500_000


# --- Reasons on fields --------------------------------------------------------------------------


def test_a_return_with_reasons_on_parts_leaves_open_comments_there(make, sign_in):
    entry = make.entry("submitted")
    line, client = entry.lines.get(), sign_in("boonmee")
    sent = {
        "seen": str(client.get(at("decision", entry)).context["seen"]),
        "at-0": "promises", "text-0": "กี่คนนับจากไหน",
        "at-1": f"line:{line.pk}", "text-1": "ราคาสูงกว่าปีก่อน",
    }  # fmt: skip

    assert client.post(at("project_return", entry), sent).status_code == 302

    decision = Decision.objects.get(step="return")
    assert decision.reason == "กี่คนนับจากไหน\nราคาสูงกว่าปีก่อน"
    told = [(c.field, c.line_id, c.text, c.is_resolved) for c in decision.remarks.order_by("id")]
    assert told == [
        ("promises", None, "กี่คนนับจากไหน", False), ("", line.pk, "ราคาสูงกว่าปีก่อน", False),
    ]  # fmt: skip
    page = text_of(sign_in("anong").get(at("edit_section", entry, "promises")))
    assert "กี่คนนับจากไหน" in page
    assert "ราคาสูงกว่าปีก่อน" not in page


def test_a_comment_stands_where_it_is_corrected_and_leads_back_there(make, sign_in):
    entry = make.entry("draft")
    line, client = entry.lines.get(), sign_in("anong")
    on_line = {"at": f"line:{line.pk}", "text": "เทียบราคากลาง", "back": "lines"}
    on_whole = {"at": "", "text": "ซ้ำกับปีก่อนหรือไม่", "back": "basics"}

    to_line = client.post(at("comment_writing", entry), on_line)["Location"]
    to_whole = client.post(at("comment_writing", entry), on_whole)["Location"]

    assert to_line.split("#")[0] == at("lines", entry)
    assert to_whole.split("#")[0] == at("edit_section", entry, "basics")
    pages = {
        name: text_of(client.get(address))
        for name, address in {
            "lines": at("lines", entry),
            "basics": at("edit_section", entry, "basics"),
            "risks": at("edit_section", entry, "risks"),
        }.items()
    }
    assert [name for name, page in pages.items() if "เทียบราคากลาง" in page] == ["lines"]
    assert [name for name, page in pages.items() if "ซ้ำกับปีก่อนหรือไม่" in page] == ["basics"]


def test_a_refused_return_keeps_what_was_typed_and_writes_no_comment(make, sign_in):
    entry, client = make.entry("submitted"), sign_in("boonmee")
    answer = client.post(
        at("project_return", entry), {"seen": "1", "at-0": "method", "text-0": "ยังไม่ชัด"}
    )
    assert answer.status_code == 409
    assert "ยังไม่ชัด" in text_of(answer)
    assert not Comment.objects.exists()


# --- Comments -----------------------------------------------------------------------------------


def test_both_sides_see_answer_and_resolve_a_comment(make, sign_in):
    entry = make.entry("endorsed")
    where = {"at": "rationale", "text": "ตัวเลขมาจากไหน"}
    assert sign_in("fah").post(at("comment_writing", entry), where).status_code == 302
    (thread,) = threads_of("project", entry.pk)
    client = sign_in("anong")
    assert "ตัวเลขมาจากไหน" in text_of(client.get(at("decision", entry)))
    client.post(at("comment_answer", entry, thread.pk), {"text": "จากรายงานปี 2567"})
    reply = thread.answers.get()
    client.post(at("comment_answer", entry, reply.pk), {"text": "หน้า 12"})
    assert Comment.objects.filter(thread=thread).count() == 2
    assert open_comment_counts("project", [entry.pk]) == {entry.pk: 1}

    client = sign_in("fah")
    client.post(at("comment_resolution", entry, thread.pk))
    assert open_comment_counts("project", [entry.pk]) == {}
    client.post(at("comment_resolution", entry, thread.pk), {"open": "1"})
    assert open_comment_counts("project", [entry.pk]) == {entry.pk: 1}
    verbs = list(Event.objects.filter(verb__startswith="comment.").values_list("verb", flat=True))
    assert verbs == [
        "comment.write", "comment.reply", "comment.reply", "comment.resolve", "comment.reopen",
    ]  # fmt: skip
    assert "ตัวเลขมาจากไหน" not in str(list(Event.objects.values_list("facts", flat=True)))


def test_the_same_comment_sent_twice_is_one(make, sign_in):
    entry, client = make.entry("endorsed"), sign_in("fah")
    for _time in range(2):
        client.post(at("comment_writing", entry), {"at": "", "text": "ขอเอกสาร"})
    assert Comment.objects.count() == 1


def test_an_empty_comment_is_a_sentence(make, sign_in):
    entry = make.entry("endorsed")
    answer = sign_in("fah").post(at("comment_writing", entry), {"text": "  "})
    assert answer.status_code == 409
    assert not Comment.objects.exists()


def test_a_comment_does_not_make_what_is_decided_on_another_version(make, sign_in):
    entry, client = make.entry("endorsed"), sign_in("fah")
    seen = client.get(at("decision", entry)).context["seen"]
    client.post(at("comment_writing", entry), {"text": "ดีแล้ว"})
    assert client.post(at("project_review", entry), {"seen": str(seen)}).status_code == 302


@pytest.mark.parametrize("name", ["chai", "jira", "kwan"])
def test_whoever_may_not_see_the_project_finds_no_comment_of_it(make, sign_in, name):
    entry = make.entry("submitted")
    sign_in("anong").post(at("comment_writing", entry), {"text": "คำที่ซ่อนอยู่"})
    thread = Comment.objects.get()
    client = sign_in(name)
    assert client.get(at("decision", entry)).status_code == 404
    assert client.post(at("comment_answer", entry, thread.pk), {"text": "x"}).status_code == 404


def test_a_comment_of_another_project_is_not_reached_through_this_one(make, sign_in):
    one, other = make.entry("endorsed"), make.entry("endorsed", name="อีกโครงการ")
    client = sign_in("fah")
    client.post(at("comment_writing", one), {"text": "ของโครงการแรก"})
    address = at("comment_resolution", other, Comment.objects.get().pk)
    assert client.post(address).status_code == 404
