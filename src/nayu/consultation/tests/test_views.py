"""Pages of consultation as strangers, delegates, planners and strategists meet them."""

import pytest
from django.contrib.messages import get_messages
from django.template import Context, Template
from django.test import Client

from conftest import NOON
from nayu.agencies.models import Appointment
from nayu.consultation import services
from nayu.consultation.models import Opinion
from nayu.consultation.services import AnswerInput
from nayu.consultation.tests.conftest import TEXT
from nayu.publication.models import PlanVersion

pytestmark = [pytest.mark.django_db, pytest.mark.urls("nayu.consultation.tests.places")]
NO = AnswerInput("not_adopted", "เงินไม่พอในปีนี้และมีไฟถนนแล้ว")
YES = AnswerInput("adopted", "จำเป็นต่อความปลอดภัย", "เพิ่มโคมไฟ 40 ต้น")


def page(response) -> str:
    return response.content.decode()


def send(client, **fields):
    return client.post("/opinions/2570/opinions/", {"about": "plan", "text": TEXT, **fields})


def test_the_list_tells_what_is_open_and_how_much_is_answered(july, cast, client):
    services.answer_opinion(july.leave().pk, NO, actor=cast.fah, at=NOON)
    shown = page(client.get("/opinions/"))
    assert "รับฟังร่างแผนปี 2570" in shown
    assert "100.0%" in shown


def test_a_stranger_reads_opinions_beside_answers_and_no_names(july, cast, users, client):
    opinion = july.leave(about="project", code=july.code, key="hash-of-a-sender")
    services.answer_opinion(opinion.pk, YES, actor=cast.anong, at=NOON)
    for address in ("/opinions/2570/", f"/opinions/2570/{opinion.pk}/"):
        shown = page(client.get(address))
        for words in (TEXT, "ประชาชน ลำดับที่ 1", "เพิ่มโคมไฟ 40 ต้น", "รับไปปรับแผน"):
            assert words in shown
        for private in (users.anong.display_name, opinion.client_key):
            assert private not in shown


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {1, 2, 3}), ("?about=goal", {2}), ("?about=goal&code=1.4.1", {2}),
        ("?about=goal&code=9", set()), ("?about=project", {1}), ("?answered=yes", {1}),
        ("?answered=no", {2, 3}), ("?outcome=adopted", set()), ("?outcome=not_adopted", {1}),
        ("?about=nonsense&before=x&after=%F0&round=", {1, 2, 3}),
    ],
)  # fmt: skip
def test_filters_narrow_the_list(july, cast, client, query, numbers):
    first = july.leave(about="project", code=july.code)
    july.leave(f"{TEXT} 2", about="goal", code="1.4.1")
    july.leave(f"{TEXT} 3")
    services.answer_opinion(first.pk, NO, actor=cast.fah, at=NOON)
    response = client.get(f"/opinions/2570/{query}")
    assert {row.number for row in response.context["rows"]} == numbers


def test_an_opinion_sent_by_a_stranger_is_on_the_page_at_once(july, client):
    response = send(client, about="goal:1.4.1")
    made = Opinion.objects.get()
    assert response.url == f"/opinions/2570/{made.pk}/"
    assert TEXT in page(client.get("/opinions/2570/"))


def test_a_text_of_100_000_characters_gets_a_sentence_and_is_still_in_the_field(july, client):
    long = "ขอไฟริมคลอง " * 8334
    response = send(client, text=long)
    assert response.status_code == 422
    assert "รับได้ไม่เกิน 4,000 ตัวอักษร" in page(response)
    assert long.strip() in page(response)
    assert not Opinion.objects.exists()


def test_the_sixth_opinion_of_an_hour_is_refused_and_its_words_are_kept(july, client):
    for turn in range(5):
        assert send(client, text=f"{TEXT} {turn}").status_code == 302
    response = send(client, text=f"{TEXT} ข้อหก")
    assert response.status_code == 429
    assert f"{TEXT} ข้อหก" in page(response)
    assert "ครบ 5 ความคิดเห็น" in page(response)


def test_after_the_last_day_the_form_closes_and_a_late_text_is_kept(july, client, settings):
    settings.TODAY = NOON.date().replace(month=8)
    assert "<textarea" not in page(client.get("/opinions/2570/new/"))
    response = send(client)
    assert response.status_code == 409
    assert TEXT in page(response)


def test_the_trap_for_machines_keeps_the_opinion_out(july, client):
    assert send(client, website="http://spam").status_code == 422
    assert not Opinion.objects.exists()


def test_a_post_without_a_token_is_refused(july):
    assert send(Client(enforce_csrf_checks=True)).status_code == 403


def test_a_held_opinion_is_not_public_and_its_writer_is_told_why(july, cast, users, client):
    response = send(client, text=f"{TEXT} http://a.b http://c.d http://e.f")
    held = Opinion.objects.get()
    assert "มีลิงก์เกินสองแห่ง" in str(next(iter(get_messages(response.wsgi_request))))
    assert client.get(f"/opinions/2570/{held.pk}/").status_code == 404
    client.force_login(users.fah)
    assert client.get(f"/opinions/2570/{held.pk}/").status_code == 200
    client.post(f"/opinions/2570/{held.pk}/moderation/", {"act": "publish"})
    assert Opinion.objects.get().state == "published"


def test_markup_in_an_opinion_is_shown_as_letters(july, client):
    july.leave("<script>alert(1)</script> ขอไฟส่องทาง")
    assert "<script>alert" not in page(client.get("/opinions/2570/"))


