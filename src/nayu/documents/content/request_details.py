"""รายละเอียดประกอบการของบประมาณรายจ่ายประจำปี of one agency, in the order of the budget book.

ด้าน → แผนงาน → งาน → โครงการ → งบ → หมวด → รายการ, with a subtotal at every level.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from nayu.budget.domain import REQUESTED
from nayu.budget.domain.benefits import benefits_at
from nayu.core.dates import Language
from nayu.core.money import baht_text, total
from nayu.documents.content.money import amounts_table
from nayu.documents.content.parts import Parts
from nayu.documents.content.project_sheet import money_and_promises, primary_goals
from nayu.documents.content.values import RequestValues, amount_at
from nayu.documents.content.wording import (
    NOTHING,
    baht,
    either,
    months,
    novelty,
    plain,
    price_basis,
    project_name,
    promise,
    running_head,
    version_name,
)
from nayu.documents.domain import Cell, Column, Document, Emphasis, Row

if TYPE_CHECKING:
    from nayu.budget.queries import LineSheet

SIGNING = ("planner", "head", "budgeter", "executive")
THAI_LETTERS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
LATIN_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_AMOUNT = 3  # the place of the first amount in a row of lines
ROUTINE = "~"  # after every project code

Key = tuple[str, str]  # (code, name): groups stand in the order of their codes


def request_details(values: RequestValues) -> Document:
    """The details of a request: every line once, and the grand total in words."""
    edition, language = values.edition, values.edition.language
    parts = Parts(edition)
    parts.contents()
    _summary(parts, values)
    _projects(parts, values)
    parts.heading(1, _("Lines of the request"))
    _works(parts, values)
    whole = _summed(values, _("Grand total"), values.lines)
    parts.table(_("Lines of the request"), _columns(values), _rows(values), whole, landscape=True)
    parts.heading(1, _("Grand total"))
    parts.text(
        _("%(amount)s (%(words)s)")
        % {"amount": baht(values.total_baht), "words": baht_text(values.total_baht)}
    )
    parts.signatures(values.facts.posts, SIGNING)
    agency = values.facts.agency.name(language)
    return parts.document(
        _("Details of the yearly budget request, fiscal year %(year)s")
        % {"year": edition.fiscal_year_be},
        f"{agency}\n{version_name(edition)}",
        running_head(agency, edition),
    )


def _summary(parts: Parts, values: RequestValues) -> None:
    edition, language = values.edition, values.edition.language
    parts.heading(1, _("Summary"))
    parts.facts(
        (
            (_("Agency"), values.facts.agency.name(language)),
            (_("Version"), version_name(edition)),
            (_("Amounts at the stage"), edition.stage.name(language)),
            (_("Number of lines"), plain(len(values.lines))),
            (_("Total"), f"{baht(values.total_baht)} ({baht_text(values.total_baht)})"),
        ),
        ((_("Agency code"), values.facts.agency.code),),
    )
    types = _groups(values.lines, lambda line: _type(line, language))
    amounts_table(
        parts,
        _("Money by type of expenditure"),
        _("Type of expenditure"),
        [(name, _sum(values, lines)) for (_code, name), lines in types],
        values.total_baht,
    )


def _projects(parts: Parts, values: RequestValues) -> None:
    """What people get from the projects in the request, and the goals they serve."""
    language = values.edition.language
    found = sorted(
        ((values.sheets[entry], lines) for entry, lines in _by_entry(values).items()),
        key=lambda pair: pair[0].project_code,
    )
    if not found:
        return
    stage = values.edition.stage.code
    promised = [benefits_at(sheet.promises, lines, stage) for sheet, lines in found]
    caption = _("Projects in the request")
    parts.heading(1, caption)
    parts.table(
        caption,
        (
            Column(_("Code"), "code"),
            Column(_("Project and goal served"), weight=50),
            Column(_("What people get"), weight=50),
            Column(_("Amount (baht)"), "money"),
        ),
        [
            (
                sheet.project_code,
                "\n".join((project_name(sheet, language), *primary_goals(sheet, language))),
                "\n".join(promise(given, language) for given in benefits.rows) or NOTHING,
                _sum(values, lines),
            )
            for (sheet, lines), benefits in zip(found, promised, strict=True)
        ],
        total=(None, _("Total"), None, total(_sum(values, lines) for _sheet, lines in found)),
    )
    money_and_promises(
        parts,
        [(sheet.project_code, own) for (sheet, _lines), own in zip(found, promised, strict=True)],
    )


def _works(parts: Parts, values: RequestValues) -> None:
    """The functional classes alone, with their sums."""
    caption = _("Money by function, plan and work")
    parts.table(
        caption,
        (Column(_("Function, plan and work")), Column(_("Amount (baht)"), "money")),
        [
            Row((row.cells[0], row.cells[_AMOUNT + len(_stages(values)) - 1]), row.level)
            for row in _rows(values, down_to_works=True)
        ],
        total=(_("Total"), values.total_baht),
    )


def _by_entry(values: RequestValues) -> "dict[int, list[LineSheet]]":
    found: dict[int, list[LineSheet]] = {}
    for line in values.lines:
        if line.entry_id is not None:
            found.setdefault(line.entry_id, []).append(line)
    return found


def _groups(
    lines: "Iterable[LineSheet]", key: "Callable[[LineSheet], Key]"
) -> "list[tuple[Key, list[LineSheet]]]":
    found: dict[Key, list[LineSheet]] = {}
    for line in lines:
        found.setdefault(key(line), []).append(line)
    return sorted(found.items(), key=lambda item: item[0][0])


def _step(values: RequestValues, line: "LineSheet", depth: int) -> Key:
    """The functional class of a line at a depth; a shorter path repeats its last step."""
    path = values.works.get(line.work_code, ())
    if not path:
        return "~", _("Not classified")
    step = path[min(depth, len(path) - 1)]
    return step.code, step.name(values.edition.language)


def _project(values: RequestValues, line: "LineSheet") -> Key:
    """The project of a line; lines of no project are the work's routine, which comes last."""
    if line.entry_id is None:
        return ROUTINE, _("Routine work")
    sheet = values.sheets[line.entry_id]
    name = _("Project: %(name)s") % {"name": project_name(sheet, values.edition.language)}
    return sheet.project_code, name


