"""Sentences of the coach: remarks, advice, sources and names, Thai and English."""

from nayu.coach.domain import Rule
from nayu.coach.messages.advice import ADVICE
from nayu.coach.messages.names import HEADINGS, KIND_NAMES, MESSAGES, SEVERITY_NAMES
from nayu.coach.messages.remarks import SENTENCES
from nayu.coach.messages.sources import REASONS, SOURCES

__all__ = [
    "ADVICE", "HEADINGS", "KIND_NAMES", "MESSAGES", "REASONS", "SENTENCES", "SEVERITY_NAMES",
    "SOURCES", "sentence", "source",
]  # fmt: skip
LONGEST = 90  # letters of the words objected to that a sentence repeats


def sentence(code: str, words: str) -> str:
    """The rule's sentence about these words, in the reader's language."""
    shown = words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
    return str(SENTENCES[code]) % {"words": shown}


def source(rule: Rule) -> str:
    """Form, guidance or reason from which the rule comes."""
    told = str(SOURCES[rule.source])
    return told % {"reason": REASONS[rule.code]} if rule.source == "own" else told
