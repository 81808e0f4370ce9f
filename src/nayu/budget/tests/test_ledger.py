"""The benefit ledger: every satang under a promise, and no promise shrunk in silence."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nayu.budget.domain.ledger import Entry, Kept, Stated, kept, ledger

baht = st.decimals(min_value=0, max_value=10**9, places=2)


@st.composite
def entries(draw):
    """Promises with shares, even of more than 100 together, and lines that serve some of them."""
    count = draw(st.integers(1, 5))
    promises = [Stated(n, draw(st.integers(0, 100)), D(10)) for n in range(1, count + 1)]
    served = st.one_of(st.none(), st.integers(1, count + 1))
    lines = draw(st.lists(st.tuples(served, baht), max_size=8))
    return promises, lines


@given(entries())
def test_the_promises_add_up_to_the_lines_to_the_satang(entry):
    promises, lines = entry
    found = ledger(promises, lines)

    assert sum(one.total_baht for one in found.entries) == sum((b for _, b in lines), D(0))
    assert sum(one.means_baht for one in found.entries) == found.means_baht
    assert found.total_baht == sum((b for _, b in lines), D(0))
    assert all(one.direct_baht >= 0 and one.means_baht >= 0 for one in found.entries)


@given(entries())
def test_the_order_of_lines_is_no_matter(entry):
    promises, lines = entry
    assert ledger(promises, lines) == ledger(promises, lines[::-1])


def test_a_line_that_names_its_promise_is_direct_and_the_rest_is_means():
    promises = [Stated(1, 0, D(100)), Stated(2, 0, D(5))]
    found = ledger(promises, [(1, D(600)), (2, D(200)), (None, D(100))])

    assert found.entries == (Entry(1, D(600), D(75)), Entry(2, D(200), D(25)))
    assert found.means_baht == D(100)


def test_shares_divide_what_names_no_promise():
    promises = [Stated(1, 80, D(100)), Stated(2, 10, D(5))]
    found = ledger(promises, [(None, D(1000))])

    assert [one.direct_baht for one in found.entries] == [D(800), D(100)]
    assert found.means_baht == D(100)
    assert found.of(1).means_baht == D("88.89")


def test_means_are_spread_evenly_where_nothing_is_direct():
    found = ledger([Stated(1, 0, D(1)), Stated(2, 0, D(1))], [(None, D("0.03"))])
    assert [one.total_baht for one in found.entries] == [D("0.02"), D("0.01")]


def test_without_a_promise_the_money_is_shown_as_unpromised():
    found = ledger([], [(None, D(500))])
    assert (found.entries, found.unpromised_baht, found.total_baht) == ((), D(500), D(500))


LEVELS = ((80, D(900)), (50, D(400)))


@pytest.mark.parametrize(
    ("given_baht", "then"),
    [(1000, Kept(D(1200), 100)), (2000, Kept(D(1200), 100)), (999, Kept(D(900), 80)),
     (800, Kept(D(900), 80)), (799, Kept(D(400), 50)), (500, Kept(D(400), 50)),
     (499, Kept(None, None)), (0, Kept(None, None))],
)  # fmt: skip
def test_a_promise_shrinks_by_its_authors_statement_and_never_by_proportion(given_baht, then):
    promise = Stated(1, 100, D(1200), LEVELS)
    assert kept(promise, D(1000), D(given_baht)) == then
