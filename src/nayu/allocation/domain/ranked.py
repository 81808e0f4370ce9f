"""The plain way: a ranked list with a cut line, by the same points. It knows no rule but the money."""

from dataclasses import dataclass

from nayu.allocation.domain.problem import Candidate, Question


@dataclass(frozen=True, slots=True)
class Ranked:
    """Codes in rank order, the plan, and the first that did not fit (the cut line); "" for none."""

    order: tuple[str, ...]
    plan: dict[str, str]
    cut: str


def rank(candidates: tuple[Candidate, ...]) -> list[Candidate]:
    """Most points first, at each project's first level; ties: lower cost first, then code order."""
    return sorted(candidates, key=lambda c: (-c.levels[0].points, c.levels[0].amounts[0], c.code))


def ranked_list(question: Question, *, skip: bool = True) -> Ranked:
    """Go down the list and fund what still fits in the total.

    With ``skip`` a project that does not fit is passed over and the next one is tried; without it
    the list ends there. Required projects stand before the list, forbidden ones are left out.
    """
    ranked = rank(question.candidates)
    first = [c for c in ranked if c.code in question.required]
    rest = [c for c in ranked if c.code not in question.required]
    left, plan, cut = question.total, {}, ""
    for candidate in [*first, *(c for c in rest if c.code not in question.forbidden)]:
        level = candidate.levels[0]
        if left is not None and level.amounts[0] > left:
            cut = cut or candidate.code
            if skip:
                continue
            break
        plan[candidate.code] = level.code
        left = None if left is None else left - level.amounts[0]
    return Ranked(tuple(c.code for c in ranked), plan, cut)
