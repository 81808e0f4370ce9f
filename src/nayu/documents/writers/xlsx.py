"""Workbooks by XlsxWriter: one sheet of text, then a sheet for each kind of table.

Tables with the same columns stand under one head on one sheet, so that figures can be filtered.
Text is never a formula; an amount is a number only where a number holds it exactly.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter

from nayu.documents.domain import (
    Bar,
    BarChart,
    Block,
    Cell,
    Column,
    Document,
    Facts,
    Heading,
    Items,
    Note,
    Paragraph,
    PromiseCards,
    Row,
    SignatureBlock,
    Table,
)
from nayu.documents.writers.archive import settled
from nayu.documents.writers.text import COLOURS, Wording

FONT = "TH Sarabun New"
EXACT_DIGITS = 15  # significant decimal digits that a spreadsheet's number keeps
LONGEST_CELL = 32_000  # characters; the format allows 32,767
LONGEST_NAME = 31
FORBIDDEN_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
TEXT_WIDTH, LABEL_WIDTH = 80, 34  # characters
WIDEST, NARROWEST = 60, 6
THAI_DIGITS = "[$-D07041E]"  # shows a number in Thai digits
BRAND, TINT = f"#{COLOURS[0]}", "#E6EFEE"
A4 = 9
# Row of the head on a sheet of tables: title, subtitle, date and mark stand over it.
HEAD_ROW = 4


def write(document: Document) -> bytes:
    """The document as a workbook; the same document gives the same bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    made = datetime.combine(document.as_at, time())
    words = Wording(document)
    book.set_properties(
        {
            "title": words.text(document.title),
            "subject": words.text(document.subtitle),
            "author": words.text(document.running_head),
            "created": made,
        }
    )
    book.set_size(2400, 1600)
    _Book(book, document, words).draw()
    book.close()
    return settled(buffer.getvalue())


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Tables with the same columns, with the chapter in which the first of them stands."""

    name: str
    tables: tuple[Table, ...]


class _Book:
    def __init__(self, book: Any, document: Document, words: Wording) -> None:
        self.book, self.document, self.words = book, document, words
        self.names: set[str] = set()
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **wanted: Any) -> Any:
        """A cell format, made once."""
        key = tuple(sorted(wanted.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(
                {"font_name": FONT, "font_size": 14, "valign": "top"} | wanted
            )
        return self.formats[key]

    def draw(self) -> None:
        self.text_sheet()
        for sheet in self.table_sheets():
            self.table_sheet(sheet)

    def sheet(self, name: str) -> Any:
        """A new sheet, its name cut to what is allowed and made unique."""
        plain = " ".join(self.words.text(name).translate(FORBIDDEN_IN_NAMES).split()) or "-"
        if len(plain) > LONGEST_NAME and " " in plain[NARROWEST:LONGEST_NAME]:
            plain = plain[: plain.rindex(" ", NARROWEST, LONGEST_NAME)]
        unique, number = plain[:LONGEST_NAME], 2
        while unique.casefold() in self.names:
            mark = f" ({number})"
            unique, number = plain[: LONGEST_NAME - len(mark)] + mark, number + 1
        self.names.add(unique.casefold())
        sheet = self.book.add_worksheet(unique)
        sheet.set_paper(A4)
        sheet.hide_gridlines(2)
        # && is one ampersand in a footer.
        sheet.set_footer(f"&L{self.words.as_at()}&R&P / &N".replace("\n", " "))
        return sheet

    def opening(self, sheet: Any) -> None:
        words, document = self.words, self.document
        sheet.set_row(0, 28)
        sheet.write_string(
            0, 0, _cut(words.text(document.title), words),
            self.style(bold=True, font_size=20, font_color=BRAND),
        )  # fmt: skip
        sheet.write_string(
            1, 0, _cut(words.text(document.subtitle), words), self.style(bold=True, font_size=16)
        )
        mark = f" · {words.text(document.sample_mark)}" if document.sample_mark else ""
        sheet.write_string(2, 0, words.as_at() + mark, self.style(font_color="#55615F"))

    # --- text -------------------------------------------------------------------------------

    def text_sheet(self) -> None:
        sheet = self.sheet(self.words.word("text"))
        sheet.set_column(0, 0, LABEL_WIDTH)
        sheet.set_column(1, 1, TEXT_WIDTH)
        sheet.set_portrait()
        sheet.fit_to_pages(1, 0)
        self.opening(sheet)
        row = HEAD_ROW
        for block in self.document.blocks:
            for label, text, look in self.lines(block):
                for part in _parts(text):
                    row = self.line(sheet, row, label, part, look)
            if isinstance(block, BarChart) and block.rows:
                row = self.chart(sheet, row, block)

    def line(self, sheet: Any, row: int, label: str, text: str, look: dict[str, Any]) -> int:
        if label:
            sheet.write_string(
                row, 0, _cut(label, self.words), self.style(bold=True, text_wrap=True)
            )
            sheet.write_string(row, 1, text, self.style(text_wrap=True, **look))
        elif look:
            sheet.write_string(row, 0, text, self.style(**look))
        else:
            sheet.merge_range(row, 0, row, 1, "", self.style(text_wrap=True))
            sheet.write_string(row, 0, text, self.style(text_wrap=True))
            sheet.set_row(row, _height(text))
        return row + 1

    def lines(self, block: Block) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Label, text and look of each line of a block; tables only name their sheet's caption."""
        text = self.words.text
        if isinstance(block, Heading):
            size = {1: 18, 2: 16}.get(block.level, 15)
            yield "", text(block.text), {"bold": True, "font_size": size, "font_color": BRAND}
        elif isinstance(block, Paragraph):
            yield "", text(block.text), {}
        elif isinstance(block, Note):
            yield self.words.word("note"), text(block.text), {}
        elif isinstance(block, Items):
            for number, item in enumerate(block.items, start=1):
                yield "", text(f"{number}. {item}" if block.numbered else f"• {item}"), {}
        elif isinstance(block, Facts):
            for fact in block.facts:
                yield text(fact.label), text(fact.value, is_code=fact.is_code), {}
        elif isinstance(block, PromiseCards):
            for card in block.cards:
                said = "\n".join((card.who, card.change, *card.remarks))
                yield text(card.figure), text(said), {}
        elif isinstance(block, SignatureBlock):
            for signer in block.signers:
                yield text(signer.part), text(signer.post), {}
        elif isinstance(block, BarChart):
            yield "", text(block.caption), {"bold": True}

    def chart(self, sheet: Any, row: int, chart: BarChart) -> int:
        """The figures, and beneath them the same as bars."""
        first = row
        for bar in chart.rows:
            sheet.write_string(
                row, 0, _cut(self.words.text(bar.label), self.words), self.style(text_wrap=True)
            )
            self.figure(sheet, row, 1, bar.value, "#,##0.00", {"align": "left"})
            row += 1
        drawn = self.book.add_chart({"type": "bar"})
        drawn.add_series(
            {
                "categories": [sheet.get_name(), first, 0, row - 1, 0],
                "values": [sheet.get_name(), first, 1, row - 1, 1],
                "fill": {"color": BRAND},
                "points": [{"fill": {"color": _colour(bar)}} for bar in chart.rows],
                "name": self.words.text(chart.caption)[:255],
                "gap": 60,
            }
        )
        drawn.set_legend({"none": True})
        drawn.set_title({"none": True})
        drawn.set_y_axis({"reverse": True, "num_font": {"name": FONT, "size": 12}})
        drawn.set_x_axis(
            {"num_font": {"name": FONT, "size": 11}, "name": self.words.text(chart.unit)}
        )
        lines = max(8, 2 * len(chart.rows) + 3)
        drawn.set_size({"width": 760, "height": 20 * lines})
        sheet.insert_chart(row, 0, drawn, {"description": self.words.text(chart.caption)[:255]})
        return row + lines + 2

    # --- tables -----------------------------------------------------------------------------

    def table_sheets(self) -> list[_Sheet]:
        """Tables by their columns, in the order of first appearance."""
        found: dict[tuple[Column, ...], list[Table]] = {}
        chapters: dict[tuple[Column, ...], str] = {}
        chapter = self.document.title
        for block in self.document.blocks:
            if isinstance(block, Heading) and block.level == 1:
                chapter = block.text
            if isinstance(block, Table):
                found.setdefault(block.columns, []).append(block)
                chapters.setdefault(block.columns, chapter)
        return [
            _Sheet(tables[0].caption if len(tables) == 1 else chapters[columns], tuple(tables))
            for columns, tables in found.items()
        ]

    def table_sheet(self, content: _Sheet) -> None:
        sheet = self.sheet(content.name)
        columns = content.tables[0].columns
        for index, column in enumerate(columns):
            sheet.set_column(index, index, self.width(content, index, column))
        if content.tables[0].landscape or len(columns) > 5:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        self.opening(sheet)
        if len(content.tables) == 1:
            sheet.write_string(
                HEAD_ROW - 1,
                0,
                _cut(self.words.text(content.name), self.words),
                self.style(bold=True),
            )
        head = self.style(
            bold=True, bg_color=BRAND, font_color="#FFFFFF", text_wrap=True, border=1,
            align="center", valign="vcenter",
        )  # fmt: skip
        for index, column in enumerate(columns):
            sheet.write_string(
                HEAD_ROW, index, _cut(self.words.text(column.title), self.words), head
            )
        sheet.freeze_panes(HEAD_ROW + 1, 0)
        sheet.repeat_rows(HEAD_ROW)
        row = HEAD_ROW + 1
        for table in content.tables:
            if len(content.tables) > 1:
                group = Row((table.caption, *[None] * (len(columns) - 1)), emphasis="group")
                row = self.row(sheet, row, columns, group)
            for line in table.rows:
                row = self.row(sheet, row, columns, line)

    def width(self, content: _Sheet, index: int, column: Column) -> float:
        """Wide enough for every figure; words wrap."""
        texts = [
            self.words.cell(column, row.cells[index], row)
            for table in content.tables
            for row in table.rows
            if not row.spans
        ]
        longest = max((len(text) for text in texts), default=0)
        if column.is_figure or column.kind == "months":
            return max(longest * 1.15, NARROWEST, min(len(column.title), 14)) + 2
        return (
            max(NARROWEST, min(longest, WIDEST, max(column.weight, 24)), min(len(column.title), 12))
            + 2
        )

    def row(self, sheet: Any, at: int, columns: tuple[Column, ...], row: Row) -> int:
        look: dict[str, Any] = {"border": 1, "border_color": "#9FB1AE"}
        if row.emphasis != "normal":
            look |= {"bold": True, "bg_color": TINT}
        for index, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
            indent = {"indent": min(row.level, 15)} if index == 0 and row.level else {}
            self.cell(sheet, at, index, column, cell, look | indent)
        return at + 1

    def cell(
        self, sheet: Any, row: int, index: int, column: Column, cell: Cell, look: dict[str, Any]
    ) -> None:  # fmt: skip
        if cell is None or cell == "":
            sheet.write_blank(row, index, None, self.style(**look))
        elif isinstance(cell, Decimal):
            self.figure(sheet, row, index, cell, _number_format(column, cell), look)
        else:
            text = self.words.cell(column, cell)
            shown = look | {"text_wrap": True, "num_format": "@"}
            sheet.write_string(row, index, _cut(text, self.words), self.style(**shown))

    def figure(
        self, sheet: Any, row: int, index: int, value: Decimal, shape: str, look: dict[str, Any]
    ) -> None:  # fmt: skip
        """A number if fifteen digits hold it, else its text: never a rounded amount."""
        if is_exact(value):
            digits = THAI_DIGITS if self.document.digits == "thai" else ""
            shown = look | {"num_format": digits + shape}
            sheet.write_number(row, index, float(value), self.style(**shown))
        else:
            shown = look | {"num_format": "@", "align": "right"}
            sheet.write_string(row, index, f"{value:f}", self.style(**shown))


