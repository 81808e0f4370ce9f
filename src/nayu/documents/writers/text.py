"""How texts and figures read in every format: digits, blanks, months, and a document's own words."""

import re
from collections.abc import Mapping
from decimal import Decimal

from nayu.core.dates import Language, month_name, thai_date
from nayu.core.money import MINUS, format_baht
from nayu.documents.domain import Cell, Column, Document, Row, in_digits

BLANK = "–"
# Characters that no file format carries: controls (but tab and line feed), lone surrogates, the like.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")

# Colours of the nine strategies on paper (position 1–9), 0 the document's own.
COLOURS = (
    "0B5A57",
    "0269B5",
    "CC6662",
    "2E96A2",
    "175533",
    "A43770",
    "D17601",
    "7C5F01",
    "541081",
    "36383D",
)

WORDS: Mapping[Language, Mapping[str, str]] = {
    "th": {
        "as_at": "ข้อมูล ณ วันที่ {}",
        "table": "ตารางที่",
        "chart": "แผนภูมิที่",
        "note": "หมายเหตุ",
        "item": "รายการ",
        "sign": "ลงชื่อ",
        "date": "วันที่",
        "text": "เนื้อความ",
        "contents": "สารบัญ",
        "cut": " … (ตัดข้อความที่ยาวเกินช่อง)",
        "heading": "หัวข้อ",
        "amount": "จำนวน ({})",
    },
    "en": {
        "as_at": "Figures as at {}",
        "table": "Table",
        "chart": "Chart",
        "note": "Note",
        "item": "Item",
        "sign": "Signed",
        "date": "Date",
        "text": "Text",
        "contents": "Contents",
        "cut": " … (text too long for the cell)",
        "heading": "Heading",
        "amount": "Amount ({})",
    },
}


def clean(text: str) -> str:
    """The text without characters that files cannot hold; every line break a line feed."""
    return _UNPRINTABLE.sub("", _BREAKS.sub("\n", text)).strip("\n")


class Wording:
    """The words and figures of one document in its language and digits."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lang, self.digits = document.lang, document.digits

    def text(self, text: str, *, is_code: bool = False) -> str:
        cleaned = clean(text)
        return cleaned if is_code else in_digits(cleaned, self.digits)

    def word(self, name: str) -> str:
        return WORDS[self.lang][name]

    def as_at(self) -> str:
        day = thai_date(self.document.as_at, digits=self.digits, language=self.lang)
        return self.word("as_at").format(day)

    def unit(self, unit: str) -> str:
        return self.word("amount").format(self.text(unit))

    def months(self, first: int, last: int) -> str:
        """1 = October … 12 = September: ต.ค.–ธ.ค."""
        names = [
            month_name((position + 8) % 12 + 1, form="short", language=self.lang)
            for position in (first, last)
        ]
        return names[0] if first == last else "–".join(names)

    def cell(self, column: Column, cell: Cell, row: Row | None = None) -> str:
        """The cell as text. A blank shows a dash, but not in a row of totals or groups."""
        if cell is None or cell == "":
            return BLANK if cell is None and (row is None or row.emphasis == "normal") else ""
        if isinstance(cell, tuple):
            return self.months(*cell)
        if isinstance(cell, Decimal):
            return in_digits(figure(column, cell), self.digits)
        return self.text(cell, is_code=column.kind == "code")

    def money(self, amount: Decimal) -> str:
        return in_digits(format_baht(amount), self.digits)


def figure(column: Column, value: Decimal) -> str:
    """Money and shares with two places; other numbers without needless zeros."""
    if column.kind in ("money", "share"):
        return format_baht(value)
    text = f"{value:,f}".replace("-", MINUS)
    return text.rstrip("0").rstrip(".") if "." in text else text
