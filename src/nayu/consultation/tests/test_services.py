"""Who may do what with an opinion, when, and what is recorded of it."""

import json
from datetime import timedelta
from importlib.resources import files

import pytest
from django.db import IntegrityError, transaction

from conftest import NOON
from nayu.audit.models import Event
from nayu.consultation import domain, queries, services
from nayu.consultation.models import Answer, Opinion
from nayu.consultation.services import AnswerInput
from nayu.consultation.tests.conftest import JULY, TEXT
from nayu.core.errors import NotPermitted, NotVisible
from nayu.publication.services import publish

YES = AnswerInput("adopted", "จำเป็นต่อความปลอดภัย", "เพิ่มโคมไฟ 40 ต้น")
NO = AnswerInput("not_adopted", "เงินไม่พอในปีนี้และมีไฟถนนแล้ว")


def test_only_the_strategy_department_opens_and_a_version_only_once(july, cast):
    with pytest.raises(NotPermitted):
        services.open_consultation(july.version.pk, JULY, actor=cast.anong, at=NOON)
    with pytest.raises(domain.AlreadyConsulted):
        services.open_consultation(july.version.pk, JULY, actor=cast.fah, at=NOON)
    later = publish(2570, kind="draft", actor=cast.fah, at=NOON)
    assert services.open_consultation(later.pk, JULY, actor=cast.fah, at=NOON)
    assert Event.objects.filter(verb="consultation.open").count() == 2


def test_a_strangers_opinion_is_published_at_once_without_a_name(july):
    opinion = july.leave(f"{TEXT} โทร 081-234-5678", about="goal", code="1.4.1")

    assert (opinion.state, opinion.number, opinion.author_kind) == ("published", 1, "public")
    assert opinion.element.number == "1.4.1"
    assert "081" not in opinion.text
    event = Event.objects.get(verb="opinion.leave")
    assert (event.actor_id, event.fiscal_year_be) == (None, 2570)
    assert TEXT not in json.dumps(event.facts) + event.subject_label


def test_sides_are_counted_of_what_is_published_and_taking_none_is_allowed(july, cast):
    for n, stance in enumerate(("for", "for", "against", "")):
        july.leave(f"{TEXT} {n}", about="project", code=july.code, stance=stance)
    held = july.leave(
        f"{TEXT} http://a.b http://c.d http://e.f", about="project", code=july.code, stance="for"
    )
    july.leave(f"{TEXT} ทั้งแผน", stance="against", key="other")

    assert held.state == "held"
    assert queries.sides_of_projects(2570) == {july.code: (2, 3)}
    assert queries.sides_of_projects(2569) == {}
    assert queries.sides(queries.opinions_of_project(2570, july.code)) == (2, 1)
    services.moderate_opinion(held.pk, publish=True, actor=cast.fah, at=NOON)
    assert queries.sides_of_projects(2570) == {july.code: (3, 4)}


def test_a_side_that_is_neither_is_refused(july):
    with pytest.raises(domain.StanceUnknown):
        july.leave(stance="maybe")
    assert not Opinion.objects.exists()


def test_opinions_are_taken_from_the_first_day_to_the_last(july):
    for days in (-14, 16):
        july.leave(f"{TEXT} {days}", at=NOON + timedelta(days=days))
    for days in (-15, 17):
        with pytest.raises(domain.ConsultationClosed):
            july.leave(at=NOON + timedelta(days=days))


def test_a_sender_is_stopped_after_five_and_others_are_not(july):
    for turn in range(5):
        july.leave(f"{TEXT} ข้อที่ {turn}")
    with pytest.raises(domain.TooManyOpinions):
        july.leave(f"{TEXT} ข้อที่ 6")
    assert july.leave(f"{TEXT} ข้อที่ 7", key="other").number == 6


def test_what_an_opinion_is_about_must_stand_in_the_published_version(july, make):
    unpublished = make.entry("draft", year=2570, name="ยังไม่เผยแพร่").project.code
    assert july.leave(about="project", code=july.code).frozen.project_code == july.code
    for about, code in [("project", unpublished), ("goal", "99.9"), ("planet", "")]:
        with pytest.raises(NotVisible):
            july.leave(about=about, code=code)


def test_a_partners_delegate_speaks_in_the_name_of_a_body_and_nobody_else_does(july, cast):
    with pytest.raises(domain.BodyMissing):
        july.leave(actor=cast.jira)
    opinion = july.leave(actor=cast.jira, body_id=july.body.pk)
    assert (opinion.author_kind, opinion.body) == ("partner", july.body)
    assert july.leave(f"{TEXT} อีก", body_id=july.body.pk).body is None


@pytest.mark.parametrize("who", ["ganda", "hathai", "itsara", "kwan"])
def test_a_post_without_the_right_leaves_no_opinion(july, cast, who):
    with pytest.raises(NotPermitted):
        july.leave(actor=getattr(cast, who))


def test_a_repeated_opinion_is_held_until_a_strategist_publishes_it(july, cast):
    july.leave()
    held = july.leave(TEXT.replace("ไฟ", "ไฟ "), key="other")
    assert (held.state, held.moderation_reason) == ("held", domain.REPEATED_OPINION)
    assert queries.figures([july.consultation.pk])[july.consultation.pk].count == 1
    with pytest.raises(NotPermitted):
        services.moderate_opinion(held.pk, publish=True, actor=cast.anong, at=NOON)
    with pytest.raises(domain.NotPublishedYet):
        services.answer_opinion(held.pk, NO, actor=cast.fah, at=NOON)
    services.moderate_opinion(held.pk, publish=True, actor=cast.fah, at=NOON)
    assert queries.figures([july.consultation.pk])[july.consultation.pk].count == 2


