"""The table of lines: many cells at once, two people, rows sent twice, and figures as people paste."""

import json
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from conftest import CAST, NOON
from nayu.audit.models import Event
from nayu.budget import services as budget
from nayu.budget.models import Line
from nayu.budget.services.grid import MOST_ROWS

pytestmark = pytest.mark.django_db
YEAR = 2570


@pytest.fixture
def entry(make):
    return make.entry("draft")


@pytest.fixture
def anong(client, users):
    client.force_login(users.anong)
    return client


def at(name, entry):
    return reverse(f"portal:{name}", args=[entry.fiscal_year_be, entry.project.code])


def send(client, entry, **cells):
    body = {name: {"base": base, "typed": typed} for name, (base, typed) in cells.items()}
    return client.post(at("grid_cells", entry), json.dumps(body), content_type="application/json")


def fresh(key="a1", **changes):
    values = {
        "item": "เครื่องสูบน้ำ", "category": "3.1", "quantity": "๒", "unit": "เครื่อง",
        "unit_price": "๑,๕๐๐", **changes,
    }  # fmt: skip
    return {f"new-{key}-{name}": ("", text) for name, text in values.items()}


def test_cells_of_lines_and_new_rows_are_stored_with_one_event_each(anong, entry):
    line = entry.lines.get()
    before = Event.objects.count()
    answer = send(anong, entry, **{f"line-{line.pk}-quantity": ("3", "๔.๕")}, **fresh()).json()
    line.refresh_from_db()
    made = Line.objects.get(pk=answer["lines"]["new-a1"])
    assert line.quantity == Decimal("4.5")
    assert (made.item, made.quantity, made.unit_price) == ("เครื่องสูบน้ำ", 2, 1500)
    assert made.price_evidence == ""
    assert line.price_evidence == "ราคากลาง"  # what the table does not show stays
    assert Event.objects.count() == before + 2
    assert (answer["problems"], answer["conflicts"]) == ({}, {})


def test_a_table_sent_twice_adds_nothing_twice(anong, entry):
    first = send(anong, entry, **fresh()).json()
    again = send(anong, entry, **fresh()).json()
    assert again["lines"] == first["lines"]
    assert entry.lines.count() == 2
    send(anong, entry, **fresh(quantity="3"))
    assert Line.objects.get(pk=first["lines"]["new-a1"]).quantity == 2  # another wrote 2 meanwhile


def test_two_rows_of_the_same_words_are_two_lines(anong, entry):
    send(anong, entry, **fresh("a1"), **fresh("a2"))
    assert entry.lines.count() == 3


def test_new_rows_become_lines_in_the_order_of_the_table(anong, entry):
    items = [f"รายการที่ {number}" for number in range(9)]
    rows = {}
    for number, item in enumerate(items):
        rows |= fresh(f"r{number}", item=item)
    send(anong, entry, **rows)
    assert list(entry.lines.order_by("order").values_list("item", flat=True))[1:] == items


def test_a_faulty_row_waits_and_the_others_are_stored(anong, entry):
    answer = send(anong, entry, **fresh("a1", quantity="มาก"), **fresh("a2")).json()
    assert list(answer["lines"]) == ["new-a2"]
    assert set(answer["problems"]) == {"new-a1-quantity"}
    assert "มาก" in answer["problems"]["new-a1-quantity"]
    assert not any(name.startswith("new-a1") for name in answer["stored"])
    assert entry.lines.count() == 2


@pytest.mark.parametrize(
    ("cell", "text"),
    [("quantity", "-1"), ("quantity", "1.2345"), ("unit_price", "10.50"), ("unit", ""),
     ("item", " "), ("category", "9.9"), ("unit_price", "9" * 15), ("promise", "7")],
)  # fmt: skip
def test_what_cannot_be_is_told_beside_its_cell(anong, entry, cell, text):
    answer = send(anong, entry, **fresh(**{cell: text})).json()
    assert answer["lines"] == {}
    assert any(name.startswith("new-a1-") for name in answer["problems"])
    assert entry.lines.count() == 1


def test_two_people_on_one_cell_are_asked_and_other_cells_are_merged(anong, entry):
    line = entry.lines.get()
    cell, unit = f"line-{line.pk}-quantity", f"line-{line.pk}-unit"
    send(anong, entry, **{cell: ("3", "5")})
    answer = send(anong, entry, **{cell: ("3", "7"), unit: ("กิโลเมตร", "กม.")}).json()
    line.refresh_from_db()
    assert answer["conflicts"] == {cell: "5"}
    assert answer["who"]
    assert (line.quantity, line.unit) == (5, "กม.")
    send(anong, entry, **{cell: ("5", "7")})
    line.refresh_from_db()
    assert line.quantity == 7


