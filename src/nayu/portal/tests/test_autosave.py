"""The writing desk saves each field by itself, and nobody is overwritten unseen."""

import json

import pytest
from django.urls import reverse

from conftest import NOON, promise
from nayu.audit.models import Event
from nayu.projects import services as projects
from nayu.projects.models import ProjectEntry, Unfinished
from nayu.projects.services import EntryInput

YEAR = 2570


@pytest.fixture
def entry(make):
    return make.entry("draft")


@pytest.fixture
def desk(client, users, entry):
    """Send changed fields of a part as one of the cast; a change is (read, typed)."""

    def send(section, who="anong", **changes):
        client.force_login(getattr(users, who))
        return client.post(address(entry, section), pairs(changes), content_type="application/json")

    return send


def address(entry, section):
    return reverse("portal:autosave", args=[YEAR, entry.project.code, section])


def pairs(changes):
    return json.dumps(
        {name.replace("__", "-"): {"base": b, "typed": t} for name, (b, t) in changes.items()}
    )


def fresh(entry):
    return ProjectEntry.objects.get(pk=entry.pk)


def test_a_text_saves_itself_with_one_event_of_what_changed(desk, entry):
    answer = desk("rationale", rationale=(entry.rationale, "คลองแคบลงทุกปี")).json()

    assert fresh(entry).rationale == "คลองแคบลงทุกปี"
    assert answer["stored"] == {"rationale": "คลองแคบลงทุกปี"}
    assert answer["conflicts"] == {}
    event = Event.objects.filter(verb="project.edit").latest("pk")
    assert event.facts == {"changed": {"rationale": [entry.rationale, "คลองแคบลงทุกปี"]}}


def test_the_same_text_again_is_no_second_save(desk, entry):
    before = Event.objects.count()
    for _ in range(3):
        assert desk("rationale", rationale=(entry.rationale, "คลองแคบ")).status_code == 200

    assert fresh(entry).revision == entry.revision + 1
    assert Event.objects.count() == before + 1


def test_two_people_on_two_fields_of_a_part_both_save(desk, entry):
    desk("targets", target_quantity=(entry.target_quantity, "10 แห่ง"))
    desk("targets", target_quality=(entry.target_quality, "ร้อยละ 90 พอใจ"))

    saved = fresh(entry)
    assert (saved.target_quantity, saved.target_quality) == ("10 แห่ง", "ร้อยละ 90 พอใจ")


def test_the_second_on_one_field_is_shown_the_first_and_chooses(desk, entry):
    read = entry.rationale
    desk("rationale", rationale=(read, "ของคนแรก"))
    answer = desk("rationale", rationale=(read, "ของคนที่สอง")).json()

    assert answer["conflicts"] == {"rationale": "ของคนแรก"}
    assert "rationale" not in answer["stored"]
    assert answer["who"]
    assert fresh(entry).rationale == "ของคนแรก"

    desk("rationale", rationale=("ของคนแรก", "ของคนที่สอง"))
    assert fresh(entry).rationale == "ของคนที่สอง"


def test_a_row_that_is_not_whole_yet_is_kept_for_its_writer_and_stands_nowhere(
    desk, entry, client, users
):
    answer = desk(
        "promises", **{"promise-1-who_th": ("", "คนเดินเท้า"), "promise-1-number": ("", "หลายคน")}
    ).json()

    assert set(answer["waiting"]) == {"promise-1-who_th", "promise-1-number"}
    assert "หลายคน" in answer["problems"]["promise-1-number"]
    assert entry.promises.count() == 1
    page = reverse("portal:edit_section", args=[YEAR, entry.project.code, "promises"])
    own = client.get(page).content.decode()
    assert 'value="หลายคน"' in own
    assert "คนเดินเท้า" in own
    client.force_login(users.boonmee)
    assert "คนเดินเท้า" not in client.get(page).content.decode()


