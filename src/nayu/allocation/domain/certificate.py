"""An answer with all that an outsider needs to count it again: `verifying` does, and nothing else."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from nayu.allocation.domain.answer import Answer
from nayu.allocation.domain.problem import POINT, Option, Question
from nayu.allocation.domain.rules import Row
from nayu.allocation.domain.verifying import FORMAT
from nayu.core.money import baht_of, text_of


def certificate_of(
    question: Question, options: Sequence[Option], rows: Sequence[Row], answer: Answer
) -> dict[str, Any]:
    """The certificate as JSON values: money in baht as text, row sums in whole units of their row."""
    names = [f"{option.candidate.code}|{option.level.code}" for option in options]
    return {
        "format": FORMAT,
        "fiscal_year_be": question.fiscal_year_be,
        "maximised": "Σ score × [funded level]"
        if question.has_scores
        else "money granted, a point for a million baht: scores are absent",
        "status": answer.status,
        "solver": answer.solver,
        "method": answer.method,
        "work": {
            "simplex_iterations": answer.work.simplex_iterations,
            "nodes": answer.work.nodes,
            "solves": answer.work.solves,
        },
        "question_hash": answer.question_hash,
        "answer_hash": answer.answer_hash,
        "worth_points": points_text(Fraction(answer.points)),
        "lp_bound_points": points_text(answer.lp_bound),
        "bound_points": points_text(answer.bound),
        "bound_by": "multipliers" if answer.bound == answer.lp_bound else "the solver's word",
        "plan": dict(sorted(answer.plan.items())),
        "projects": [
            {
                "code": candidate.code,
                "name_th": candidate.name_th,
                "agency": candidate.agency,
                "levels": [
                    {
                        "code": level.code,
                        "points": points_text(Fraction(level.points)),
                        "amounts_baht": [text_of(baht_of(amount)) for amount in level.amounts],
                    }
                    for level in candidate.levels
                ],
            }
            for candidate in question.candidates
        ],
        "rows": [
            {
                "name": row.name,
                "unit": row.unit,
                "low": None if row.low is None else str(row.low),
                "high": None if row.high is None else str(row.high),
                "terms": {names[at]: str(weight) for at, weight in row.terms},
            }
            for row in rows
        ],
        # Points for one unit of the row.
        "multipliers": {
            name: points_text(price) for name, price in sorted(answer.multipliers.items())
        },
    }


def points_text(millionths: Fraction) -> str:
    """Points as an exact decimal where there is one, else as a fraction a/b."""
    points = Fraction(millionths, POINT)
    rest, twos, fives = points.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{points.numerator}/{points.denominator}"
    places = max(twos, fives)
    digits = str(abs(points.numerator) * 10**places // points.denominator).rjust(places + 1, "0")
    sign = "-" if points < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
