"""Candidates on SQLite: FTS5 trigrams; shorter words by reading the rows."""

from django.db.models import BooleanField, F, Func, Q, Value

from nayu.search.domain import TRIGRAM, Word
from nayu.search.queries.words import holds_by_reading


class _InTrigrams(Func):
    """Whether the row is among those the trigram table names for a match expression."""

    arg_joiner = " IN (SELECT rowid FROM search_trigrams WHERE search_trigrams MATCH "
    template = "(%(expressions)s))"
    output_field = BooleanField()
    conditional = True


def holds(words: tuple[Word, ...]) -> Q:
    """Rows that hold all the words."""
    indexed = [word for word in words if _shortest(word) >= TRIGRAM]
    condition = Q()
    if indexed:
        expression = " AND ".join(_expression(word) for word in indexed)
        condition &= Q(_InTrigrams(F("pk"), Value(expression)))
    for word in words:
        if word not in indexed:
            condition &= holds_by_reading(word)
    return condition


def _shortest(word: Word) -> int:
    return len(word.toneless if word.is_loose else word.text)


def _expression(word: Word) -> str:
    # Whatever holds a word as typed also holds it without tones.
    column, text = ("toneless", word.toneless) if word.is_loose else ("text", word.text)
    wanted = " OR ".join(_quoted(part) for part in (text, word.token) if part)
    return f"{column} : ({wanted})"


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
