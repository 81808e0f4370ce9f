"""Answers to questions from files, and what an outsider gets to check one."""

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from nayu.allocation import sweeps, why
from nayu.allocation.checker import Broken, check
from nayu.allocation.domain import verifying
from nayu.allocation.domain.answer import IMPOSSIBLE, Answer
from nayu.allocation.domain.certificate import certificate_of, points_text
from nayu.allocation.domain.keeping import question_json
from nayu.allocation.domain.problem import Question, cost_of, options_of, points_of
from nayu.allocation.domain.ranked import Ranked, ranked_list
from nayu.allocation.domain.rules import rows_of
from nayu.allocation.domain.rules.book import RULES
from nayu.allocation.milp import Limits, clash_of, solve, written
from nayu.allocation.reading import read_question
from nayu.allocation.spreading import spread
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
            "clash": _clash_lines(question) if answer.status == IMPOSSIBLE else [],
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


def _clash_lines(question: Question) -> list[str]:
    """The rows that clash with their limits, and what would do: whole units of each row."""
    clash = clash_of(question)
    if clash is None:
        return []
    told = [
        f"clash {row.name}: {row.low if row.low is not None else '-'} to "
        f"{row.high if row.high is not None else '-'} {row.unit}"
        for row in clash.rows
    ]
    word = "and" if clash.together else "or"
    return told + [f"{word} ease {one.name} by {one.by} {one.unit}" for one in clash.relaxations]


def reasons(path: Path, code: str, limits: Limits = Limits()) -> list[str]:
    """Why a project is in or out, in lines; each is a question asked again. Raises QuestionNotUnderstood."""
    question = read_question(path)
    answer = solve(question, limits)
    if code not in {c.code for c in question.candidates} or answer.status == IMPOSSIBLE:
        return [f"{code}: not in the question, or no plan keeps its rules"]
    if code in answer.plan:
        forced = why.forced_out(question, answer, code, limits)
        told = [f"{code} is in as {answer.plan[code]}"]
    else:
        forced = why.forced_in(question, answer, code, limits)
        told = [f"{code} is out"]
    if forced.answer is None:
        return [*told, "no valid plan has it otherwise"]
    told.append(f"otherwise the best plan loses {points_text(Fraction(forced.lost))} points")
    told += [f"  {word} {one}" for word, codes in (
        ("comes in:", forced.change.comes), ("goes out:", forced.change.goes),
        ("another level:", forced.change.resized),
    ) for one in codes if one != code]  # fmt: skip
    if code not in answer.plan:
        for way in (why.by_cost, why.by_score, why.by_rule):
            made = way(question, answer, code, limits)
            if made is not None:
                told.append(f"comes in with: {made.kind} {made.by} {made.row}".rstrip())
    return told


def steps(path: Path) -> list[str]:
    """The plan with less and more money, a line each. Raises QuestionNotUnderstood."""
    question = read_question(path)
    if question.total is None:
        return ["no total, so nothing to change"]
    data = question_json(question)
    pieces = [{"question": data, "percent": p, "gap": 10} for p in sweeps.STEP_PERCENTS]
    return [
        f"{one['percent']:+d} %: {len(one['plan'])} projects, "
        f"{text_of(baht_of(one['amount']))} baht, {points_text(Fraction(one['points']))} points"
        if "plan" in one
        else f"{one['percent']:+d} %: impossible"
        for one in spread(sweeps.step_of_total, pieces)
    ]


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
