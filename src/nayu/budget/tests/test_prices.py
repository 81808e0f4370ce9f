"""What the city paid before: bands, nearest prices, the catalogue, and reasons that are asked."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import DRAINAGE, NOON, line_input
from nayu.budget import services as budget
from nayu.budget.domain import LaterYearPassed
from nayu.budget.domain.prices import MANY, PriceReasonMissing, band_of
from nayu.budget.domain.profile import profile_of
from nayu.budget.models import Line, StageAmount
from nayu.budget.queries import line_sheets
from nayu.budget.queries.prices import bands, catalogue, nearest, outside
from nayu.projects.models import ProjectEntry

BEFORE, YEAR = 2569, 2570
PRICES = st.lists(st.integers(100, 10**11).map(lambda n: Decimal(n) / 100), min_size=1, max_size=25)
KEY = ("ลอกคลองและขนดิน", "กิโลเมตร")


@given(PRICES)
def test_a_band_lies_within_its_prices_around_their_middle(prices):
    band = band_of(prices)
    if len(prices) < 3:
        assert band is None
        return
    assert min(prices) <= band.low <= band.middle <= band.high <= max(prices)
    assert band.least < band.low
    assert band.most > band.high
    assert band.side_of(band.middle) == ""
    assert band.side_of(band.most + 1) == "above"
    assert band.side_of(band.least - Decimal("0.01")) == "below"
    if len(prices) < MANY:
        assert (band.low, band.high) == (min(prices), max(prices))


@pytest.fixture
def bought(make):
    """Lines of the year before for which money was decided: 1.0, 1.2 and 1.5 million a kilometre."""

    def buy(*prices, item=KEY[0], stage="ordinance", year=BEFORE, unit=KEY[1]):
        for number, price in enumerate(prices):
            entry = make.entry("in_plan", year=year, name=f"ลอกคลองสายที่ {number} {stage} {item}")
            line = entry.lines.get()
            Line.objects.filter(pk=line.pk).update(unit_price=price, item=item, unit=unit)
            StageAmount.objects.create(line=line, stage_id=stage, amount=price)

    return buy


def test_only_lines_of_earlier_years_for_which_money_was_decided_make_a_band(bought, make):
    bought(1_000_000, 1_200_000)
    bought(9_000_000, stage="proposed")
    make.entry("in_plan", year=BEFORE)
    assert bands([KEY], YEAR) == {}
    bought(1_500_000, stage="decided")
    band = bands([KEY], YEAR)[KEY]
    assert (band.count, band.low, band.middle, band.high) == (3, 1_000_000, 1_200_000, 1_500_000)
    assert bands([KEY], BEFORE) == {}


def entry_at(make, price, reason=""):
    entry = make.entry("draft", year=YEAR)
    line = entry.lines.get()
    budget.change_line(
        line.pk, line_input(unit_price=Decimal(price), price_reason=reason), revision=line.revision,
        actor=make.cast.anong, at=NOON,
    )  # fmt: skip
    return entry


def test_a_price_outside_its_band_is_submitted_with_its_reason_only(bought, make, cast):
    bought(1_000_000, 1_200_000, 1_500_000)
    dear = entry_at(make, 2_500_000)
    with pytest.raises(PriceReasonMissing) as refused:
        budget.submit_entry(dear.pk, actor=cast.anong, at=NOON)
    [(item, price, side, band)] = refused.value.facts["prices"]
    assert (item, price, side, band.high) == (KEY[0], 2_500_000, "above", 1_500_000)
    assert ProjectEntry.objects.get(pk=dear.pk).state == "draft"

    line = dear.lines.get()
    budget.change_line(
        line.pk, line_input(unit_price=Decimal(2_500_000), price_reason="ดินปนเปื้อน ต้องขนไปกำจัด"),
        revision=line.revision, actor=cast.anong, at=NOON,
    )  # fmt: skip
    assert budget.submit_entry(dear.pk, actor=cast.anong, at=NOON).state == "submitted"
    [told] = outside(Line.objects.filter(entry=dear), YEAR)
    assert told.reason == "ดินปนเปื้อน ต้องขนไปกำจัด"


@pytest.mark.parametrize(("price", "side"), [(1_900_000, ""), (700_000, ""), (600_000, "below")])
def test_usual_prices_ask_for_nothing(bought, make, price, side):
    bought(1_000_000, 1_200_000, 1_500_000)
    entry = entry_at(make, price)
    assert [one.side for one in outside(entry.lines.all(), YEAR)] == ([side] if side else [])


def test_the_request_asks_for_the_reasons_of_its_projects_and_not_of_routine_work(
    bought, make, cast
):
    bought(*[1_200_000] * 3)
    asked = budget.open_request(DRAINAGE, YEAR, actor=cast.anong, at=NOON)
    budget.add_line(
        line_input(unit_price=Decimal(5_000_000)), kind="routine", agency_code=DRAINAGE,
        fiscal_year_be=YEAR, actor=cast.anong, at=NOON,
    )  # fmt: skip
    budget.set_ceiling(DRAINAGE, YEAR, "3", Decimal(10**9), actor=cast.ganda, at=NOON)
    entry = make.entry("in_plan", year=YEAR)
    line = entry.lines.get()
    budget.change_line(
        line.pk, line_input(unit_price=Decimal(5_000_000)), revision=line.revision,
        actor=cast.anong, at=NOON,
    )  # fmt: skip
    with pytest.raises(PriceReasonMissing) as refused:
        budget.take_request_step(asked.pk, "submit", actor=cast.boonmee, at=NOON)
    assert len(refused.value.facts["prices"]) == 1


def test_the_nearest_prices_are_of_like_names_the_same_unit_first_then_the_newest(bought):
    bought(100, item="เครื่องสูบน้ำดีเซล 8 นิ้ว", unit="เครื่อง", year=2568)
    bought(200, item="เครื่องสูบน้ำดีเซล 8 นิ้ว", unit="เครื่อง", year=2569)
    bought(300, item="เครื่องสูบน้ำดีเซล 8 นิ้ว", unit="ชุด")
    bought(400, item="ศาลาพักผู้โดยสาร", unit="หลัง")
    found = nearest("เครื่องสูบน้ำดีเซล ๑๒ นิ้ว", "เครื่อง", "3.2", YEAR)
    assert [one.unit_price for one in found] == [200, 100, 300]
    assert found[0].percent == 100  # numbers apart


def test_the_catalogue_tells_each_item_once_with_its_figures(bought, django_assert_max_num_queries):
    bought(1_000_000, 1_200_000, 1_500_000)
    bought(70, 80, item="ถุงดำ", unit="แพ็ก")
    with django_assert_max_num_queries(4):
        rows, total = catalogue(YEAR)
    assert total == 2
    assert [(row.item, row.count, row.lowest, row.highest) for row in rows] == [
        (KEY[0], 3, 1_000_000, 1_500_000), ("ถุงดำ", 2, 70, 80),
    ]  # fmt: skip
    assert rows[0].band is not None
    assert rows[1].band is None
    [found], _total = catalogue(YEAR, words="ถุง ดำ")
    assert found.item == "ถุงดำ"


def test_what_runs_later_is_told_by_year_and_is_part_of_no_sum_of_this_year(make, cast):
    entry = make.entry("draft", year=YEAR)
    line = entry.lines.get()
    changed = budget.change_line(
        line.pk,
        line_input(
            later_years={2571: Decimal(900_000)},
            running_costs={2571: Decimal(100_000), 2572: Decimal(120_000)},
        ),
        revision=line.revision, actor=cast.anong, at=NOON,
    )  # fmt: skip
    sheets = line_sheets(entry.lines.all())
    found = [(one.fiscal_year_be, one.amount, one.running) for one in profile_of(sheets, YEAR)]
    assert found == [
        (2570, Decimal("4500000.00"), 0), (2571, 1_000_000, 100_000), (2572, 120_000, 120_000),
    ]  # fmt: skip
    budget.change_line(
        line.pk, line_input(later_years={}), revision=changed.revision, actor=cast.anong, at=NOON
    )
    kept = line_sheets(entry.lines.all())
    assert kept[0].running_years == ((2571, 100_000), (2572, 120_000))
    assert sum(one.amount for one in kept) == Decimal("4500000.00")
    with pytest.raises(LaterYearPassed):
        budget.change_line(
            line.pk, line_input(running_costs={2570: Decimal(1)}), revision=3, actor=cast.anong,
            at=NOON,
        )  # fmt: skip
