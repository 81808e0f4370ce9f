"""Filters and tags: what the reader sees for an amount, a day, a name, a state."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from nayu.ui.templatetags import nayu


def draw(text: str, **context: object) -> str:
    return Template("{% load nayu %}" + text).render(Context(context)).strip()


@pytest.fixture(autouse=True)
def in_thai():
    with translation.override("th"):
        yield


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (None, "–"),
        (Decimal("0"), "0.00"),
        (Decimal("1234"), "1,234.00"),
        (Decimal("-1234.5"), "−1,234.50"),
        (Decimal("186450000.00"), "186,450,000.00"),
    ],
)
def test_baht_tells_nothing_from_zero_and_has_a_true_minus(amount, shown):
    assert nayu.baht(amount) == shown


def test_millions_have_two_decimals_always():
    assert nayu.millions(Decimal("186450000.00")) == "186.45"
    assert nayu.millions(Decimal("0")) == "0.00"
    assert nayu.millions(None) == "–"


def test_an_amount_with_its_unit_never_breaks_over_two_lines():
    assert nayu.baht_unit(Decimal("1200.5")) == '<span class="num">1,200.50 บาท</span>'
    assert nayu.millions_unit(Decimal("1500000")) == '<span class="num">1.50 ล้านบาท</span>'


def test_units_follow_the_language():
    with translation.override("en"):
        assert "baht" in nayu.baht_unit(Decimal("1"))


def test_people_are_whole_numbers_with_commas():
    assert nayu.people(38000) == "38,000"
    assert nayu.people(None) == "–"
    assert nayu.people_unit(38000) == '<span class="num">38,000 คน</span>'


def test_a_quantity_drops_needless_zeros_only():
    shown = [nayu.quantity(Decimal(text)) for text in ("24.600", "118.000", "1200.125", "100")]
    assert shown == ["24.6", "118", "1,200.125", "100"]


def test_dates_are_in_the_buddhist_era_full_and_short():
    day = date(2024, 8, 16)
    assert "16 สิงหาคม 2567" in nayu.thai_date(day)
    assert "16 ส.ค. 2567" in nayu.short_date(day)
    assert nayu.short_date(None) == "–"
    assert nayu.month_and_year(date(2026, 10, 1)) == "ต.ค. 69"


def test_a_moment_is_shown_by_the_clock_of_the_city():
    evening_in_utc = datetime(2026, 3, 17, 18, 30, tzinfo=UTC)
    assert "01:30 น." in nayu.clock_time(evening_in_utc)
    assert "18 มี.ค. 2569" in nayu.short_date(evening_in_utc)


def test_months_have_names_from_numbers_and_from_days():
    assert nayu.month_name(1) == "มกราคม"
    assert nayu.month_name(date(2026, 10, 1), "short") == "ต.ค."


def test_the_fiscal_year_is_always_said_with_its_words():
    assert nayu.fiscal_year(2569) == '<span class="nowrap">ปีงบประมาณ 2569</span>'


def test_no_wrap_escapes_what_people_typed():
    assert nayu.nowrap("<b>") == '<span class="nowrap">&lt;b&gt;</span>'


def test_a_name_is_english_only_where_there_is_one():
    both = SimpleNamespace(name_th="เดินทางดี", name_en="Good Travel")
    thai_only = SimpleNamespace(name_th="เดินทางดี", name_en="")
    assert nayu.named(both) == "เดินทางดี"
    with translation.override("en"):
        assert nayu.named(both) == "Good Travel"
        assert nayu.named(thai_only) == "เดินทางดี"


def test_query_keeps_the_other_filters_and_drops_an_empty_one():
    request = RequestFactory().get("/", {"agency": "50080000", "page": "2"})
    assert draw("{% query page=3 %}", request=request) == "?agency=50080000&amp;page=3"
    assert draw("{% query page=None %}", request=request) == "?agency=50080000"
    assert draw('{% query q="ทางเท้า" %}').startswith("?q=%E0")


def test_an_icon_is_hidden_beside_words_and_named_alone():
    assert 'aria-hidden="true"' in nayu.icon("route")
    assert "icons.svg#route" in nayu.icon("route")
    assert 'role="img" aria-label="ค้นหา"' in nayu.icon("search", label="ค้นหา")


def test_a_tenth_strategy_repeats_the_first_colour_and_none_has_its_own():
    assert nayu.strategy_class(10) == "st st1"
    assert nayu.strategy_class(None) == "st st0"


def test_a_strategy_is_shown_by_number_icon_and_name():
    shown = draw("{% strategy_mark 4 'สิ่งแวดล้อมดี' %}")
    assert "st4" in shown
    assert "#trees" in shown
    assert "4 สิ่งแวดล้อมดี" in shown


@pytest.mark.parametrize("code", list(nayu.STATUSES))
def test_every_status_has_a_word_and_an_icon(code):
    shown = draw("{% chip code %}", code=code)
    assert "<use" in shown
    assert str(nayu.STATUSES[code].label) in shown


def test_a_chip_takes_another_word_but_keeps_its_look():
    shown = draw("{% chip 'late' 'เลยกำหนด 3 วัน' %}")
    assert "s-late" in shown
    assert "เลยกำหนด 3 วัน" in shown
