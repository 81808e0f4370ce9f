"""77 workbooks × 300 rows, read and checked, against python-calamine's bare read of the same."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from python_calamine import CalamineWorkbook

from bench.figures import Comparison, seconds_of, take_turns
from nayu.agencies.models import Agency
from nayu.budget.models import ExpenditureCategory, FunctionNode, FundingSource, Line
from nayu.workbooks.domain import TemplateAgency, TemplateLine, reconcile
from nayu.workbooks.profile import load_profile
from nayu.workbooks.reading import read_file
from nayu.workbooks.services import template_line
from nayu.workbooks.template import write_template

BOOKS, ROWS, YEAR = 77, 300, 2569
PAIRS, LIMIT = 9, 4.0


def measure(folder: Path, database: str) -> Comparison:
    """Needs the sample city; the workbooks are the product's own, filled with its lines."""
    files = write_books(folder)
    profile = load_profile("nayu")

    def read_and_check() -> None:
        lines = 0
        for path in files:
            reading = read_file(path, profile, fiscal_year_be=YEAR)
            if reading.findings or not reconcile(reading).balances:
                raise RuntimeError(f"{path.name}: {reading.findings[:3]}")
            lines += len(reading.lines)
        if lines != BOOKS * ROWS:
            raise RuntimeError(f"{lines} lines")

    def bare_read() -> None:
        for path in files:
            with CalamineWorkbook.from_path(path) as workbook:
                workbook.get_sheet_by_name(profile.sheet).to_python()

    ours, rival = take_turns(
        lambda: seconds_of(read_and_check), lambda: seconds_of(bare_read), pairs=PAIRS
    )
    return Comparison(
        f"{BOOKS} workbooks × {ROWS} rows",
        database,
        "read by the profile, every row checked, sums reconciled",
        "python-calamine reads the same sheets into lists",
        PAIRS,
        ours,
        rival,
        LIMIT,
    )


def write_books(folder: Path) -> list[Path]:
    """One workbook an agency, each row another text, as an agency would send it back."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = _lines()
    works = FunctionNode.objects.filter(depth=3).order_by("code").values_list("code", "name_th")
    categories = ExpenditureCategory.objects.order_by("code")
    names = list(categories.values_list("code", "name_th", "type__name_th"))
    sources = list(FundingSource.objects.order_by("order").values_list("code", "name_th"))
    paths = []
    for number, agency in enumerate(Agency.objects.order_by("code")[:BOOKS]):
        rows = [_row(lines, number * ROWS + row) for row in range(ROWS)]
        projects = sorted({(r.project_code, "โครงการ") for r in rows if r.project_code})
        path = folder / f"{agency.code}.xlsx"
        path.write_bytes(
            write_template(
                TemplateAgency(agency.code, agency.name_th),
                YEAR,
                projects,
                list(works),
                names,
                sources,
                rows,
            )
        )
        paths.append(path)
    if len(paths) != BOOKS:
        raise RuntimeError(f"the sample city has {len(paths)} agencies")
    return paths


def _lines() -> list[TemplateLine]:
    lines = (
        Line.objects.filter(fiscal_year_be=YEAR, quantity__gt=0)
        .select_related("entry__project")
        .order_by("pk")
    )
    return [line for line in map(template_line, lines) if line.amount_baht % 1 == 0]


def _row(lines: Sequence[TemplateLine], number: int) -> TemplateLine:
    """No item twice: a round over the city's lines adds the number of the round."""
    turn, place = divmod(number, len(lines))
    line = lines[place]
    item = f"{line.item} ระยะที่ {turn + 1}" if turn else line.item
    return replace(line, line_id=str(number + 1), item=item)
