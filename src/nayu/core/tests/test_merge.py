"""Three-way merge: nobody is overwritten unseen, and nothing that agrees is asked about."""

from hypothesis import given
from hypothesis import strategies as st

from nayu.core.merge import Conflict, merge

names = st.sampled_from(["a", "b", "c", "d"])
flats = st.dictionaries(names, st.sampled_from(["", "x", "y", "z"]))


def test_each_of_two_people_changes_another_field():
    found = merge({"a": "theirs", "b": "old"}, {"a": "old", "b": "old"}, {"a": "old", "b": "mine"})
    assert found.values == {"a": "theirs", "b": "mine"}
    assert (found.changed, found.conflicts) == (frozenset({"b"}), {})


def test_both_change_one_field_and_the_stored_one_stands_until_somebody_chooses():
    found = merge({"a": "theirs"}, {"a": "old"}, {"a": "mine"})
    assert found.values == {"a": "theirs"}
    assert found.conflicts == {"a": Conflict("old", "theirs", "mine")}


def test_what_counts_as_the_same_is_no_change():
    found = merge({"n": "1200"}, {"n": "1,200"}, {"n": "๑๒๐๐"}, same=lambda one, other: True)
    assert found.values == {"n": "1200"}
    assert not found.changed


@given(flats, flats, flats)
def test_a_field_is_taken_kept_or_asked_about(stored, base, typed):
    found = merge(stored, base, typed)
    for name in names_of(stored, base, typed):
        here, old, new = (one.get(name, "") for one in (stored, base, typed))
        after = found.values.get(name, "")
        if name in found.conflicts:
            assert after == here
            assert len({here, old, new}) == 3
        elif name in found.changed:
            assert (after, here) == (new, old)
        else:
            assert after == here
            assert name not in typed or new in (here, old)


@given(flats, flats)
def test_typing_what_was_read_changes_nothing(stored, base):
    assert merge(stored, base, base).values == stored


@given(flats, flats)
def test_choosing_mine_after_seeing_theirs_always_settles(stored, typed):
    assert not merge(stored, stored, typed).conflicts


def names_of(*flat):
    return set().union(*flat)
