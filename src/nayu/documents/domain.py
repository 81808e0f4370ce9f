"""The content of a document, as a tree of plain values: what it says, not how it is drawn.

Money is `Decimal` baht, shares are `Decimal` percent. Sums are given by whoever makes the tree;
writers format figures and never add them up. All text is plain text with Arabic digits: nothing
in it is markup, and a line break in it is a line break.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from nayu.core.dates import Digits, Language
from nayu.core.thai import to_thai_digits

ColumnKind: TypeAlias = Literal["text", "code", "money", "number", "share", "months"]
Emphasis: TypeAlias = Literal["normal", "group", "subtotal", "total"]
# Text; money, number or share; months of the fiscal year (first, last), 1 = October; blank.
Cell: TypeAlias = str | Decimal | tuple[int, int] | None

FIGURE_KINDS: frozenset[ColumnKind] = frozenset({"money", "number", "share"})
MONTHS_IN_YEAR = 12
# A run that reads as one code, address or term if it has a Latin letter: P-017, PM2.5, 5G.
_TOKEN = re.compile(r"[A-Za-z0-9.,:;/_\-@?&=%#+()]*[0-9][A-Za-z0-9.,:;/_\-@?&=%#+()]*")
_LATIN = re.compile("[A-Za-z]")


class TableMalformed(ValueError):
    """A row does not fit its columns: a fault of the program, not of the user."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1–3. The anchor is a name for links into the document; it may be empty."""

    level: int
    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list, with numbers or with bullets."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A remark or warning set apart from the text."""

    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with its value. A code keeps Arabic digits."""

    label: str
    value: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of label and value, as at the head of a form."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column. Text columns share the width that the figures leave, by weight."""

    title: str
    kind: ColumnKind = "text"
    weight: int = 1

    @property
    def is_figure(self) -> bool:
        return self.kind in FIGURE_KINDS


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `level` indents its first text. A blank cell is None or ""."""

    cells: tuple[Cell, ...]
    level: int = 0
    emphasis: Emphasis = "normal"

    @property
    def spans(self) -> bool:
        """Whether it is a title over the rows that follow: a group with one cell filled."""
        return self.emphasis == "group" and not any(
            cell not in (None, "") for cell in self.cells[1:]
        )


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on every page. Raises TableMalformed."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    landscape: bool = False

    def __post_init__(self) -> None:
        if not self.columns:
            raise TableMalformed(f"{self.caption}: no columns")
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise TableMalformed(f"{self.caption}: {row.cells!r} does not fit its columns")
            for column, cell in zip(self.columns, row.cells, strict=True):
                if not _fits(column.kind, cell):
                    raise TableMalformed(f"{self.caption}: {cell!r} under {column.title}")


def _fits(kind: ColumnKind, cell: Cell) -> bool:
    if cell is None or cell == "":
        return True
    if kind in FIGURE_KINDS:
        return isinstance(cell, Decimal) and cell.is_finite()
    if kind == "months":
        return isinstance(cell, tuple) and 1 <= cell[0] <= cell[1] <= MONTHS_IN_YEAR
    return isinstance(cell, str)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. The position chooses the colour of a strategy (1–9); 0 is the document's own."""

    label: str
    value: Decimal
    position: int = 0


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars beside their labels and figures, so that the chart is its own table.

    The figures are money (two places) in the unit given, such as "บาท" or "ล้านบาท".
    """

    caption: str
    rows: tuple[Bar, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class PromiseCard:
    """What people get: how many, who, what changes for them, and further remarks."""

    figure: str
    who: str
    change: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromiseCards:
    cards: tuple[PromiseCard, ...]


@dataclass(frozen=True, slots=True)
class Signer:
    """A part in signing (ผู้เสนอ) and the title of the post; the name is written by hand."""

    part: str
    post: str


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    signers: tuple[Signer, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents. A document that has one opens with a cover."""

    title: str
    depth: int = 2


Block: TypeAlias = (
    Heading
    | Paragraph
    | Items
    | Note
    | Facts
    | Table
    | BarChart
    | PromiseCards
    | SignatureBlock
    | PageBreak
    | Contents
)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document. `as_at` is the day of its figures and the only date of the file."""

    title: str
    subtitle: str
    running_head: str
    lang: Language
    digits: Digits
    as_at: date
    sample_mark: str | None
    blocks: tuple[Block, ...]

    @property
    def has_cover(self) -> bool:
        return any(isinstance(block, Contents) for block in self.blocks)


def in_digits(text: str, digits: Digits) -> str:
    """The text in the digits chosen; codes, addresses and terms with Latin letters stay."""
    if digits == "arabic":
        return text

    def convert(token: re.Match[str]) -> str:
        return token[0] if _LATIN.search(token[0]) else to_thai_digits(token[0])

    return _TOKEN.sub(convert, text)


def tables_in(document: Document) -> Iterator[Table]:
    for block in document.blocks:
        if isinstance(block, Table):
            yield block


def totals_in(document: Document) -> dict[str, tuple[Decimal, ...]]:
    """Money of the total rows by caption of their table, in order; for comparing documents."""
    found: dict[str, tuple[Decimal, ...]] = {}
    for table in tables_in(document):
        amounts = tuple(
            cell
            for row in table.rows
            if row.emphasis == "total"
            for column, cell in zip(table.columns, row.cells, strict=True)
            if column.kind == "money" and isinstance(cell, Decimal)
        )
        if amounts:
            found[table.caption] = found.get(table.caption, ()) + amounts
    return found


def text_in(document: Document) -> Iterator[str]:
    """Every text of the document, top to bottom, in Arabic digits."""
    yield document.title
    yield document.subtitle
    for block in document.blocks:
        yield from _texts(block)


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, (Heading, Paragraph, Note)):
        yield block.text
    elif isinstance(block, Items):
        yield from block.items
    elif isinstance(block, Facts):
        for fact in block.facts:
            yield from (fact.label, fact.value)
    elif isinstance(block, Table):
        yield from (block.caption, *(column.title for column in block.columns))
        yield from (cell for row in block.rows for cell in row.cells if isinstance(cell, str))
    elif isinstance(block, BarChart):
        yield from (block.caption, *(bar.label for bar in block.rows))
    elif isinstance(block, PromiseCards):
        for card in block.cards:
            yield from (card.figure, card.who, card.change, *card.remarks)
    elif isinstance(block, SignatureBlock):
        for signer in block.signers:
            yield from (signer.part, signer.post)
    elif isinstance(block, Contents):
        yield block.title
