"""Every rule speaks on its example and is silent on the other; nothing else is promised of it."""

import pytest
from tools.coach_figures import LABELS, figures

from nayu.coach.domain import (
    KINDS,
    PART_OF,
    RULES,
    SEVERITIES,
    Draft,
    Passage,
    draft_of_facts,
    remarks,
    rule_of,
)
from nayu.coach.reading import words


def codes(draft) -> set[str]:
    return {remark.code for remark in remarks(draft, words())}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_speaks_on_the_example_that_must_fire(rule):
    assert rule.code in codes(rule.fires)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_is_silent_on_the_example_that_must_not(rule):
    assert rule.code not in codes(rule.quiet)


def test_there_are_thirty_rules_or_more_and_each_has_its_own_code():
    assert len(RULES) >= 30
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(rule_of(rule.code) is rule for rule in RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_reads_headings_of_the_form_and_names_a_known_kind_and_severity(rule):
    assert set(rule.of) <= set(PART_OF)
    assert rule.kind in KINDS
    assert set(rule.unless) <= set(KINDS)
    assert rule.severity in SEVERITIES


def test_every_kind_of_fault_has_a_rule():
    assert {rule.kind for rule in RULES} == set(KINDS)


def test_a_remark_tells_where_and_which_words_in_the_text_as_it_was_typed():
    draft = draft_of_facts("risk", "ไม่มี", {"field": "risk-0-event_th"})

    (remark,) = remarks(draft, words())

    assert (remark.field, remark.part, remark.heading) == ("risk-0-event_th", "risks", "risk")
    assert (remark.words, remark.text) == ("ไม่มี", "ไม่มี")


def test_one_passage_hears_of_one_kind_of_fault_once():
    draft = draft_of_facts(
        "promise_evidence", "ภาพถ่ายและความพึงพอใจต่อวิทยากร", {"objectives": ["ลดน้ำท่วม"]}
    )

    kinds = [remark.kind for remark in remarks(draft, words())]

    assert len(kinds) == len(set(kinds))


@pytest.mark.parametrize("typed", [" ตามเอกสารแนบ ", "ตาม\u200bเอกสารแนบ", "ตามเอกสารเเนบ"])
def test_invisible_marks_and_slips_of_the_pen_hide_no_fault(typed):
    assert codes(draft_of_facts("promise_evidence", typed, {})) == {"refers_elsewhere"}


@pytest.mark.parametrize("text", ["", " ", "\u200b"])
def test_an_empty_heading_is_the_forms_own_business(text):
    assert codes(draft_of_facts("rationale", text, {})) == set()


def test_the_same_words_under_two_headings_are_told_at_the_second():
    text = "เพื่อให้น้ำในซอยแห้งภายในหนึ่งชั่วโมง"
    draft = Draft((Passage("objective", text, "objectives"), Passage("promise_change", text, "x")))

    told = [(remark.code, remark.field) for remark in remarks(draft, words())]

    assert ("heading_repeated", "x") in told
    assert ("heading_repeated", "objectives") not in told


@pytest.mark.parametrize("length", [0, 1, 500, 20_000])
def test_a_text_of_any_length_is_read(length):
    for kind in PART_OF:
        remarks(draft_of_facts(kind, "ก" * length + " 12 คน", {"number": 3}), words())


def test_set_one_is_judged_no_worse_than_when_the_rules_were_made():
    answer = figures(LABELS / "labels_one.jsonl")

    assert len(answer.rows) == 300
    assert answer.found.total() >= 206
    assert len(answer.false) == 0
    assert sum(answer.beside.values()) <= 6