def is_exact(value: Decimal) -> bool:
    """Whether a spreadsheet's number gives the decimal back unchanged."""
    return (
        len(value.normalize().as_tuple().digits) <= EXACT_DIGITS and abs(value) < Decimal(10) ** 15
    )


def _number_format(column: Column, value: Decimal) -> str:
    if column.kind != "number":
        return "#,##0.00"
    exponent = value.normalize().as_tuple().exponent
    places = max(-exponent, 0) if isinstance(exponent, int) else 0
    return "#,##0" + ("." + "0" * places if places else "")


def _colour(bar: Bar) -> str:
    return f"#{COLOURS[bar.position if 0 <= bar.position < len(COLOURS) else 0]}"


def _cut(text: str, words: Wording) -> str:
    return text if len(text) <= LONGEST_CELL else text[:LONGEST_CELL] + words.word("cut")


def _parts(text: str) -> list[str]:
    """A long text over several rows, nothing lost."""
    return [text[at : at + LONGEST_CELL] for at in range(0, len(text), LONGEST_CELL)] or [""]


def _height(text: str) -> float:
    """Height in points of a merged row, which spreadsheets do not fit by themselves."""
    width = (LABEL_WIDTH + TEXT_WIDTH) * 1.1
    lines = sum(1 + int(len(line) / width) for line in text.split("\n"))
    return min(20.0 * lines, 409.0)
