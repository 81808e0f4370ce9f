"""Candidates on PostgreSQL: `pg_trgm` answers LIKE from its index, for words of any length."""

from django.db.models import Q

from nayu.search.domain import Word
from nayu.search.queries.words import holds_by_reading


def holds(words: tuple[Word, ...]) -> Q:
    """Rows that hold all the words; below three letters the planner reads the rows."""
    condition = Q()
    for word in words:
        condition &= holds_by_reading(word)
    return condition
