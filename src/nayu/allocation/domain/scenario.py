"""What a scenario states: its rules as rows, each with a reason, and what may be asked of them."""

from collections.abc import Sequence

from nayu.allocation.domain import scores
from nayu.core.errors import RuleBroken

# Rows that stand once in a scenario.
TOTAL, AGENCIES, SOURCES, FLOOR, INVESTMENT, STAY, LEVELS = (
    "total", "agencies", "sources", "floor", "investment", "stay", "levels",
)  # fmt: skip
# Rows that stand for one subject each: a later year, a code, a project, a part of the score.
LATER, AGENCY, TYPE, SOURCE, ELEMENT, NEED, FAIR = (
    "later", "agency", "type", "source", "element", "need", "fair",
)  # fmt: skip
LEGAL, PINNED, FORBIDDEN, GROUP, NEEDS, PHASED = (
    "legal", "pinned", "forbidden", "group", "needs", "phased",
)  # fmt: skip
WEIGHT, ELEMENT_WEIGHT, SCORE = "weight", "element_weight", "score"
SINGLE = (TOTAL, AGENCIES, SOURCES, FLOOR, INVESTMENT, STAY, LEVELS)
OF_PROJECTS = (LEGAL, PINNED, FORBIDDEN, GROUP, NEEDS, PHASED, SCORE)
KINDS = (
    *SINGLE,
    LATER,
    AGENCY,
    TYPE,
    SOURCE,
    ELEMENT,
    NEED,
    FAIR,
    *OF_PROJECTS,
    WEIGHT,
    ELEMENT_WEIGHT,
)

WHOLE = 100
# Percents that parts of a score begin with; a city sets its own.
USUAL_WEIGHTS = {
    scores.PEOPLE: 40, scores.NEED: 15, scores.ELEMENT: 10, scores.READINESS: 15,
    scores.RISK: 10, scores.RUBRIC: 10,
}  # fmt: skip
PROPOSED_STAGE, DECIDED_STAGE = "proposed", "decided"
# Whose requests a scenario divides the money of, by the stage that it writes.
REQUEST_STATES = {PROPOSED_STAGE: ("submitted",), DECIDED_STAGE: ("proposed", "decided")}
LAST_YEAR = "last_year"  # the reference of a wish not to stray, or a scenario's number


def phases_of(members: Sequence[str]) -> tuple[int, ...] | None:
    """Percents of the four years of a phased project, which are 100; None where they are not."""
    if len(members) != len(YEARS_OF_PHASES) or not all(one.isdecimal() for one in members):
        return None
    percents = tuple(int(one) for one in members)
    return percents if sum(percents) == WHOLE and 0 < percents[0] < WHOLE else None


YEARS_OF_PHASES = ("this year", "the next", "the one after", "the third")
MOST_CHANGES = 2_000_000_000


class ScenarioWrong(RuleBroken):
    """A rule of a scenario cannot be so; `reason` names why (see messages.SCENARIO_REASONS)."""

    code = "scenario_wrong"


class ScenarioNotSolved(RuleBroken):
    """There is no valid plan of the scenario as it stands to go on with."""

    code = "scenario_not_solved"


class PlanBreaksRules(RuleBroken):
    """The plan with its hand adjustments breaks rules of the scenario."""

    code = "plan_breaks_rules"


class AmountsMoved(RuleBroken):
    """Requests or amounts changed since the plan was made."""

    code = "amounts_moved"
