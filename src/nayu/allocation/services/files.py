"""Answers to questions from files, and what an outsider gets to check one."""

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from nayu.allocation.checker import Broken, check
from nayu.allocation.domain import verifying
from nayu.allocation.domain.answer import Answer
from nayu.allocation.domain.certificate import certificate_of, points_text
from nayu.allocation.domain.problem import Question, cost_of, options_of, points_of
from nayu.allocation.domain.ranked import Ranked, ranked_list
from nayu.allocation.domain.rules import rows_of
from nayu.allocation.domain.rules.book import RULES
from nayu.allocation.milp import Limits, solve, written
from nayu.allocation.reading import read_question
from nayu.core.errors import RuleBroken
from nayu.core.money import baht_of, text_of


class CertificateNotUnderstood(RuleBroken):
    """The file is no JSON, or lacks what a certificate has."""

    code = "certificate_not_understood"


@dataclass(frozen=True)
class Answered:
    """A question with its proved answer, and the ranked list it is compared with."""

    question: Question
    answer: Answer
    ranked: Ranked

    @property
    def ranked_broken(self) -> list[Broken]:
        """Rules that the ranked list breaks."""
        return check(self.question, self.ranked.plan)

    def as_json(self) -> dict[str, Any]:
        question, answer = self.question, self.answer
        return {
            "fiscal_year": question.fiscal_year_be,
            "maximised": "score × [funded level]"
            if question.has_scores
            else "money: scores are absent",
            "status": answer.status,
            "projects": len(question.candidates),
            "funded": len(answer.plan),
            "amount_baht": text_of(baht_of(cost_of(question, answer.plan))),
            "points": points_text(Fraction(answer.points)),
            "bound_points": points_text(answer.bound),
            "gap_percent": f"{float(answer.gap) * 100:.4f}",
            "method": answer.method,
            "solver": answer.solver,
            "simplex_iterations": answer.work.simplex_iterations,
            "nodes": answer.work.nodes,
            "ties_settled": answer.settled,
            "question_hash": answer.question_hash,
            "answer_hash": answer.answer_hash,
            "ranked_list": {
                "funded": len(self.ranked.plan),
                "points": points_text(Fraction(points_of(question, self.ranked.plan))),
                "cut": self.ranked.cut,
                "rules_broken": [one.name for one in self.ranked_broken],
            },
            "plan": [{"code": code, "level": level} for code, level in sorted(answer.plan.items())],
        }


def answer_file(path: Path, limits: Limits = Limits()) -> Answered:
    """The question of a file, answered. Raises QuestionNotUnderstood."""
    question = read_question(path)
    return Answered(question, solve(question, limits), ranked_list(question))


def export(path: Path, folder: Path, limits: Limits = Limits()) -> tuple[Answered, list[Path]]:
    """LP, MPS, certificate and the program that checks it, into a folder."""
    answered = answer_file(path, limits)
    folder.mkdir(parents=True, exist_ok=True)
    options = options_of(answered.question)
    rows = rows_of(answered.question, options, RULES)
    certificate = certificate_of(answered.question, options, rows, answered.answer)
    target = folder / "certificate.json"
    text = json.dumps(certificate, ensure_ascii=False, indent=1)
    target.write_text(f"{text}\n", encoding="utf-8")
    program = folder / "verify_allocation.py"
    program.write_text(Path(verifying.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    return answered, [*written(answered.question, folder), target, program]


def verify_file(path: Path) -> list[verifying.Found]:
    """Every claim of a certificate, counted again. Raises CertificateNotUnderstood."""
    try:
        return verifying.verify(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise CertificateNotUnderstood(place=path.name, reason=repr(wrong)[:120]) from None
