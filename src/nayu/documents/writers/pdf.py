"""PDF/UA-1 by typst. The drawing is in document.typ; here are the figures and the widths (points).

The document reaches typst as JSON, so no text of a user is ever read as markup.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import typst

from nayu.documents.domain import (
    BarChart,
    Block,
    Cell,
    Column,
    Contents,
    Document,
    Facts,
    Heading,
    Items,
    Note,
    PageBreak,
    Paragraph,
    PromiseCards,
    Row,
    SignatureBlock,
    Table,
)
from nayu.documents.writers.font import FAMILY, FOLDER, NO_GLYPH, face
from nayu.documents.writers.text import BLANK, COLOURS, Wording

TEMPLATE = Path(__file__).with_name("document.typ")

# A4 less margins: 3 cm left and 2 cm right upright; 2 cm on both sides across.
UPRIGHT_PT, ACROSS_PT = 453.5, 728.5
TABLE_SIZES_PT = (14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0)
INSET_PT = 5.5  # on each side of a cell
EASY_TEXT_EM, LEAST_TEXT_EM = 10.0, 7.0  # an easy column of words, and the narrowest useful one
LEAST_TITLE_EM = 4.5  # of the title over figures, which may take several lines
LINE_EM = 1.33
READABLE_PT = 11.0  # no upright table is set smaller
ROUNDING_EM = 0.05
SHORT_TABLE_PT = 260.0  # a table less high stays on one page
TALLEST_ROW_PT = 380.0  # a row higher than this may be split between pages

# Words that the dictionary of line breaks would cut in two (สิ่ง|แวดล้อม), kept whole with the
# signs that belong to them. None is wider than the narrowest column of words.
_WORDS = TEMPLATE.with_name("unbroken.txt").read_text(encoding="utf-8").split()
_WHOLE = re.compile(
    r"[(\[“‘\"']*(?:"
    + "|".join(sorted(map(re.escape, _WORDS), key=lambda word: (-len(word), word)))
    + r")[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*[)\]”’\"',.:;?!%…ฯๆ]*"
)
UNBROKEN = 18  # Latin letters and digits in a row that stay on one line
_ENDLESS = re.compile(rf"[!-~๐-๙]{{{UNBROKEN + 1},}}")
_PIECE = 3
_REPLACEMENTS = str.maketrans(
    {"→": "›", "←": "‹", "✓": "√", "✔": "√", "☐": "◊", "●": "•", "\t": " "}
)

_INVISIBLE = ("Cf", "Mn", "Me", "Cc", "Co", "Cn")

RUNNING = "\x02"  # never in a text: control characters are cleaned away
Pieces = str | list[str]


def write(document: Document) -> bytes:
    """The document as PDF/UA-1; the same document gives the same bytes."""
    compiled: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
        sys_inputs={"document": json.dumps(_Drawing(document).values(), ensure_ascii=False)},
    )
    return compiled


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[FOLDER]
    )


class _Drawing:
    """The values that the template draws: finished texts, sizes and widths."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.words = Wording(document)
        self.level = 0  # of the last heading
        self.heading = ""  # the last heading's text

    def values(self) -> dict[str, Any]:
        document, words = self.document, self.words
        return {
            "family": FAMILY,
            "title": self.text(document.title),
            "subtitle": self.text(document.subtitle),
            "head": self.text(document.running_head),
            # A running head that repeats the title is not set again beneath it.
            "house": None
            if document.title in document.running_head
            else self.text(document.running_head),
            "sample": self.text(document.sample_mark) if document.sample_mark else None,
            "plain_title": _printable(words.text(document.title)) or BLANK,
            "as_at": words.as_at(),
            "day": [document.as_at.year, document.as_at.month, document.as_at.day],
            "lang": document.lang,
            "digits": document.digits,
            "cover": document.has_cover,
            "words": {
                name: words.word(name)
                for name in ("table", "chart", "note", "sign", "date", "item")
            },
            "blocks": [self.block(block) for block in document.blocks],
        }

    def text(self, text: str, *, is_code: bool = False) -> Pieces:
        return pieces(_printable(self.words.text(text, is_code=is_code)))

    def block(self, block: Block) -> dict[str, Any]:
        if isinstance(block, Heading):
            return self.headed(block)
        if isinstance(block, Table):
            return self.table(block)
        if isinstance(block, BarChart):
            return self.chart(block)
        if isinstance(block, Contents):
            return {"kind": "contents", "title": self.text(block.title), "depth": block.depth}
        if isinstance(block, PageBreak):
            return {"kind": "break"}
        return self.words_of(block)

    def words_of(
        self, block: Paragraph | Note | Items | Facts | PromiseCards | SignatureBlock
    ) -> dict[str, Any]:
        """Blocks of plain text, which need no measure."""
        if isinstance(block, (Paragraph, Note)):
            return {"kind": type(block).__name__.lower(), "text": self.text(block.text)}
        if isinstance(block, Items):
            items = [self.text(item) for item in block.items]
            return {"kind": "items", "numbered": block.numbered, "items": items}
        if isinstance(block, Facts):
            facts = [
                [self.text(f.label), self.text(f.value, is_code=f.is_code)] for f in block.facts
            ]
            return {"kind": "facts", "facts": facts}
        if isinstance(block, PromiseCards):
            cards = [
                {
                    "figure": self.text(card.figure),
                    "who": self.text(card.who),
                    "change": self.text(card.change),
                    "remarks": [self.text(remark) for remark in card.remarks],
                }
                for card in block.cards
            ]
            return {"kind": "cards", "cards": cards}
        signers = [[self.text(s.part), self.text(s.post)] for s in block.signers]
        return {"kind": "signatures", "signers": signers}

    def headed(self, heading: Heading) -> dict[str, Any]:
        """Levels may not be skipped on the way down: PDF/UA-1 forbids it."""
        self.level = max(1, min(heading.level, self.level + 1, 3))
        self.heading = heading.text
        # A heading, like the title, may not be empty either.
        text = self.text(heading.text) or BLANK
        return {"kind": "heading", "level": self.level, "text": text}

    def caption(self, caption: str) -> Pieces | None:
        """No caption where the heading above has just said the same."""
        return (self.text(caption) or None) if caption != self.heading else None

    def table(self, table: Table) -> dict[str, Any]:
        columns, rows = table.columns, table.rows
        shown = [
            [
                _printable(self.words.cell(column, cell, row))
                for column, cell in zip(columns, row.cells, strict=True)
            ]
            for row in rows
        ]
        titles = [_printable(self.words.text(column.title)) for column in columns]
        size, widths, across = fitted(columns, titles, shown, landscape=table.landscape)
        heights = [_height(texts, widths, size) for texts in (titles, *shown)]
        return {
            "kind": "table",
            "caption": self.caption(table.caption),
            "size": size,
            "across": across,
            "short": sum(heights) < SHORT_TABLE_PT,
            "widths": widths,
            "titles": [pieces(title) for title in titles],
            "aligns": ["right" if column.is_figure else "left" for column in columns],
            "rows": [
                self.row(columns, row, texts, splits=height > TALLEST_ROW_PT)
                for row, texts, height in zip(rows, shown, heights[1:], strict=True)
            ],
        }

    def row(
        self, columns: Iterable[Column], row: Row, texts: list[str], *, splits: bool
    ) -> dict[str, Any]:
        return {
            "cells": [
                self.cell(column, cell, text)
                for column, cell, text in zip(columns, row.cells, texts, strict=True)
            ],
            "level": row.level,
            "emphasis": row.emphasis,
            "spans": row.spans,
            "splits": splits,
        }

    def cell(self, column: Column, cell: Cell, text: str) -> Pieces | Mapping[str, Any]:
        """A figure stays in one piece; months are drawn as a strip under their names."""
        if column.is_figure:
            return [text] if text else ""
        if isinstance(cell, tuple):
            return {"text": text, "first": cell[0], "last": cell[1]}
        return pieces(text)

    def chart(self, chart: BarChart) -> dict[str, Any]:
        largest = max((bar.value for bar in chart.rows), default=Decimal(0))
        amounts = [_printable(self.words.money(bar.value)) for bar in chart.rows]
        unit = _printable(self.words.unit(chart.unit))
        width = max((face(bold=True).width(text) for text in (*amounts, unit)), default=4.0)
        return {
            "kind": "chart",
            "caption": self.caption(chart.caption),
            "unit": pieces(unit),
            "width": width,
            "rows": [
                {
                    "label": self.text(bar.label),
                    "amount": [amount],
                    # A share of a length for the eye; the figure beside it is exact.
                    "length": float(max(bar.value / largest, Decimal(0))) if largest > 0 else 0.0,
                    "colour": COLOURS[bar.position if 0 <= bar.position < len(COLOURS) else 0],
                }
                for bar, amount in zip(chart.rows, amounts, strict=True)
            ],
        }


