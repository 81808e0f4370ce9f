"""The whole list of rules, in the order in which they stand in a model and in the printed book."""

from nayu.allocation.domain.rules.choices import (
    FORBIDDEN,
    GROUP,
    NEEDS,
    ONE,
    REQUIRED_RULE,
    STAY,
)
from nayu.allocation.domain.rules.fairness import DISTRICT, ELEMENT, INVESTMENT
from nayu.allocation.domain.rules.money import AGENCY, LATER, SOURCE, TOTAL, TYPE

RULES = (
    TOTAL, LATER, AGENCY, TYPE, SOURCE, ELEMENT, INVESTMENT, DISTRICT, ONE, REQUIRED_RULE, FORBIDDEN,
    GROUP, NEEDS, STAY,
)  # fmt: skip
