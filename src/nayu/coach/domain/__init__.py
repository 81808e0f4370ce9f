"""The coach as plain Python: what is written goes in, remarks come out. It writes nothing."""

from nayu.coach.domain.registry import FAMILIES, RULES, remarks, rule_of
from nayu.coach.domain.values import (
    CONSIDER,
    KINDS,
    MUST,
    PART_OF,
    SEVERITIES,
    Draft,
    Measure,
    Passage,
    Price,
    Remark,
    Rule,
    Words,
    draft_of_facts,
)

__all__ = [
    "CONSIDER", "FAMILIES", "KINDS", "MUST", "PART_OF", "RULES", "SEVERITIES", "Draft", "Measure",
    "Passage", "Price", "Remark", "Rule", "Words", "draft_of_facts", "remarks", "rule_of",
]  # fmt: skip
