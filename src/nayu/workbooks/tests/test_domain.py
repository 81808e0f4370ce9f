"""Amounts as people write them, subtotals, and sums that must agree to the last digit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nayu.core.thai import to_thai_digits
from nayu.workbooks.domain import (
    FileReading,
    ParsedLine,
    Reconciliation,
    RefusedRow,
    Subtotals,
    exact_sum,
    exact_text,
    read_amount,
    reconcile,
    residue_of,
    satang_rounded,
)

AMOUNTS = st.decimals(
    min_value=0, max_value=10**12, allow_nan=False, allow_infinity=False, places=12
)


@pytest.mark.parametrize(
    ("written", "baht"),
    [
        ("717,951,700", "717951700"),
        ("162,711,720.0", "162711720"),
        ("๑,๒๓๔.๕๐", "1234.5"),
        (" 1 234 567 ", "1234567"),
        ("12\u200b50", "1250"),
        ("1,500.-", "1500"),
        ("๕๐๐ บาท", "500"),
        ("฿25.25", "25.25"),
        (".5", "0.5"),
        ("100.", "100"),
        ("0", "0"),
        (1234, "1234"),
        (0.1 + 0.2, "0.3"),
        (952281648499.99, "952281648499.99"),
        (Decimal("0.333333"), "0.333333"),
    ],
)
def test_an_amount_is_understood_as_people_write_it(written, baht):
    amount = read_amount(written)

    assert (amount.baht, amount.problem, amount.doubt) == (Decimal(baht), "", "")


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("", "amount_blank"),
        (None, "amount_blank"),
        ("  \u00a0", "amount_blank"),
        ("-", "amount_dash"),
        ("–", "amount_dash"),
        ("- ", "amount_dash"),
        ("ไม่มี", "amount_not_number"),
        ("1.2.3", "amount_not_number"),
        ("500-", "amount_not_number"),
        ("(500", "amount_not_number"),
        ("1e9", "amount_not_number"),
        ("=1+1", "amount_not_number"),
        ("NaN", "amount_not_number"),
        (float("nan"), "amount_not_number"),
        (float("inf"), "amount_not_number"),
        (1e300, "amount_not_number"),
        (5e-324, "amount_not_number"),
        (True, "amount_not_number"),
        ("9" * 100, "amount_not_number"),
    ],
)
def test_a_cell_without_a_readable_amount_says_why(written, problem):
    amount = read_amount(written)

    assert (amount.baht, amount.problem) == (None, problem)


@pytest.mark.parametrize("written", ["(1,000)", "-1,000", "−1000", "- 1 000", -1000, "(๑,๐๐๐)"])
def test_a_negative_amount_is_read_but_is_a_problem(written):
    amount = read_amount(written)

    assert (amount.baht, amount.problem) == (Decimal(-1000), "amount_negative")


def test_more_than_a_trillion_baht_is_a_problem_and_a_trillion_is_not():
    assert read_amount("1,000,000,000,000").problem == ""
    assert read_amount("1,000,000,000,000.01").problem == "amount_too_large"
    assert read_amount("1,000,001", 1_000_000).problem == "amount_too_large"


def test_commas_out_of_place_are_read_and_doubted():
    amount = read_amount("18,250,00")

    assert (amount.baht, amount.problem, amount.doubt) == (
        Decimal(1825000), "", "amount_commas_misplaced",
    )  # fmt: skip


def test_million_baht_are_multiplied_exactly():
    assert read_amount("37,707.33", 1_000_000).baht == Decimal("37707330000")


@given(AMOUNTS)
def test_thai_and_arabic_digits_with_commas_read_the_same(amount):
    written = f"{amount:,f}"

    assert read_amount(to_thai_digits(written)) == read_amount(written)
    assert read_amount(written).baht == amount


@given(st.one_of(st.text(), st.floats(), st.integers(), st.decimals(), st.none(), st.booleans()))
def test_no_cell_at_all_makes_reading_fail(cell):
    amount = read_amount(cell)

    assert (amount.baht is None) <= bool(amount.problem)


@pytest.mark.parametrize(
    ("baht", "satang"), [("0.005", 0), ("0.015", 2), ("0.025", 2), ("0.0250001", 3), ("1.10", 110)]
)
def test_half_a_satang_is_rounded_to_even(baht, satang):
    assert satang_rounded(Decimal(baht)) == satang


@given(AMOUNTS)
def test_what_is_rounded_off_is_at_most_half_a_satang(amount):
    assert abs(residue_of(amount, satang_rounded(amount))) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0", "0.00"), ("5", "5.00"), ("1.5", "1.50"), ("-0.0400001907", "-0.0400001907")],
)
def test_figures_in_json_keep_every_digit(amount, text):
    assert exact_text(Decimal(amount)) == text


def _line(row: int, amount: Decimal) -> ParsedLine:
    return ParsedLine("", row, str(row), "รายการ", 2570, satang_rounded(amount), amount)


@given(st.lists(AMOUNTS), st.lists(st.one_of(st.none(), AMOUNTS)), st.data())
def test_loaded_and_refused_and_residue_are_the_file_exactly(loaded, refused, data):
    lines = tuple(_line(row, amount) for row, amount in enumerate(loaded))
    refused_rows = tuple(RefusedRow("", -row, amount) for row, amount in enumerate(refused, 1))
    total = exact_sum([*loaded, *(amount for amount in refused if amount is not None)])
    reading = FileReading("f", sum_file=total, lines=lines, refused_rows=refused_rows)
    later = data.draw(st.sets(st.sampled_from(range(len(lines))))) if lines else set()

    answer = reconcile(reading, {("", row) for row in later})

    assert answer.balances
    assert abs(answer.residue) <= Decimal("0.005") * (len(lines) - len(later))


def test_a_sum_that_lost_a_billionth_does_not_balance():
    assert not Reconciliation(Decimal("1.000000001"), Decimal(1), Decimal(0), Decimal(0)).balances


def test_a_subtotal_agrees_with_the_rows_since_the_last_one():
    sums = Subtotals()
    sums.add(Decimal(1))
    sums.add(Decimal(2))

    assert sums.close(Decimal(3)) is None


def test_a_grand_total_agrees_with_several_groups_together():
    sums = Subtotals()
    for amounts in ([1, 2], [3], [4, 5]):
        for amount in amounts:
            sums.add(Decimal(amount))
        assert sums.close(exact_sum(Decimal(a) for a in amounts)) is None

    assert sums.close(Decimal(15)) is None


def test_a_wrong_subtotal_tells_what_it_should_be():
    sums = Subtotals()
    sums.add(Decimal(1))
    sums.add(Decimal(2))

    assert sums.close(Decimal(4)) == Decimal(3)
