"""Checks a certificate of an allocation with nothing but Python: no solver, no database, not our model.

    python verifying.py certificate.json

It adds up the plan in every row, the worth of the plan, and the bound that the multipliers prove, in
exact fractions. Exit code 0: everything is as the certificate says.
"""

import hashlib
import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = "nayu-allocation-1"
ALONE = ("ONE[", "COMMITTED[", "LEGAL[", "PINNED[", "FORBIDDEN[")  # rows on one project alone


class Found(NamedTuple):
    """One thing that was checked: its name, whether it holds, and the figures."""

    name: str
    holds: bool
    said: str
    counted: str


def verify(certificate: dict[str, Any]) -> list[Found]:
    """Everything that the certificate claims, counted again."""
    if certificate.get("format") != FORMAT:
        return [Found("format", holds=False, said=str(certificate.get("format")), counted=FORMAT)]
    points = {
        f"{project['code']}|{level['code']}": Fraction(level["points"])
        for project in certificate["projects"]
        for level in project["levels"]
    }
    chosen = [f"{code}|{level}" for code, level in certificate["plan"].items()]
    unknown = sorted(set(chosen) - set(points))
    found = [Found("levels of the plan", not unknown, "0", str(len(unknown)))]
    found += [row for row in _rows(certificate, set(chosen)) if not row.holds]
    found.append(Found("rows kept", not any(f.name.startswith("row ") for f in found),
                       str(len(certificate["rows"])), str(len(certificate["rows"]))))  # fmt: skip
    worth = sum((points.get(one, Fraction(0)) for one in chosen), Fraction(0))
    found.append(_same("worth of the plan", certificate["worth_points"], worth))
    bound = _bound(certificate, points)
    found.append(_same("bound of the multipliers", certificate["lp_bound_points"], bound))
    found.append(Found("worth is at most the bound", worth <= bound, str(worth), str(bound)))
    plan = json.dumps(
        [certificate["question_hash"], sorted([list(p) for p in certificate["plan"].items()])],
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    digest = hashlib.sha256(plan.encode()).hexdigest()
    found.append(
        Found("hash", digest == certificate["answer_hash"], certificate["answer_hash"], digest)
    )
    return found


def _same(name: str, said: str, counted: Fraction) -> Found:
    return Found(name, Fraction(said) == counted, said, str(counted))


def _rows(certificate: dict[str, Any], chosen: set[str]) -> list[Found]:
    found = []
    for row in certificate["rows"]:
        total = sum(int(weight) for option, weight in row["terms"].items() if option in chosen)
        low, high = row.get("low"), row.get("high")
        holds = (low is None or total >= int(low)) and (high is None or total <= int(high))
        found.append(Found(f"row {row['name']}", holds, f"{low} … {high}", str(total)))
    return found


def _bound(certificate: dict[str, Any], points: dict[str, Fraction]) -> Fraction:
    """No plan is worth more: see `docs/verify-an-allocation.md` for why."""
    multipliers = {name: Fraction(text) for name, text in certificate["multipliers"].items()}
    left, bound = dict(points), Fraction(0)
    must, never = set(), set()
    for row in certificate["rows"]:
        if row["name"].startswith(ALONE):
            kind, _, code = row["name"].rstrip("]").partition("[")
            if kind == "FORBIDDEN":
                never.add(code)
            elif kind != "ONE":
                must.add(code)
            continue
        price = multipliers.get(row["name"], Fraction(0))
        limit = row.get("high") if price > 0 else row.get("low")
        if not price or limit is None:
            continue
        bound += price * int(limit)
        for option, weight in row["terms"].items():
            left[option] -= price * int(weight)
    for project in certificate["projects"]:
        code = project["code"]
        best = max(left[f"{code}|{level['code']}"] for level in project["levels"])
        if code not in never:
            bound += best if code in must else max(best, Fraction(0))
    return bound


def main(words: list[str]) -> int:
    found = verify(json.loads(Path(words[0]).read_text(encoding="utf-8")))
    for one in found:
        print(f"{'ok ' if one.holds else 'NO '} {one.name}: {one.said[:60]} | {one.counted[:60]}")
    return 0 if all(one.holds for one in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
