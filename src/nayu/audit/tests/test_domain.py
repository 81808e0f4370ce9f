"""What a check finds in a file, whatever was done to it; no database, no Django."""

import json
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nayu.audit.domain import (
    ALTERED,
    BEGINNING,
    COLUMNS,
    ENDS_EARLY,
    FINDINGS,
    HEADER,
    INSERTED,
    LINKS,
    MOVED,
    REMOVED,
    REWRITTEN,
    UNREADABLE,
    Head,
    canonical,
    commitment,
    digest_of,
    head_from,
    heads_in,
    link,
    verify,
)
from nayu.audit.messages import FINDINGS as SENTENCES
from nayu.audit.tests.records import (
    chained,
    event,
    lines,
    other,
    rechained,
    record_of,
    text,
)

COUNT = 7
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "verb": st.text(max_size=9), "subject_id": st.text(max_size=9),
            "fiscal_year_be": st.none() | st.integers(2500, 2700), "person": st.none() | st.text(),
            "subject_label": st.text().map(text), "reason": st.text().map(text),
            "facts": st.dictionaries(st.text(), JSON, max_size=3).map(text),
        }
    ),
    min_size=1, max_size=8,
)  # fmt: skip


def found(rows, **given):
    """(code, sequence) of the first fault, or None."""
    finding = verify(lines(rows), **given).finding
    return finding and (finding.code, finding.sequence)


def record(changes) -> list[dict]:
    return chained([event(n, **change) for n, change in enumerate(changes, start=1)])


def test_an_untouched_record_is_whole():
    rows = record_of(COUNT)
    report = verify(lines(rows), heads=[Head(rows[-1]["hash"])])
    assert report.is_whole
    assert (report.events, report.vouched, report.head) == (COUNT, COUNT, rows[-1]["hash"])


def test_an_empty_record_is_whole():
    report = verify(lines(record_of(0)), heads=[Head(BEGINNING)])
    assert (report.is_whole, report.events, report.head) == (True, 0, BEGINNING)


@settings(max_examples=60, deadline=None)
@given(EVENTS)
def test_whatever_is_written_in_it_a_record_is_whole_as_written(changes):
    assert verify(lines(record(changes))).is_whole


@settings(max_examples=60, deadline=None)
@given(EVENTS, st.data())
def test_one_altered_value_anywhere_is_found_at_its_event(changes, data):
    rows = record(changes)
    number = data.draw(st.integers(1, len(changes)))
    column = data.draw(st.sampled_from(COLUMNS))
    rows[number][column] = other(rows[number][column])
    finding = verify(lines(rows)).finding
    assert finding is not None
    assert finding.sequence == number


def test_an_event_has_the_columns_that_are_named():
    assert set(event(1)) == set(COLUMNS)


@pytest.mark.parametrize("number", [1, 4, COUNT])
@pytest.mark.parametrize("column", [*COLUMNS, *LINKS])
def test_an_altered_column_is_named_with_its_event(column, number):
    rows = record_of(COUNT)
    rows[number][column] = other(rows[number][column])
    assert found(rows) == (ALTERED, number)


@pytest.mark.parametrize("value", [None, "x", 7, [], {}, {"salt": "5a"}, {"value": 1}])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_column_of_another_kind_is_an_alteration(column, value):
    rows = record_of(COUNT)
    rows[4][column] = value
    assert found(rows) == (ALTERED, 4)


@pytest.mark.parametrize("part", ["salt", "value"])
@pytest.mark.parametrize("column", ["subject_label", "reason", "facts"])
def test_a_salt_is_sealed_as_well_as_its_text(column, part):
    rows = record_of(COUNT)
    rows[4][column][part] = other(rows[4][column][part])
    assert found(rows) == (ALTERED, 4)


@pytest.mark.parametrize("value", [True, 1.0, "1"])
def test_a_number_that_only_equals_the_right_one_is_an_alteration(value):
    rows = record_of(COUNT)
    rows[1]["sequence"] = value
    assert found(rows) == (ALTERED, 1)


@pytest.mark.parametrize("column", [*COLUMNS, *LINKS])
def test_a_column_that_is_left_out_or_added_is_an_alteration(column):
    rows = record_of(COUNT)
    del rows[4][column]
    assert found(rows) == (ALTERED, 4)
    rows = record_of(COUNT)
    rows[4][f"{column}2"] = "x"
    assert found(rows) == (ALTERED, 4)


def test_a_line_that_says_a_thing_twice_is_refused():
    told = lines(record_of(COUNT))
    told[4] = told[4].replace('"verb":', '"verb":"project.include","verb":', 1)
    assert verify(told).finding.code == UNREADABLE
    assert verify(told).finding.sequence == 4