@pytest.mark.parametrize(
    "address",
    [
        "/opinions/2571/", "/opinions/2570/999/", "/opinions/2570/new/?about=project&code=nope",
        "/opinions/2570/new/?about=goal&code=99", "/opinions/desk/", "/opinions/new/",
        "/opinions/2570/?round=999",
    ],
)  # fmt: skip
def test_what_is_not_there_or_not_for_strangers_is_not_found(july, client, address):
    assert client.get(address).status_code == 404


def test_a_project_page_leads_to_a_form_on_that_project(july, client):
    shown = client.get(f"/opinions/2570/new/?about=project&code={july.code}")
    assert "ลอกคลองบางเขน" in page(shown)
    assert send(client, about=f"project:{july.code}").status_code == 302
    assert Opinion.objects.get().frozen.project_code == july.code


def test_a_delegate_chooses_a_body_and_the_page_names_it(july, users, client):
    client.force_login(users.jira)
    assert send(client).status_code == 422
    assert send(client, body=july.body.pk).status_code == 302
    shown = page(Client().get("/opinions/2570/"))
    assert "การไฟฟ้านครหลวง" in shown
    assert users.jira.display_name not in shown


def test_a_planner_answers_from_the_desk_and_mistakes_keep_the_words(july, users, client):
    opinion = july.leave(about="project", code=july.code)
    july.leave(f"{TEXT} 2", about="goal", code="1.4.1")
    client.force_login(users.anong)
    desk = client.get("/opinions/desk/")
    assert [row.number for row in desk.context["rows"]] == [1]
    address = f"/opinions/2570/{opinion.pk}/answer/"
    given = {"outcome": "adopted", "reason": "จำเป็นต่อความปลอดภัยของคนเดิน"}
    refused = client.post(address, given)
    assert refused.status_code == 422
    assert given["reason"] in page(refused)
    wrong = client.post(address, {**given, "change": "เพิ่มไฟ", "change_project_code": "x"})
    assert wrong.status_code == 422
    done = client.post(address, {**given, "change": "เพิ่มโคมไฟ", "change_project_code": july.code})
    assert done.url == f"/opinions/2570/{opinion.pk}/"
    assert "เพิ่มโคมไฟ" in page(Client().get(done.url))


def test_another_agencys_planner_is_refused(july, users, client):
    opinion = july.leave(about="project", code=july.code)
    client.force_login(users.chai)
    response = client.post(
        f"/opinions/2570/{opinion.pk}/answer/", {"outcome": "not_adopted", "reason": "x" * 20}
    )
    assert response.status_code == 409
    assert not hasattr(Opinion.objects.get(), "answer")


def test_a_second_answer_is_refused_with_a_sentence(july, cast, users, client):
    opinion = july.leave()
    services.answer_opinion(opinion.pk, NO, actor=cast.fah, at=NOON)
    client.force_login(users.fah)
    response = client.post(
        f"/opinions/2570/{opinion.pk}/answer/", {"outcome": "not_adopted", "reason": "x" * 20}
    )
    assert response.status_code == 409
    assert "มีคำตอบของกรุงเทพมหานครแล้ว" in page(response)


def test_a_strategist_opens_a_round_with_thai_dates(july, cast, users, client):
    version = PlanVersion.objects.get()
    version.pk, version.number = None, 2
    version.save()
    client.force_login(users.fah)
    given = {"version": version.pk, "title_th": "รอบสอง", "first_day": "๑ ส.ค. ๒๕๖๘"}
    assert client.get("/opinions/new/").status_code == 200
    assert client.post("/opinions/consultations/", {**given, "last_day": "x"}).status_code == 422
    assert (
        client.post("/opinions/consultations/", {**given, "last_day": "1/7/2568"}).status_code
        == 422
    )
    done = client.post("/opinions/consultations/", {**given, "last_day": "31 ส.ค. 2568"})
    assert done.url == "/opinions/2570/"
    second = version.consultation
    assert f"?round={second.pk}" in page(client.get("/opinions/2570/"))
    shown = page(client.get(f"/opinions/2570/?round={second.pk}"))
    assert "รอบสอง" in shown


def draw(tag, **context):
    return Template("{% load opinions %}{% " + tag + " %}").render(Context(context))


def test_cards_and_lists_for_other_pages_are_whole_with_nothing_and_with_something(july, cast):
    version = july.version
    july.leave(about="project", code=july.code)
    services.answer_opinion(Opinion.objects.get().pk, NO, actor=cast.fah, at=NOON)

    project = draw("opinions_of_project v c", v=version, c=july.code)
    assert TEXT in project
    assert f"?about=project&amp;code={july.code}" in project
    assert "ยังไม่มีความคิดเห็น" in draw("opinions_of_element v '1.4.1'", v=version)
    assert draw("opinions_of_project v c", v=None, c=july.code).strip() == ""
    assert "100.0%" in draw("consultation_card 2570")
    assert draw("consultation_card 2569").strip() == ""


def test_what_arrives_in_english_reads_english(july, users, client):
    assert Appointment.objects.exists()
    client.cookies["django_language"] = "en"
    for address in ("/opinions/", "/opinions/2570/", "/opinions/2570/new/"):
        assert "Leave an opinion" in page(client.get(address))


def test_a_side_that_is_taken_stands_beside_the_opinion_and_on_the_projects_page(july, client):
    assert send(client, about=f"project:{july.code}", stance="for").status_code == 302
    assert send(client, about=f"project:{july.code}", text=f"{TEXT} สอง").status_code == 302
    assert [o.stance for o in Opinion.objects.order_by("pk")] == ["for", ""]
    shown = draw("opinions_of_project v c", v=july.version, c=july.code)
    assert "จาก 2 ความคิดเห็น เห็นด้วย 1 ไม่เห็นด้วย 0" in shown
    assert send(client, stance="maybe").status_code == 422