def test_a_row_is_taken_out_and_one_that_is_gone_is_told(anong, entry):
    line = entry.lines.get()
    send(anong, entry, **fresh())
    answer = send(anong, entry, **{f"line-{line.pk}-remove": ("", "1")}).json()
    assert f"line-{line.pk}-remove" in answer["stored"]
    assert not Line.objects.filter(pk=line.pk).exists()
    late = send(anong, entry, **{f"line-{line.pk}-quantity": ("3", "9")}).json()
    assert f"line-{line.pk}-quantity" in late["problems"]


def test_a_row_with_nothing_typed_is_no_line(anong, entry):
    usual = {"category": "2.1", "item": "", "quantity": "", "unit": "", "unit_price": ""}
    send(anong, entry, **fresh(**usual))
    assert entry.lines.count() == 1


def test_control_characters_of_a_paste_are_left_out(anong, entry):
    answer = send(anong, entry, **fresh(item="เครื่อง\x00สูบ\x1fน้ำ", unit="ชุด\x7f")).json()
    made = Line.objects.get(pk=answer["lines"]["new-a1"])
    assert (made.item, made.unit) == ("เครื่องสูบน้ำ", "ชุด")


def test_more_rows_than_go_in_at_once_are_refused_whole_with_the_figure(anong, entry):
    rows = {}
    for number in range(MOST_ROWS + 1):
        rows |= fresh(f"k{number}")
    refused = send(anong, entry, **rows)
    assert refused.status_code == 409
    assert str(MOST_ROWS + 1) in refused.json()["sentence"]
    assert entry.lines.count() == 1


@pytest.mark.parametrize("sent", ["", "[]", '{"new-a-item": "x"}', '{"new-a-item": {"base": ""}}'])
def test_what_is_no_table_is_refused_in_words(anong, entry, sent):
    refused = anong.post(at("grid_cells", entry), sent, content_type="application/json")
    assert refused.status_code == 400
    assert refused.json()["sentence"]


def test_without_a_script_the_button_saves_all_rows_or_shows_them_again(anong, entry):
    line = entry.lines.get()
    page = anong.get(at("grid", entry))
    shown = json.loads(page.context["base_text"])
    texts = shown | {f"line-{line.pk}-quantity": "8", "base": json.dumps(shown)}
    typed = {name: text for name, (_base, text) in fresh().items()}
    assert page.status_code == 200
    assert anong.post(at("grid", entry), texts | typed).status_code == 302
    assert list(entry.lines.order_by("pk").values_list("quantity", flat=True)) == [8, 2]

    again = anong.post(at("grid", entry), {"new-b1-item": "ปั๊ม", "new-b1-quantity": "สอง"})
    assert again.status_code == 422
    shown = again.content.decode()
    assert 'value="ปั๊ม"' in shown
    assert 'value="สอง"' in shown
    assert entry.lines.count() == 2


def test_the_table_asks_the_same_questions_for_any_number_of_lines(
    anong, entry, cast, django_assert_max_num_queries
):
    for number in range(12):
        send(anong, entry, **fresh(f"q{number}", item=f"เครื่องที่ {number}"))
    with django_assert_max_num_queries(36):
        anong.get(at("grid", entry))


@pytest.mark.parametrize("state", ["draft", "submitted", "in_plan"])
def test_the_table_is_theirs_who_may_change_the_lines(make, users, cast, state):
    made = make.entry(state)
    before = list(made.lines.values_list("pk", "revision"))
    if state == "in_plan":
        budget.open_request(made.agency_id, YEAR, actor=cast.anong, at=NOON)
    for name in ("stranger", *CAST):
        client = Client()
        if name != "stranger":
            client.force_login(getattr(users, name))
        allowed = name == "anong" and state != "submitted"
        page = client.get(at("grid", made))
        assert (page.status_code == 200) is allowed, (name, page.status_code)
        if not allowed:
            answer = send(client, made, **fresh())
            assert answer.status_code in (401, 404, 409), (name, answer.status_code)
    assert list(made.lines.values_list("pk", "revision")) == before


def test_prices_stand_beside_and_in_the_catalogue_for_everybody(client, frame):
    asked = {"item": "ถุงดำ", "unit": "แพ็ก", "category": "2.1", "unit_price": "x"}
    assert client.get(f"/{YEAR}/prices/beside/", asked).status_code == 200
    assert client.get(f"/{YEAR}/prices/").status_code == 200
    assert client.get(f"/{YEAR}/prices/?q=%00&from=-1&category=zz").status_code == 200
