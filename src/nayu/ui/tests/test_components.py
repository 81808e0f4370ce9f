"""Components: widths that are true to scale, and every template drawn once with made-up values."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from nayu.ui.components import BarRow, Calendar, Lane, LanePart, Meter, Tile, bar_rows, percent
from nayu.ui.tests import kit


@pytest.fixture
def page(settings):
    settings.ROOT_URLCONF = "nayu.ui.tests.places"
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.TEMPLATES = [
        {
            **settings.TEMPLATES[0],
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.template.context_processors.csrf",
                ]
            },
        }
    ]

    def draw(name: str, context: dict | None = None, language: str = "th") -> str:
        with translation.override(language):
            request = RequestFactory(headers={"host": "localhost"}).get("/here/?a=1")
            return render_to_string(name, context or {}, request=request)

    return draw


def test_a_meter_says_what_is_left_and_what_is_over():
    within = Meter("งบลงทุน", Decimal(60), Decimal(30), Decimal(100))
    beyond = Meter("งบลงทุน", Decimal(90), Decimal(30), Decimal(100))
    assert (within.left_baht, within.over_baht, within.is_over) == (Decimal(10), Decimal(0), False)
    assert (beyond.left_baht, beyond.over_baht, beyond.is_over) == (Decimal(0), Decimal(20), True)


def test_the_parts_of_a_full_meter_end_where_the_bar_ends():
    meter = Meter("งบลงทุน", Decimal(90), Decimal(30), Decimal(100))
    widths = [meter.requested_width, meter.this_width, meter.over_width]
    total = sum(Decimal(width.rstrip("%")) for width in widths)
    assert abs(total - Decimal(100) / Decimal("1.045")) < Decimal("0.01")


def test_a_meter_without_a_ceiling_is_never_over():
    meter = Meter("งบลงทุน", Decimal(90), Decimal(30), None)
    assert not meter.is_over
    assert meter.over_width == "0.000%"


def test_bars_start_at_zero_and_the_largest_fills_the_track():
    rows = bar_rows(
        [BarRow("ก", Decimal(200)), BarRow("ข", Decimal(50)), BarRow("ค", None, "none")]
    )
    assert [row.width for row in rows] == ["100.000%", "25.000%", "25.000%"]


def test_a_share_has_one_decimal_and_no_whole_gives_zero():
    assert percent(Decimal(1), Decimal(3)) == Decimal("33.3")
    assert percent(Decimal(1), Decimal(0)) == Decimal("0.0")


def test_the_river_widens_the_gutter_before_column_three():
    assert Tile("1", 2, 0, "", "").x == 130
    assert Tile("1", 3, 4, "", "").x == 202
    assert Tile("1", 3, 4, "", "").y == 260


def test_the_calendar_cuts_parts_to_its_picture_and_drops_those_outside():
    calendar = Calendar(
        date(2025, 10, 1),
        date(2026, 9, 30),
        date(2026, 3, 18),
        (
            Lane(2569, "", (
                LanePart("ก่อน", date(2024, 1, 1), date(2025, 9, 30)),
                LanePart("คาบ", date(2025, 1, 1), date(2025, 10, 31)),
            )),
        ),
    )  # fmt: skip
    (lane,) = calendar.drawn()
    assert [(part.text, part.left) for part in lane.parts] == [("คาบ", "0.000%")]
    assert [mark.first_day.month for mark in calendar.months] == [10, 12, 2, 4, 6, 8]


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_kit_page_draws_every_component(page, language):
    text = page("ui/kit.html", kit.values(), language)
    for part in ("tilemap", "promise", "meter", "steps", "strip", "diff", "stage", "pager"):
        assert f'class="{part}' in text, part


def test_no_page_carries_inline_scripts_or_handlers(page):
    text = page("ui/kit.html", kit.values())
    scripts = [part.split(">")[0] for part in text.split("<script")[1:]]
    assert all("src=" in tag or "application/json" in tag for tag in scripts)
    assert " onclick=" not in text


def test_a_hidden_thing_and_an_absent_one_read_the_same(page):
    shown = [re.sub(r'value="\w{64}"', "", page(name)) for name in ("403.html", "404.html")]
    assert shown[0] == shown[1]


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_draw_without_any_context(page, settings, name):
    assert "<h1>" in render_to_string(name)


def test_a_refusal_says_its_sentence_its_details_and_its_code(page):
    context = {"sentence": "ส่งไม่ได้", "details": ["ขาดพื้นที่"], "code": "incomplete"}
    for name in ("ui/refusal.html", "ui/_refusal.html"):
        text = page(name, context)
        assert all(words in text for words in ("ส่งไม่ได้", "ขาดพื้นที่", "incomplete"))


def test_sample_data_is_said_on_screen_and_in_print(page):
    text = page("404.html", {"sample_city": True, "clock_date": date(2026, 3, 18)})
    assert text.count("ข้อมูลตัวอย่าง") >= 2
    assert "18 มี.ค. 2569" in text