def fitted(
    columns: Iterable[Column], titles: list[str], rows: list[list[str]], *, landscape: bool
) -> tuple[float, list[float], bool]:
    """Size of type, widths in points, and whether the table lies across the page.

    No figure is wider than its column: the type shrinks first, then the words get less room,
    then the page turns, then the type shrinks again, down to six points.
    """
    columns = tuple(columns)
    easy, least = (_needs(columns, titles, rows, words) for words in (EASY_TEXT_EM, LEAST_TEXT_EM))
    upright = [
        (size, UPRIGHT_PT, False, needs)
        for needs in (easy, least)
        for size in TABLE_SIZES_PT
        if size >= READABLE_PT
    ]
    across = [(size, ACROSS_PT, True, least) for size in TABLE_SIZES_PT]
    for size, room, turned, needs in across if landscape else upright + across:
        widths = [need * size + 2 * INSET_PT for need in needs]
        if sum(widths) <= room:
            return size, _shared(columns, widths, room), turned
    size = TABLE_SIZES_PT[-1]
    widths = [need * size + 2 * INSET_PT for need in least]
    return size, [width * ACROSS_PT / sum(widths) for width in widths], True


def _height(texts: list[str], widths: list[float], size: float) -> float:
    """About how high a row will be, in points."""
    regular = face()
    lines = max(
        regular.width(text) * size / max(width - 2 * INSET_PT, size) + text.count("\n") + 1
        for text, width in zip(texts, widths, strict=True)
    )
    return int(lines) * LINE_EM * size + 2 * INSET_PT


