"""What people get for the money of a stage: same satang, no silent proportion, no blind sum."""

from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from conftest import promise
from nayu.budget.domain.benefits import Part, benefits, overlaps, roll_up
from nayu.projects.domain import GROUPS

LEVELS = ((75, D(900)), (50, D(500)))


def part(how_many, baht="10.00", *, entry=1, unit="คน", alone=True):
    number = None if how_many is None else D(how_many)
    return Part(entry, unit, "", number, D(baht), D("0.00"), alone)


def test_less_money_gives_what_the_author_stated_for_it():
    stated = promise(number=D(1200), levels=LEVELS, share_percent=None)

    (found,) = benefits([stated], [(1, D(600))], D(1000)).rows

    assert (found.kept.how_many, found.kept.percent) == (D(500), 50)
    assert found.per_one_baht == D("1.20")
    assert found.is_less


def test_where_nothing_is_stated_the_number_is_unknown_and_has_no_price():
    stated = promise(number=D(1200), levels=LEVELS, share_percent=None)

    (found,) = benefits([stated], [(1, D(400))], D(1000)).rows

    assert found.kept.how_many is None
    assert found.per_one_baht is None
    assert found.money.total_baht == D(400)


def test_people_of_several_promises_stand_between_the_largest_and_the_sum():
    (people,) = roll_up([part(300), part(1200, entry=2), part(50)], {}).counted

    assert (people.at_least, people.at_most) == (D(1200), D(1550))
    assert people.per_one_baht == D("0.02")


def test_an_unknown_number_is_in_neither_bound_and_its_money_in_no_price():
    (people,) = roll_up([part(100), part(None, "990.00")], {}).counted

    assert (people.at_least, people.at_most, people.unknown) == (D(100), D(100), 1)
    assert people.total_baht == D(1000)
    assert people.per_one_baht == D("0.10")


def test_a_promise_that_reaches_further_is_in_at_most_alone():
    (people,) = roll_up([part(40), part(1000, alone=False)], {}).counted
    assert (people.at_least, people.at_most) == (D(40), D(1040))


def test_units_are_never_added_to_each_other():
    found = roll_up([part(5, "1.00"), part(7, "2.00", unit="ครัวเรือน")], {})
    assert [(one.unit_th, one.at_most) for one in found.counted] == [
        ("ครัวเรือน", D(7)),
        ("คน", D(5)),
    ]


baht = st.integers(0, 10**8).map(lambda satang: D(satang).scaleb(-2))
parts = st.lists(
    st.builds(
        part,
        st.one_of(st.none(), st.integers(0, 10**6)),
        baht,
        entry=st.integers(1, 5),
        unit=st.sampled_from(["คน", "ครัวเรือน"]),
        alone=st.booleans(),
    ),
    max_size=6,
)


@given(parts, st.dictionaries(st.integers(6, 9), baht, max_size=2))
def test_a_roll_up_holds_all_money_and_its_bounds_are_in_order(held, bare):
    found = roll_up(held, bare)

    assert found.total_baht == sum((p.total_baht for p in held), sum(bare.values(), D(0)))
    assert sum((one.total_baht for one in found.counted), D(0)) == found.total_baht - sum(
        bare.values(), D(0)
    )
    assert all(one.at_least <= one.at_most for one in found.counted)
    assert found == roll_up(held[::-1], bare)


def test_only_children_and_the_elderly_can_not_be_the_same_people():
    others = overlaps(GROUPS)

    assert "elderly" not in others["children"]
    assert set(others["women"]) == set(GROUPS) - {"women"}
    assert all(one in others[other] for one in GROUPS for other in others[one])
