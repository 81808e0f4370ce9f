"""The list of rules in docs/allocation.md, printed from the code.

    python -m tools.allocation_rules

Writes the part between the two marks; a test compares it.
"""

from pathlib import Path

from nayu.allocation.domain.rules.book import RULES

PAGE = Path(__file__).resolve().parent.parent / "docs/allocation.md"
BEGIN, END = "<!-- rules: begin -->", "<!-- rules: end -->"


def printed() -> str:
    """The rules as a Markdown table."""
    rows = ["| Rule | ความหมาย · meaning | Formula | Unit |", "|---|---|---|---|"]
    rows += [
        f"| `{rule.code}` | {rule.sentence_th}<br>{rule.sentence_en} | `{rule.formula}` | {rule.unit} |"
        for rule in RULES
    ]
    return "\n".join(rows)


def page_with(rules: str, page: str) -> str:
    head, rest = page.split(BEGIN)
    return f"{head}{BEGIN}\n{rules}\n{END}{rest.split(END)[1]}"


def main() -> None:
    PAGE.write_text(page_with(printed(), PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