def test_hiding_needs_a_reason_and_leaves_a_mark(july, cast):
    opinion = july.leave()
    with pytest.raises(domain.ModerationReasonMissing):
        services.moderate_opinion(opinion.pk, publish=False, reason=" ", actor=cast.fah, at=NOON)
    services.moderate_opinion(opinion.pk, publish=False, reason="ด่าคน", actor=cast.fah, at=NOON)
    assert Event.objects.get(verb="opinion.moderate").reason == "ด่าคน"
    assert not queries.opinions(july.consultation).exists()


def test_a_planner_answers_on_own_projects_only_and_a_strategist_on_anything(july, cast):
    on_project = july.leave(about="project", code=july.code)
    on_goal = july.leave(f"{TEXT} 2", about="goal", code="1.4.1")
    for opinion, who in [
        (on_project, cast.chai),
        (on_project, cast.boonmee),
        (on_goal, cast.anong),
    ]:
        with pytest.raises(NotPermitted):
            services.answer_opinion(opinion.pk, NO, actor=who, at=NOON)

    answer = services.answer_opinion(on_project.pk, NO, actor=cast.anong, at=NOON)
    services.answer_opinion(on_goal.pk, YES, actor=cast.fah, at=NOON)

    assert answer.post_code == "planner-11000000"
    found = queries.figures([july.consultation.pk])[july.consultation.pk]
    assert (found.count, found.answered, found.adopted, found.not_adopted) == (2, 2, 1, 1)
    event = Event.objects.filter(verb="opinion.answer").earliest("pk")
    assert (event.agency_code, event.post_code) == ("11000000", "planner-11000000")


def test_an_answer_is_given_once_and_its_opinion_stays(july, cast):
    opinion = july.leave()
    services.answer_opinion(opinion.pk, NO, actor=cast.fah, at=NOON)
    with pytest.raises(domain.AlreadyAnswered):
        services.answer_opinion(opinion.pk, YES, actor=cast.fah, at=NOON)
    with pytest.raises(domain.AlreadyAnswered):
        services.moderate_opinion(opinion.pk, publish=False, reason="x", actor=cast.fah, at=NOON)


def test_an_adopted_opinion_leads_to_what_was_changed(july, cast):
    opinion = july.leave()
    later = publish(2570, kind="draft", actor=cast.fah, at=NOON)
    given = AnswerInput("adopted", YES.reason, YES.change, july.code, later.pk)
    answer = services.answer_opinion(opinion.pk, given, actor=cast.fah, at=NOON)
    assert (answer.change_frozen.version, answer.change_version) == (later, later)

    other = july.leave(f"{TEXT} 2")
    wrong = AnswerInput("adopted", YES.reason, YES.change, "no-such-project")
    with pytest.raises(NotVisible):
        services.answer_opinion(other.pk, wrong, actor=cast.fah, at=NOON)
    assert not Answer.objects.filter(opinion=other).exists()


def test_the_database_refuses_an_adoption_without_a_change(july, cast):
    opinion = july.leave()
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(
            opinion=opinion, outcome="adopted", reason_th="x", answered_by_id=cast.fah.user_id,
            post_code="strategist", post_title_th="x", at=NOON,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.filter(pk=opinion.pk).update(about_kind="goal")


def test_a_desk_shows_each_post_what_it_may_work_on(july, cast):
    mine = july.leave(about="project", code=july.code)
    july.leave(f"{TEXT} 2")
    held = july.leave(f"{TEXT} http://a http://b http://c")
    assert set(queries.unanswered_at_desk(cast.anong)) == {mine}
    assert not queries.unanswered_at_desk(cast.chai).exists()
    assert queries.unanswered_at_desk(cast.fah).count() == 2
    assert list(queries.held_at_desk(cast.fah)) == [held]
    assert not queries.held_at_desk(cast.anong).exists()
    assert not queries.may_use_desk(cast.jira)


def test_pages_by_key_show_every_opinion_once_and_lead_back(july):
    made = [july.leave(f"{TEXT} ข้อ {n}", key=str(n)).pk for n in range(7)]
    seen, before, pages = [], None, []
    while True:
        page = queries.opinions_page(july.consultation, queries.Filters(), before=before, size=3)
        pages.append(page)
        seen += [o.pk for o in page.opinions]
        before = page.before
        if before is None:
            break
    assert seen == made[::-1]
    back = queries.opinions_page(july.consultation, queries.Filters(), after=pages[1].after, size=3)
    assert (back.opinions, back.after) == (pages[0].opinions, None)


def test_a_page_of_opinions_takes_the_same_queries_however_many(july, django_assert_num_queries):
    for n in range(6):
        july.leave(f"{TEXT} ข้อ {n}", key=str(n), about="goal", code="1.4.1")
    with django_assert_num_queries(2):
        page = queries.opinions_page(july.consultation, queries.Filters())
        [(o.element.framework.code, o.consultation.version.number) for o in page.opinions]


def test_the_samples_opinions_all_pass_the_rules_and_come_out_the_same_twice(july, cast):
    data = files("nayu.practice").joinpath("data", "opinions.json").read_text(encoding="utf-8")
    version = publish(2570, kind="draft", actor=cast.fah, at=NOON)
    rows = json.loads(data)
    codes = {row["project"]: july.code for row in rows if row["about"] == "project"}

    made = services.write_sample(
        version, NOON - timedelta(days=14), opinions=rows, project_codes=codes
    )

    found = queries.figures([made.pk])[made.pk]
    assert found.count == len(rows) - 1  # one shows what is held
    assert 65 <= found.share_percent <= 85
    assert min(found.adopted, found.in_part, found.not_adopted) > 0
    assert Opinion.objects.filter(consultation=made, author_kind="partner").exists()
    assert max(o.answer.at for o in queries.opinions(made).exclude(answer=None)) <= NOON
