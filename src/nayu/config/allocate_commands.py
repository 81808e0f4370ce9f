"""`nayu allocate …`: a question from files, its proved answer, and what an outsider checks."""

import argparse
import json
import sys
from fractions import Fraction
from pathlib import Path


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    words = "answer a question of allocation from files, with a proof"
    group = commands.add_parser("allocate", help=words, description=words)
    deeds = group.add_subparsers(dest="allocate_command", required=True)
    solve = _add(deeds, "solve", _solve, "the best plan that keeps every rule, and how near it is")
    export = _add(
        deeds, "export", _export, "LP, MPS and a certificate that anybody can count again"
    )
    for one in (solve, export):
        one.add_argument("file", type=Path, metavar="SCENARIO.toml")
        one.add_argument("--gap", type=_percent, default=Fraction(1, 1000), metavar="PERCENT")
        one.add_argument("--nodes", type=int, default=0, help="the most work; 0 is without limit")
        one.add_argument("--json", action="store_true")
    export.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    draft = _add(deeds, "draft", _draft, "a question of the books: each line asks for its money")
    draft.add_argument("--fiscal-year", type=int, required=True)
    draft.add_argument("--stage", required=True)
    draft.add_argument("--percent", type=int, default=90, help="of what is asked for, as the total")
    draft.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    why = _add(deeds, "why", _why, "what a project would push out, and what would bring it in")
    why.add_argument("file", type=Path, metavar="SCENARIO.toml")
    why.add_argument("code", metavar="PROJECT")
    why.add_argument("--gap", type=_percent, default=Fraction(1, 1000), metavar="PERCENT")
    steps = _add(deeds, "steps", _steps, "the plan with −30 % to +10 % of the money")
    steps.add_argument("file", type=Path, metavar="SCENARIO.toml")
    verify = _add(deeds, "verify", _verify, "count a certificate again; needs no solver")
    verify.add_argument("file", type=Path, metavar="CERTIFICATE.json")


def _percent(text: str) -> Fraction:
    gap = Fraction(text) / 100
    if not 0 <= gap < 1:
        raise ValueError(text)
    return gap


def _add(deeds, name: str, run, words: str) -> argparse.ArgumentParser:  # type: ignore[no-untyped-def]
    added: argparse.ArgumentParser = deeds.add_parser(name, help=words, description=words)
    added.set_defaults(run=run)
    return added


def _solve(options: argparse.Namespace) -> int:
    from nayu.allocation.milp import Limits
    from nayu.allocation.services import answer_file

    answered = answer_file(options.file, Limits(gap=options.gap, nodes=options.nodes))
    _tell(answered.as_json(), as_json=options.json)
    return 0 if answered.answer.status == "proved" else 1


def _export(options: argparse.Namespace) -> int:
    from nayu.allocation.milp import Limits
    from nayu.allocation.services import export

    answered, paths = export(options.file, options.out, Limits(options.gap, options.nodes))
    _tell(answered.as_json(), as_json=options.json)
    for path in paths:
        print(path, file=sys.stderr if options.json else sys.stdout)
    return 0 if answered.answer.status == "proved" else 1


def _tell(found: dict, *, as_json: bool) -> None:  # type: ignore[type-arg]
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for line in found["clash"]:
        print(f"  {line}")
    ranked = found["ranked_list"]
    if found["maximised"].startswith("money"):
        print("scores are absent: what counts is the money granted, a point for a million baht")
    print(f"{found['status']}: {found['funded']} of {found['projects']} projects")
    print(f"  {found['amount_baht']} baht, {found['points']} points")
    print(f"  no plan is worth more than {found['bound_points']} points ({found['gap_percent']} %)")
    print(f"  ranked list: {ranked['points']} points, breaks {len(ranked['rules_broken'])} rules")
    print(f"  question {found['question_hash'][:16]}  answer {found['answer_hash'][:16]}")


def _why(options: argparse.Namespace) -> int:
    from nayu.allocation.milp import Limits
    from nayu.allocation.services import reasons

    for line in reasons(options.file, options.code, Limits(gap=options.gap)):
        print(line)
    return 0


def _steps(options: argparse.Namespace) -> int:
    from nayu.allocation.services import steps

    for line in steps(options.file):
        print(line)
    return 0


def _draft(options: argparse.Namespace) -> int:
    from nayu.allocation.services import draft

    lines, agencies, total = draft(options.fiscal_year, options.stage, options.percent, options.out)
    print(f"{lines} lines of {agencies} agencies ask; {total} baht to divide")
    print(f"  {options.out}/scenario.toml")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from nayu.allocation.services import verify_file

    found = verify_file(options.file)
    for one in found:
        print(f"{'ok' if one.holds else 'NO'}\t{one.name}\t{one.said[:60]}\t{one.counted[:60]}")
    return 0 if all(one.holds for one in found) else 1