def test_a_row_becomes_a_promise_once_it_is_whole(desk, entry):
    desk("promises", **{"promise-1-who_th": ("", "คนเดินเท้า")})
    answer = desk(
        "promises",
        **{
            "promise-1-who_th": ("", "คนเดินเท้า"), "promise-1-number": ("", "๒,๔๐๐"),
            "promise-1-change_th": ("", "เดินถึงสถานีโดยไม่ลงถนน"), "promise-1-from_month": ("", "7"),
        },
    ).json()  # fmt: skip

    assert answer["waiting"] == []
    new = entry.promises.order_by("order").last()
    assert (new.order, new.who_th, new.number) == (2, "คนเดินเท้า", 2400)
    assert not Unfinished.objects.exists()


def test_rows_keep_their_numbers_when_others_remove_theirs(desk, entry, cast):
    both = (promise(order=1), promise(order=2, who_th="คนเดินเท้า"))
    projects.save_entry(
        entry.pk, EntryInput(promises=both), revision=entry.revision, actor=cast.anong, at=NOON
    )
    first = both[0]
    gone = {
        f"promise-0-{name}": (str(getattr(first, name)), "")
        for name in (
            "who_th",
            "who_en",
            "number",
            "change_th",
            "change_en",
            "lasts_th",
            "evidence_th",
            "share_percent",
        )
    }
    desk("promises", **gone)
    desk("promises", **{"promise-1-change_th": (both[1].change_th, "ทางเท้าไม่มีน้ำขัง")})

    (left,) = entry.promises.all()
    assert (left.order, left.who_th, left.change_th) == (2, "คนเดินเท้า", "ทางเท้าไม่มีน้ำขัง")


def test_a_good_field_is_saved_beside_one_that_is_not(desk, entry):
    answer = desk("basics", name_th=(entry.name_th, ""), name_en=(entry.name_en, "Canal")).json()

    assert answer["waiting"] == ["name_th"]
    saved = fresh(entry)
    assert (saved.name_th, saved.name_en) == (entry.name_th, "Canal")


def test_somebody_signed_out_is_told_so_and_nothing_is_lost_on_the_way(client, entry):
    response = client.post(
        address(entry, "rationale"),
        pairs({"rationale": ("", "x")}),
        content_type="application/json",
    )
    assert response.status_code == 401
    assert response.json() == {"signed_out": True}


@pytest.mark.parametrize(
    ("who", "state", "status"),
    [("chai", "draft", 404), ("fah", "draft", 404), ("boonmee", "draft", 409),
     ("anong", "submitted", 409), ("anong", "returned", 200)],
)  # fmt: skip
def test_only_who_may_edit_saves(desk, entry, who, state, status):
    ProjectEntry.objects.filter(pk=entry.pk).update(state=state)
    response = desk("rationale", who, rationale=(entry.rationale, "แก้"))

    assert response.status_code == status
    assert (fresh(entry).rationale == "แก้") == (status == 200)


@pytest.mark.parametrize(
    "body", ["", "[]", "null", '{"rationale": 1}', '{"rationale": {"base": ""}}', "{", "\xff"]
)
def test_what_is_no_form_is_refused_in_words(client, users, entry, body):
    client.force_login(users.anong)
    response = client.post(address(entry, "rationale"), body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["sentence"]


def test_fields_of_another_part_are_not_taken(desk, entry):
    desk("rationale", state=("draft", "in_plan"), method=(entry.method, "อื่น"))
    assert fresh(entry).method == entry.method
    assert fresh(entry).state == "draft"


def test_a_text_beyond_the_limit_stays_typed_with_its_sentence(desk, entry):
    long = "ก" * 60_000
    answer = desk("rationale", rationale=(entry.rationale, long)).json()

    assert answer["waiting"] == ["rationale"]
    assert "60000" in answer["problems"]["rationale"] or "60,000" in answer["problems"]["rationale"]
    assert fresh(entry).rationale == entry.rationale


def test_a_text_costs_few_questions(desk, entry, django_assert_max_num_queries):
    desk("rationale", rationale=(entry.rationale, "ก"))
    with django_assert_max_num_queries(16):
        desk("rationale", rationale=("ก", "กข"))


def test_the_list_of_parts_follows(client, users, entry):
    client.force_login(users.anong)
    page = client.get(reverse("portal:edit_contents", args=[YEAR, entry.project.code, "rationale"]))
    assert page.status_code == 200
    assert "<html" not in page.content.decode()
    assert "ประชาชนได้อะไร" in page.content.decode()
