"""Money, Thai text, dates: values in, values out."""

from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nayu.core import money, thai
from nayu.core.dates import DateNotUnderstood, DateOfWrongEra, parse_date, thai_date
from nayu.core.fiscal_year import FiscalYear


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "ศูนย์บาทถ้วน"),
        ("11", "สิบเอ็ดบาทถ้วน"),
        ("21", "ยี่สิบเอ็ดบาทถ้วน"),
        ("101", "หนึ่งร้อยเอ็ดบาทถ้วน"),
        ("83398006600", "แปดหมื่นสามพันสามร้อยเก้าสิบแปดล้านหกพันหกร้อยบาทถ้วน"),
        ("10.50", "สิบบาทห้าสิบสตางค์"),
        ("0.50", "ห้าสิบสตางค์"),
        ("1000001", "หนึ่งล้านเอ็ดบาทถ้วน"),
        ("1000000000000", "หนึ่งล้านล้านบาทถ้วน"),
        ("-5", "ลบห้าบาทถ้วน"),
        ("0.999", "หนึ่งบาทถ้วน"),
    ],
)
def test_an_amount_is_read_as_thais_read_it(amount, words):
    assert money.baht_text(D(amount)) == words


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("๑๒๐๐", "1200"), ("1,200,000.50", "1200000.50"), (" 5 บาท", "5"), ("1\u200b000", "1000")],
)
def test_money_is_understood_as_people_type_it(typed, amount):
    assert money.parse_baht(typed) == D(amount)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("-5", money.MoneyNegative),
        ("1e9", money.MoneyNotUnderstood),
        ("", money.MoneyNotUnderstood),
        ("NaN", money.MoneyNotUnderstood),
        ("ห้าบาท", money.MoneyNotUnderstood),
        ("1000000000001", money.MoneyTooLarge),
        ("0.005", money.MoneyNotUnderstood),
    ],
)
def test_what_is_not_money_is_refused_by_name(typed, error):
    with pytest.raises(error):
        money.parse_baht(typed)


def test_a_typed_request_is_whole_baht():
    with pytest.raises(money.MoneyNotWholeBaht):
        money.parse_baht("10.50", whole=True)


@given(
    st.integers(0, 10**14),
    st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 1000), min_size=1),
)
def test_shares_add_up_to_the_satang_and_stay_within_one_of_their_part(amount, weights):
    shares = money.split(amount, weights)

    assert sum(shares.values()) == amount
    for key, share in shares.items():
        assert abs(share - amount * weights[key] / sum(weights.values())) <= 1 + amount * 1e-12


def test_the_remainder_goes_to_the_largest_fraction_then_in_code_order():
    assert money.split(100, {"b": 1, "a": 1, "c": 1}) == {"a": 34, "b": 33, "c": 33}
    assert money.split(10, {"a": 1, "b": 3}) == {"a": 3, "b": 7}  # 2.5 and 7.5: code order
    assert money.split(11, {"a": 1, "b": 3}) == {"a": 3, "b": 8}


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_money_survives_text_and_satang(amount):
    assert D(money.text_of(amount)) == amount
    assert money.baht_of(money.satang_of(amount)) == amount
    assert money.parse_baht(money.format_baht(amount)) == amount


def test_both_spellings_of_sara_am_meet():
    assert thai.normalise("สํานัก  งบ\u200bประมาณ") == "สำนัก งบประมาณ"
    assert thai.match_key("สํานักการ ระบายนํ้า") == thai.match_key("สำนักการระบายน้ำ")
    assert thai.normalise("ดำารงตำาแหน่ง") == "ดำรงตำแหน่ง"


@given(st.text("กขคเแโใไาำิีึืุู่้๊๋์ํ \u200b\n1๑a", max_size=30))
def test_normalising_twice_is_normalising_once(text):
    once = thai.normalise(text)
    assert thai.normalise(once) == once


def test_thai_names_sort_as_in_the_dictionary():
    words = ["ขา", "กบ", "เกาะ", "โขน", "ไก่", "กา", "แก้ว"]
    assert sorted(words, key=thai.sort_key) == ["กบ", "กา", "เกาะ", "แก้ว", "ไก่", "ขา", "โขน"]


def test_dotted_numbers_sort_by_their_parts_in_either_digits():
    numbers = ["1.10", "๑.๙", "1.2.1", "1.2"]
    assert sorted(numbers, key=thai.sort_key_of_number) == ["1.2", "1.2.1", "๑.๙", "1.10"]


@pytest.mark.parametrize(
    "typed", ["3 พ.ย. 2569", "๓ พฤศจิกายน ๒๕๖๙", "3/11/69", "03-11-2569", "2026-11-03"]
)
def test_dates_are_understood_in_the_buddhist_era(typed):
    assert parse_date(typed) == date(2026, 11, 3)


def test_a_christian_year_is_refused_with_its_own_error():
    with pytest.raises(DateOfWrongEra):
        parse_date("3/11/2026")
    with pytest.raises(DateNotUnderstood):
        parse_date("31/02/2569")


def test_dates_are_written_in_either_digits():
    day = date(2024, 8, 16)
    assert thai_date(day, digits="thai") == "๑๖ สิงหาคม ๒๕๖๗"
    assert thai_date(day, form="short") == "16 ส.ค. 2567"
    assert thai_date(day, language="en") == "16 August 2567"


def test_a_fiscal_year_is_named_by_the_year_it_ends_in():
    year = FiscalYear.containing(date(2025, 10, 1))
    assert year == FiscalYear(2569)
    assert (year.first_day, year.last_day) == (date(2025, 10, 1), date(2026, 9, 30))
    assert [year.month(1), year.month(4), year.month(12)] == [
        date(2025, 10, 1), date(2026, 1, 1), date(2026, 9, 1),
    ]  # fmt: skip
    assert year.position_of(date(2026, 9, 30)) == 12