@pytest.mark.parametrize("junk", ["{", "[]", "7", "null", "�", "[" * 100_000, "9" * 5000])
def test_a_line_that_is_no_event_is_named(junk):
    told = lines(record_of(COUNT))
    told[3] = f"{junk}\n"
    finding = verify(told).finding
    assert (finding.code, finding.sequence) == (UNREADABLE, 3)
    assert verify([f"{junk}\n"]).finding.code == HEADER
    assert verify([]).finding.code == HEADER


@pytest.mark.parametrize("number", [1, 4, COUNT])
def test_a_removed_event_is_named(number):
    rows = record_of(COUNT)
    del rows[number]
    assert found(rows) == (REMOVED, number)


@pytest.mark.parametrize("number", [1, 4, COUNT - 1])
def test_a_removed_event_is_named_though_the_numbers_were_closed_up(number):
    rows = record_of(COUNT)
    del rows[number]
    for place, row in enumerate(rows[1:], start=1):
        row["sequence"] = place
    rows[0]["events"] -= 1
    assert found(rows) == (REMOVED, number)


def test_several_removed_events_are_counted():
    rows = record_of(COUNT)
    del rows[3:5]
    finding = verify(lines(rows)).finding
    assert (finding.code, finding.sequence, finding.facts["last"]) == (REMOVED, 3, 4)


def test_a_removed_end_shows_by_the_first_line_and_without_it_by_a_published_head():
    rows = record_of(COUNT)
    head = Head(rows[-1]["hash"], COUNT)
    cut = [*rows[:5]]
    assert found(cut) == (REMOVED, 5)
    cut = [{**rows[0], "events": 4, "head": rows[4]["hash"]}, *rows[1:5]]
    assert found(cut) is None
    assert found(cut, heads=[head]) == (ENDS_EARLY, 5)
    assert found(cut, earlier=lines(rows)) == (ENDS_EARLY, 5)
    # A head without its place tells that something is wrong, not what.
    assert found(cut, heads=[Head(head.hash)]) == (REWRITTEN, 1)


@pytest.mark.parametrize("number", [1, 4, COUNT])
@pytest.mark.parametrize("how", ["as it is", "linked", "linked and moved on", "moved on"])
def test_an_inserted_event_is_named(number, how):
    rows = record_of(COUNT)
    made = {**event(number, verb="project.include"), **{key: rows[number][key] for key in LINKS}}
    if "linked" in how:
        made["hash"] = link(made["previous"], digest_of(made))
    rows.insert(number, made)
    if "moved on" in how:
        for place, row in enumerate(rows[1:], start=1):
            row["sequence"] = place
        rows[0]["events"] += 1
    assert found(rows) == (INSERTED, number)


def test_an_event_added_at_the_end_is_named():
    rows = record_of(COUNT)
    made = event(COUNT + 1)
    previous = rows[-1]["hash"]
    rows.append({**made, "previous": previous, "hash": link(previous, digest_of(made))})
    assert found(rows) == (INSERTED, COUNT + 1)


@pytest.mark.parametrize(("one", "two"), [(1, 2), (3, 6), (1, COUNT), (COUNT - 1, COUNT)])
def test_events_that_changed_places_are_named(one, two):
    rows = record_of(COUNT)
    rows[one], rows[two] = rows[two], rows[one]
    assert found(rows) == (MOVED, one)


@pytest.mark.parametrize(("one", "two"), [(1, 2), (3, 6)])
def test_events_that_changed_places_with_their_numbers_are_named(one, two):
    rows = record_of(COUNT)
    rows[one], rows[two] = rows[two], rows[one]
    for key in ("sequence", *LINKS):
        rows[one][key], rows[two][key] = rows[two][key], rows[one][key]
    assert found(rows) == (ALTERED, one)


@pytest.mark.parametrize("number", range(1, COUNT))
def test_an_event_rewritten_with_its_own_hash_is_named(number):
    rows = record_of(COUNT)
    rows[number]["verb"] = "project.include"
    rows[number]["hash"] = link(rows[number]["previous"], digest_of(rows[number]))
    assert found(rows) == (REWRITTEN, number)


def test_the_last_event_rewritten_with_its_own_hash_shows_by_the_first_line():
    rows = record_of(COUNT)
    rows[-1]["verb"] = "project.include"
    rows[-1]["hash"] = link(rows[-1]["previous"], digest_of(rows[-1]))
    assert found(rows) == (HEADER, COUNT)


