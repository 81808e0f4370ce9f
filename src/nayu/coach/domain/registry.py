"""All rules as data, and the one function that puts a draft before them."""

from dataclasses import replace

from nayu.coach.domain.rules import (
    benefit,
    elsewhere,
    empty,
    indicator,
    language,
    matching,
    money,
    reason,
    single,
    vague,
)
from nayu.coach.domain.text import clean
from nayu.coach.domain.values import Draft, Remark, Rule, Words

# Families in the order they speak: whoever says that nothing is written speaks first.
FAMILIES: tuple[tuple[str, tuple[Rule, ...]], ...] = (
    ("elsewhere", elsewhere.RULES),
    ("empty", empty.RULES),
    ("language", language.RULES),
    ("reason", reason.RULES),
    ("benefit", benefit.RULES),
    ("single", single.RULES),
    ("indicator", indicator.RULES),
    ("money", money.RULES),
    ("matching", matching.RULES),
    ("vague", vague.RULES),
)
RULES: tuple[Rule, ...] = tuple(rule for _name, rules in FAMILIES for rule in rules)
_BY_CODE = {rule.code: rule for rule in RULES}


def rule_of(code: str) -> Rule | None:
    return _BY_CODE.get(code)


def remarks(draft: Draft, words: Words) -> list[Remark]:
    """All that an examiner would object to, in the order of the form; one of a kind a passage."""
    read = _cleaned(draft)
    found: list[Remark] = []
    for given, passage in zip(draft.passages, read.passages, strict=True):
        if not passage.text:
            continue  # that something is missing is said by the form itself
        spoken: set[str] = set()
        for rule in RULES:
            if passage.kind not in rule.of or rule.kind in spoken or spoken & {*rule.unless}:
                continue
            objected = rule.check(passage, read, words)
            if objected is None:
                continue
            spoken.add(rule.kind)
            found.append(
                Remark(
                    rule.code, rule.kind, rule.severity, passage.field, passage.part, passage.kind,
                    given.text, objected or passage.text,
                )
            )  # fmt: skip
    return found


def _cleaned(draft: Draft) -> Draft:
    def many(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(clean(text) for text in texts)

    passages = tuple(
        replace(one, text=clean(one.text), used_elsewhere=many(one.used_elsewhere))
        for one in draft.passages
    )
    return Draft(
        passages, many(draft.objectives), many(draft.activities), many(draft.indicators),
        many(draft.lines), clean(draft.place),
    )  # fmt: skip