def _needs(
    columns: tuple[Column, ...], titles: list[str], rows: list[list[str]], words_em: float
) -> list[float]:
    """The least width of each column in em, without its inset, words wanting at most `words_em`."""
    return [
        _need(column, titles[index], [row[index] for row in rows], words_em)
        for index, column in enumerate(columns)
    ]


def _need(column: Column, title: str, texts: list[str], words_em: float) -> float:
    bold = face(bold=True)
    head = min(bold.width(title), LEAST_TITLE_EM)
    widest = max((bold.width(line) for text in texts for line in text.split("\n")), default=0.0)
    if column.is_figure:
        return max(widest, head) + ROUNDING_EM
    if column.kind == "months":
        return max(widest, LEAST_TITLE_EM)
    return max(min(widest, words_em), head)


def _shared(columns: tuple[Column, ...], least: list[float], room: float) -> list[float]:
    """What is left over goes to the texts by weight: first to those below their share."""
    words = [index for index, column in enumerate(columns) if column.kind == "text"]
    words = words or list(range(len(columns)))
    left = room - sum(width for index, width in enumerate(least) if index not in words)
    widths = list(least)
    # A text whose share is less than it needs keeps its need; the rest share what is left.
    sharing = list(words)
    while True:
        weight = sum(max(columns[index].weight, 1) for index in sharing)
        short = [i for i in sharing if left * max(columns[i].weight, 1) / weight < least[i]]
        if not short or len(short) == len(sharing):
            break
        left -= sum(least[index] for index in short)
        sharing = [index for index in sharing if index not in short]
    for index in sharing:
        widths[index] = left * max(columns[index].weight, 1) / weight
    return widths


def pieces(text: str) -> Pieces:
    """The text, or its pieces where a line may break only between them.

    Compounds are one piece; endless runs of Latin letters or digits are many pieces, since they
    would run out of their column. Running text between them is marked by a leading U+0002.
    """
    parts: list[str] = []
    at = 0
    for start, end, whole in _marks(text):
        if start < at:
            continue
        if at < start:
            parts.append(RUNNING + text[at:start])
        if whole:
            parts.append(text[start:end])
        else:
            parts.extend(text[i : min(i + _PIECE, end)] for i in range(start, end, _PIECE))
        at = end
    if not parts:
        return text
    if at < len(text):
        parts.append(RUNNING + text[at:])
    return parts


def _marks(text: str) -> list[tuple[int, int, bool]]:
    whole = [(found.start(), found.end(), True) for found in _WHOLE.finditer(text)]
    endless = [(found.start(), found.end(), False) for found in _ENDLESS.finditer(text)]
    return sorted(whole + endless)


def _printable(text: str) -> str:
    """The text in characters that the face has; a run that it lacks becomes one lozenge."""
    known = face()
    text = text.translate(_REPLACEMENTS)
    if all(character in known or character == "\n" for character in text):
        return text
    shown: list[str] = []
    for character in text:
        plain = unicodedata.normalize("NFKC", character)
        if character in known or character == "\n":
            shown.append(character)
        elif all(part in known for part in plain):
            shown.append(plain)
        elif unicodedata.category(character) in _INVISIBLE:
            continue
        elif shown[-1:] != [NO_GLYPH]:
            shown.append(NO_GLYPH)
    return "".join(shown)