@pytest.mark.parametrize("deed", ["alter", "remove", "insert"])
@pytest.mark.parametrize("number", range(1, COUNT + 1))
def test_a_record_rewritten_throughout_is_caught_by_a_head_and_named_by_an_earlier_export(
    number, deed
):
    rows = record_of(COUNT)
    changed = deepcopy(rows)
    if deed == "alter":
        changed[number]["verb"] = "project.include"
    elif deed == "remove":
        del changed[number]
    else:
        changed.insert(number, event(number, verb="project.include"))
    changed = rechained(changed)

    assert found(changed) is None  # by itself it is a whole record
    assert found(changed, heads=[Head(rows[-1]["hash"])]) == (REWRITTEN, 1)
    expected = (ENDS_EARLY if deed == "remove" and number == COUNT else REWRITTEN, number)
    assert found(changed, earlier=lines(rows)) == expected
    # Heads of batches say between which of them: here every other event ended one.
    heads = [Head(row["hash"], row["sequence"]) for row in rows[2::2]]
    finding = verify(lines(changed), heads=heads).finding
    if number <= COUNT - 1:
        assert finding.code == REWRITTEN
        assert finding.facts["first"] <= number <= finding.facts["last"]
        assert finding.facts["last"] - finding.facts["first"] == 1
    else:
        assert finding is None  # no head was published after it


def test_a_rewriting_after_a_published_head_leaves_what_was_before_it_vouched_for():
    rows = record_of(COUNT)
    changed = deepcopy(rows)
    changed[6]["verb"] = "project.include"
    changed = rechained(changed)
    heads = [Head(rows[3]["hash"]), Head(rows[-1]["hash"])]
    assert found(changed, heads=heads) == (REWRITTEN, 4)


def test_an_older_head_vouches_for_the_events_up_to_it():
    rows = record_of(COUNT)
    report = verify(lines(rows), heads=[Head(rows[3]["hash"])])
    assert (report.is_whole, report.vouched) == (True, 3)


@pytest.mark.parametrize(("key", "value"), [("events", 3), ("events", 9), ("events", "7"),
                                            ("head", "0" * 64), ("record", "x")])  # fmt: skip
def test_a_first_line_that_does_not_agree_is_found(key, value):
    rows = record_of(COUNT)
    rows[0][key] = value
    assert found(rows) is not None


# --- Texts withheld and events of other years --------------------------------------------------


def test_a_withheld_text_is_counted_and_the_chain_stays_whole():
    rows = record_of(COUNT)
    kept = rows[4]["reason"]
    rows[4]["reason"] = {"withheld": commitment(kept["salt"], kept["value"])}
    report = verify(lines(rows), heads=[Head(rows[-1]["hash"])])
    assert (report.is_whole, report.withheld) == (True, 1)
    rows[4]["reason"] = {"withheld": commitment(kept["salt"], "something else")}
    assert found(rows) == (ALTERED, 4)


def stubs(rows, numbers):
    made = deepcopy(rows)
    made[0]["fiscal_year_be"] = 2570
    for number in numbers:
        row = rows[number]
        made[number] = {
            "sequence": number, "digest": digest_of(row), **{key: row[key] for key in LINKS}
        }  # fmt: skip
    return made


def test_events_of_other_years_are_checked_by_their_digests():
    rows = stubs(record_of(COUNT), [1, 2, 5])
    report = verify(lines(rows))
    assert (report.is_whole, report.stubs) == (True, 3)
    for number in (1, 2, 5):
        for column in ("digest", *LINKS):
            changed = deepcopy(rows)
            changed[number][column] = other(changed[number][column])
            assert found(changed) == (ALTERED, number), (number, column)
        changed = deepcopy(rows)
        del changed[number]
        assert found(changed) == (REMOVED, number)
    changed = deepcopy(rows)
    changed[4]["hash"] = link(changed[4]["previous"], digest_of({**changed[4], "verb": "x"}))
    changed[4]["verb"] = "x"
    assert found(changed) == (REWRITTEN, 4)  # an event beside a stub cannot hide behind it


def test_a_whole_export_holds_no_event_by_its_digest_only():
    rows = stubs(record_of(COUNT), [3])
    rows[0]["fiscal_year_be"] = None
    assert found(rows) == (REMOVED, 3)


# --- Words --------------------------------------------------------------------------------------


def test_one_value_is_written_one_way():
    assert canonical({"ข": [1, None], "a": "ก\n"}) == r'{"a":"\u0e01\n","\u0e02":[1,null]}'


def test_a_head_is_taken_as_typed():
    assert head_from(f" {'AB' * 32} ") == Head("ab" * 32)
    assert head_from(f"12:{'ab' * 32}") == Head("ab" * 32, 12)
    for wrong in ("", "ab", f"x:{'ab' * 32}", "g" * 64):
        with pytest.raises(ValueError, match=r".*"):
            head_from(wrong)


def test_a_file_of_heads_is_read_or_refused():
    told = json.dumps({"heads": [{"head": "ab" * 32, "sequence": 3}]})
    assert heads_in(told) == (Head("ab" * 32, 3),)
    for wrong in ("", "[]", "{}", '{"heads": [1]}', '{"heads": [{"head": "x"}]}'):
        with pytest.raises(ValueError, match=r".*"):
            heads_in(wrong)


def test_every_finding_has_its_sentence():
    assert {*FINDINGS, "rewritten_among"} == set(SENTENCES)
