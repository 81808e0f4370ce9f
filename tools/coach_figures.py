"""How the coach stands against a labelled set: faults found, clean sentences criticised.

    python -m tools.coach_figures [labels.jsonl] [--misses]

A fault is a pair (sentence, kind). Found: a rule of that kind spoke on that sentence. A clean
sentence on which any rule spoke is a false criticism.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from nayu.coach.domain import KINDS, RULES, Remark, draft_of_facts, remarks
from nayu.coach.reading import words

LABELS = Path(__file__).resolve().parent.parent / "src/nayu/projects/tests/coach"


@dataclass
class Row:
    """One labelled sentence and what the coach said to it."""

    id: str
    heading: str
    text: str
    faults: frozenset[str]
    said: list[Remark]

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(remark.kind for remark in self.said)


@dataclass
class Figures:
    """Counts by kind and by rule; a rule's (spoke, agreed with a label, on a clean sentence)."""

    rows: list[Row]
    true: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    beside: Counter[str] = field(default_factory=Counter)
    by_rule: dict[str, list[int]] = field(default_factory=dict)

    @property
    def clean(self) -> list[Row]:
        return [row for row in self.rows if not row.faults]

    @property
    def false(self) -> list[Row]:
        return [row for row in self.clean if row.said]

    @property
    def found_percent(self) -> str:
        return percent(self.found.total(), self.true.total())

    @property
    def false_percent(self) -> str:
        return percent(len(self.false), len(self.clean))


def percent(part: int, whole: int) -> str:
    return f"{part * 1000 // whole / 10:.1f}" if whole else "–"


def figures(path: Path) -> Figures:
    """Put every sentence of a set before the coach."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        said = remarks(draft_of_facts(row["field"], row["text"], row["facts"]), words())
        rows.append(Row(row["id"], row["field"], row["text"], frozenset(row["faults"]), said))
    answer = Figures(rows, by_rule={rule.code: [0, 0, 0] for rule in RULES})
    for one in rows:
        answer.true.update(one.faults)
        answer.found.update(one.faults & one.kinds)
        answer.beside.update(one.kinds - one.faults)
        for remark in one.said:
            counts = answer.by_rule[remark.code]
            counts[0] += 1
            counts[1] += remark.kind in one.faults
            counts[2] += not one.faults
    return answer


def tables(answer: Figures) -> str:
    """The figures as two tables in Markdown."""
    told = (
        f"Faults found: {answer.found.total()} of {answer.true.total()} ({answer.found_percent} %). "
        f"Clean sentences criticised: {len(answer.false)} of {len(answer.clean)} "
        f"({answer.false_percent} %)."
    )
    lines = [
        told, "", "| Kind | Found | True | Said beside the labels |", "|---|--:|--:|--:|",
    ]  # fmt: skip
    lines += [
        f"| `{k}` | {answer.found[k]} | {answer.true[k]} | {answer.beside[k]} |" for k in KINDS
    ]
    lines += [
        "",
        "| Rule | Spoke | Agreed with a label | On a clean sentence |",
        "|---|--:|--:|--:|",
    ]
    lines += [f"| `{c}` | {n[0]} | {n[1]} | {n[2]} |" for c, n in answer.by_rule.items()]
    return "\n".join(lines)


def main(given: list[str]) -> None:
    paths = [Path(one) for one in given if not one.startswith("--")]
    answer = figures(paths[0] if paths else LABELS / "labels_one.jsonl")
    print(tables(answer))
    if "--misses" not in given:
        return
    for row in answer.rows:
        missed, extra = row.faults - row.kinds, row.kinds - row.faults
        if missed or extra:
            said = [remark.code for remark in row.said if remark.kind in extra]
            print(f"{row.id} {row.heading} missed={sorted(missed)} extra={said}\n    {row.text}")


if __name__ == "__main__":
    main(sys.argv[1:])
