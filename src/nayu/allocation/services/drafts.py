"""A question of the books as files: every line of a year asks by itself, without scores.

For imported books, which have lines and agencies but neither projects nor promises. What is bound since
before must be in.
"""

import csv
from pathlib import Path

from nayu.budget.models import CommitmentYear, StageAmount
from nayu.core.cells import harmless
from nayu.core.errors import RuleBroken
from nayu.core.money import baht_of, satang_of, text_of


class NothingAsks(RuleBroken):
    """There are no lines of this year and stage."""

    code = "allocation_nothing_asks"


def draft(fiscal_year_be: int, stage: str, percent: int, folder: Path) -> tuple[int, int, str]:
    """Write scenario.toml and projects.csv; answers lines, agencies and the total as text.

    The total, and each agency's ceiling, is the percent of what it asks for, in whole baht, but an
    agency's never less than what it is bound to. Raises NothingAsks.
    """
    rows = list(
        StageAmount.objects.filter(stage_id=stage, line__fiscal_year_be=fiscal_year_be, amount__gt=0)
        .order_by("line__agency_id", "line_id")
        .values_list(
            "line_id", "line__external_id", "line__item", "line__agency_id", "amount",
            "line__category__type_id", "line__commitment_id",
        )
    )  # fmt: skip
    if not rows:
        raise NothingAsks(year=fiscal_year_be, stage=stage)
    since = set(
        CommitmentYear.objects.filter(
            commitment_id__in={row[-1] for row in rows if row[-1]},
            fiscal_year_be__lt=fiscal_year_be,
        ).values_list("commitment_id", flat=True)
    )
    folder.mkdir(parents=True, exist_ok=True)
    asked: dict[str, int] = {}
    bound: dict[str, int] = {}
    required = []
    with (folder / "projects.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "agency", "amount_baht", "name_th", "types"])
        for pk, external, item, agency, amount, kind, commitment in rows:
            code = external or str(pk)
            satang = satang_of(amount)
            asked[agency] = asked.get(agency, 0) + satang
            if commitment in since:
                required.append(code)
                bound[agency] = bound.get(agency, 0) + satang
            row = (code, agency, text_of(amount), item, kind)
            writer.writerow([harmless(cell) for cell in row])
    total = sum(asked.values()) * percent // 10_000 * 100
    lines = [
        f"fiscal_year_be = {fiscal_year_be}", 'projects = "projects.csv"',
        f'total_baht = "{text_of(baht_of(total))}"', "", "[agency_ceilings_baht]",
        *(
            f'"{agency}" = "{text_of(baht_of(max(satang * percent // 10_000 * 100, bound.get(agency, 0))))}"'
            for agency, satang in asked.items()
        ),
        "", "[required]", *(f'"{code}" = "committed"' for code in required), "",
    ]  # fmt: skip
    (folder / "scenario.toml").write_text("\n".join(lines), encoding="utf-8")
    return len(rows), len(asked), f"{baht_of(total):,.2f}"
