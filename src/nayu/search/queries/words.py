"""Conditions on one word that any database can answer by reading the row."""

from django.db.models import Q

from nayu.search.domain import Word


def holds_by_reading(word: Word) -> Q:
    """The row holds the word, with other tones too when the word is loose."""
    column, text = ("toneless", word.toneless) if word.is_loose else ("text", word.text)
    return within(column, text, word.token)


def holds_as_typed(word: Word) -> Q:
    return within("text", word.text, word.token)


def within(column: str, text: str, token: str) -> Q:
    """The column holds the text, or the token of a code."""
    condition = Q(**{f"{column}__contains": text})
    return condition | Q(**{f"{column}__contains": token}) if token else condition
