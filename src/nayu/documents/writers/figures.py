"""Figures and dates as documents write them, in Thai or Arabic digits."""

from decimal import Decimal

from nayu.core.money import MINUS, format_baht
from nayu.core.thai import to_thai_digits
from nayu.documents.domain import Cell, Column, Document

NOTHING = "–"


def shown(cell: Cell, column: Column, document: Document) -> str:
    """The text of a cell; nothing is a dash, zero is 0.00, codes keep their digits as chosen."""
    if cell is None:
        return NOTHING
    if isinstance(cell, Decimal):
        text = format_baht(cell) if column.kind == "money" else plain_number(cell)
    elif isinstance(cell, int):
        text = f"{cell:,}".replace("-", MINUS)
    else:
        text = cell
    return in_digits(text, document)


def plain_number(value: Decimal) -> str:
    """A quantity without trailing zeros, with thousands commas."""
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def in_digits(text: str, document: Document) -> str:
    return to_thai_digits(text) if document.digits == "thai" else text