def _type(line: "LineSheet", language: Language) -> Key:
    return line.type_code, either(language, line.type_th, line.type_en)


def _category(line: "LineSheet", language: Language) -> Key:
    return line.category_code, either(language, line.category_th, line.category_en)


def _sum(values: RequestValues, lines: "Iterable[LineSheet]") -> Decimal:
    return total(amount_at(line, values.edition.stage.code) for line in lines)


def _stages(values: RequestValues) -> list[str]:
    """Once the money is past the request, what was asked for stands beside what became of it."""
    stage = values.edition.stage.code
    return [REQUESTED] if stage == REQUESTED else [REQUESTED, stage]


def _amounts(values: RequestValues, lines: "Iterable[LineSheet]") -> tuple[Decimal, ...]:
    lines = list(lines)
    return tuple(total(amount_at(line, stage) for line in lines) for stage in _stages(values))


def _summed(values: RequestValues, words: str, lines: "Iterable[LineSheet]") -> tuple[Cell, ...]:
    return (words, None, None, *_amounts(values, lines), None, None)


def _columns(values: RequestValues) -> list[Column]:
    edition = values.edition
    amounts = [Column(_("Amount (baht)"), "money")]
    if len(_stages(values)) > 1:
        stage = f"{edition.stage.name(edition.language)} ({_('baht')})"
        amounts = [Column(_("Requested (baht)"), "money"), Column(stage, "money")]
    return [
        Column(_("Item"), weight=60),
        Column(_("Quantity"), weight=10),
        Column(_("Unit price (baht)"), "money"),
        *amounts,
        Column(_("Price reference, months, later years"), weight=40),
        Column(_("If not funded"), weight=35),
    ]


def _explained(values: RequestValues, line: "LineSheet") -> str:
    """Where the price comes from, when it is spent, and what later years are bound to pay."""
    edition = values.edition
    period = months(edition.fiscal_year_be, line.first_month, line.last_month, edition.language)
    later = [
        _("Committed in fiscal year %(year)s: %(amount)s") % {"year": year, "amount": baht(amount)}
        for year, amount in line.commitment_years
        if year > edition.fiscal_year_be
    ]
    basis = price_basis(line.price_reference, line.price_evidence)
    return "\n".join([basis, period, *later])


def _rows(values: RequestValues, *, down_to_works: bool = False) -> Iterator[Row]:
    """Every level in its order, each group with its sum, and the lines below."""
    language = values.edition.language
    letters = LATIN_LETTERS if language == "en" else THAI_LETTERS
    sides = _groups(values.lines, lambda line: _step(values, line, 0))
    for index, ((_code, side), of_side) in enumerate(sides):
        yield _group(values, f"{letters[index % len(letters)]}. {side}", of_side, 0)
        for (_plan, plan), of_plan in _groups(of_side, lambda line: _step(values, line, 1)):
            yield _group(values, plan, of_plan, 1)
            for (_work, work), of_work in _groups(of_plan, lambda line: _step(values, line, 2)):
                yield _group(values, work, of_work, 2)
                if down_to_works:
                    continue
                for (_own, name), own in _groups(of_work, lambda line: _project(values, line)):
                    yield _group(values, name, own, 2)
                    yield from _types(values, own)


def _types(values: RequestValues, lines: "list[LineSheet]") -> Iterator[Row]:
    language = values.edition.language
    types = _groups(lines, lambda line: _type(line, language))
    for number, ((_code, type_name), of_type) in enumerate(types, start=1):
        yield _group(values, f"{number}. {type_name}", of_type, 3, "subtotal")
        categories = _groups(of_type, lambda line: _category(line, language))
        for part, ((_category_code, category), own) in enumerate(categories, start=1):
            yield _group(values, f"{number}.{part} {category}", own, 3, "subtotal")
            for item, line in enumerate(own, start=1):
                yield Row(_cells(values, item, line), 3)


def _group(
    values: RequestValues,
    words: str,
    lines: "list[LineSheet]",
    level: int,
    emphasis: Emphasis = "group",
) -> Row:
    return Row(_summed(values, words, lines), level, emphasis)


def _cells(values: RequestValues, number: int, line: "LineSheet") -> tuple[Cell, ...]:
    return (
        f"{number}) {line.item} ({novelty(line.novelty)})",
        f"{plain(line.quantity)} {line.unit}".strip(),
        line.unit_price,
        *_amounts(values, [line]),
        _explained(values, line),
        line.if_not_funded or NOTHING,
    )
