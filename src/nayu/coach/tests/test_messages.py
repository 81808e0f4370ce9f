"""Every rule speaks Thai and English, says what to do, and names its source."""

import re

import pytest
from django.utils import translation

from nayu.coach.domain import KINDS, PART_OF, RULES, SEVERITIES
from nayu.coach.messages import (
    ADVICE,
    HEADINGS,
    KIND_NAMES,
    MESSAGES,
    REASONS,
    SENTENCES,
    SEVERITY_NAMES,
    SOURCES,
    sentence,
    source,
)
from nayu.coach.services import AnswerMissing, AnswerTooLong, RemarkGone


def test_rules_sentences_and_advice_are_one_list():
    codes = {rule.code for rule in RULES}
    assert codes == set(SENTENCES) == set(ADVICE)
    assert {rule.source for rule in RULES} == set(SOURCES)
    assert {rule.code for rule in RULES if rule.source == "own"} == set(REASONS)
    assert (set(KIND_NAMES), set(HEADINGS)) == (set(KINDS), set(PART_OF))
    assert set(SEVERITY_NAMES) == set(SEVERITIES)
    assert set(MESSAGES) == {one.code for one in (AnswerMissing, AnswerTooLong, RemarkGone)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_speaks_thai_and_english(rule):
    for language, letters in (("th", "[ก-๙]{4}"), ("en", "[a-z]{3}")):
        with translation.override(language):
            for said in (sentence(rule.code, "12"), str(ADVICE[rule.code]), source(rule)):
                assert re.search(letters, said), (language, said)
                assert "%(" not in said
            assert "12" in sentence(rule.code, "12")


def test_a_long_text_is_not_repeated_whole():
    assert len(sentence("rationale_without_figures", "ก" * 5000)) < 300
