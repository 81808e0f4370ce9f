"""Preparing Thai text for search: folding, words of a query, and marks where they were found.

Folding makes two spellings of one thing equal: digit systems, whole sara am, case, blanks
between Thai letters, commas in figures. Positions lead back to the text as it is shown.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from nayu.core.thai import normalise, to_arabic_digits, without_tones

PUBLIC, WORKING = "public", "working"
AUDIENCES = (PUBLIC, WORKING)
PROJECT, LINE, GOAL, INDICATOR = "project", "line", "goal", "indicator"
AGENCY, DISTRICT, OPINION = "agency", "district", "opinion"
KINDS = (PROJECT, GOAL, INDICATOR, AGENCY, DISTRICT, LINE, OPINION)

TRIGRAM = 3  # letters that an index of trigrams needs
MOST_WORDS, LONGEST_WORD, LONGEST_QUERY, LONGEST_BODY = 8, 80, 200, 60_000
_THAI = "\u0e01-\u0e3a\u0e40-\u0e4e"
_SITS_ON_OTHERS = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"  # vowels above and below, tones, signs
_RULES = (
    (re.compile("เเ"), "แ"),
    (re.compile(r"(?<=[0-9]),(?=[0-9])"), ""),
    (re.compile(r"[^\S\n]*#[^\S\n]*|[^\S\n]+"), " "),
    (re.compile(f"(?<=[{_THAI}]) (?=[{_THAI}])"), ""),
)
_TONES = re.compile("[\u0e48-\u0e4b]")
_MARKS = re.compile(f"[{_SITS_ON_OTHERS}]+")
_CLUSTERS = re.compile(
    f"[เแโใไ]?[ก-ฮ][{_SITS_ON_OTHERS}ะาำๅ]*|[{_THAI}]|[^\\W{_THAI}]+|\\n"
)  # fmt: skip
_EDGES = "\"'“”‘’()[]{}<>«»,;:!?|"
_PART_OF_CODE = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*")


@dataclass(frozen=True, slots=True)
class Document:
    """What an app gives to be found; `key` is its name inside its audience and kind.

    Without a fiscal year it belongs to all of them. `subject_id` is the live row that decides
    who may see a working document; `revision` and `state` tell whether that row moved on.
    """

    kind: str
    key: str
    title_th: str
    audience: str = PUBLIC
    fiscal_year_be: int | None = None
    title_en: str = ""
    code: str = ""
    body: str = ""
    agency_code: str = ""
    state: str = ""
    version_id: int | None = None
    subject_id: int | None = None
    revision: int = 0
    url_name: str = ""
    url_args: Mapping[str, str | int] = field(default_factory=dict)


class Mark(NamedTuple):
    """A piece of shown text, and whether it is what was looked for."""

    text: str
    is_hit: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query, folded; `token` is its form as a code, empty without a digit.

    A loose word may also be found with other tone marks.
    """

    text: str
    token: str = ""
    is_loose: bool = True

    @property
    def toneless(self) -> str:
        return without_tones(self.text)


@dataclass(frozen=True, slots=True)
class Query:
    """All words must be found; the phrase is all of them, as one would write a title."""

    phrase: str = ""
    words: tuple[Word, ...] = ()

    @property
    def is_wholly_loose(self) -> bool:
        return all(word.is_loose for word in self.words)

    def loosened(self) -> "Query":
        return replace(self, words=tuple(replace(word, is_loose=True) for word in self.words))


# --- folding -----------------------------------------------------------------------------------


def fold(text: str) -> str:
    """The form in which texts are compared."""
    return fold_normalised(normalise(text, keep_lines=True))


def fold_normalised(text: str) -> str:
    """As `fold`, of a text that is normalised already, as all kept texts are."""
    text = to_arabic_digits(text).casefold()
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text


def clusters(folded: str) -> str:
    """Thai letter clusters and other words with a blank on either side: " ทา สี บ้า น ".

    A short word found between blanks is not the middle of another syllable (สี in เสียง).
    """
    return f" {' '.join(_CLUSTERS.findall(folded))} "


def code_key(code: str) -> str:
    """A code without needless zeros and dashes between letters and digits: P017 → p-17."""
    parts = _PART_OF_CODE.findall(fold(code))
    return "-".join(".".join(n.lstrip("0") or "0" for n in part.split(".")) for part in parts)


def token_of(key: str) -> str:
    """A code's key as it stands in the index: found whole, never as a part of a longer one."""
    return f"##{'#'.join(key)}##"


def code_tokens(code: str) -> tuple[str, ...]:
    """All that a code answers to: with or without zeros, with or without its dashes."""
    parts = [part for part in code_key(code).split("-") if part]
    if not any(letter.isdigit() for letter in code) or not parts:
        return ()
    undashed = re.sub(r"[-/\s]", "", code)
    keys = ["-".join(parts), code_key(undashed), code_key("".join(parts))]
    return tuple(dict.fromkeys(token_of(key) for key in keys))


def running_number_token(code: str) -> str:
    """The token of a code's last part, by which colleagues call it: 23000000-0012 → 12."""
    parts = code_key(code).split("-")
    return token_of(parts[-1]) if len(parts) > 1 and parts[-1].isdigit() else ""


# --- what was asked ----------------------------------------------------------------------------


def parse(words: str) -> Query:
    """The query that a reader typed; nothing to look for gives no words."""
    kept: dict[str, Word] = {}
    shown = normalise(words[:LONGEST_QUERY])
    for part in shown.split():
        word = _word(part.strip(_EDGES)[:LONGEST_WORD])
        if word.text and len(kept) < MOST_WORDS:
            kept.setdefault(word.text, word)
    return Query(fold_normalised(shown).strip(), tuple(kept.values()))


def _word(part: str) -> Word:
    text = fold_normalised(part).strip()
    token = token_of(code_key(text)) if re.search("[0-9]", text) else ""
    return Word(text, token, len(without_tones(text)) >= TRIGRAM)


# --- what is shown -----------------------------------------------------------------------------

_Placed = tuple[str, list[int]]


def mark(text: str, words: Iterable[Word]) -> tuple[Mark, ...]:
    """The text in pieces, hits apart; a hit never ends between a letter and its marks."""
    spans = _joined(span for found in _spans(text, words) for span in found)
    pieces: list[Mark] = []
    done = 0
    for start, end in spans:
        pieces += [Mark(text[done:start]), Mark(text[start:end], is_hit=True)]
        done = end
    pieces.append(Mark(text[done:]))
    return tuple(piece for piece in pieces if piece.text)


def mark_code(code: str, words: Iterable[Word]) -> tuple[Mark, ...]:
    """As `mark`; a code named in another writing is marked whole."""
    words = tuple(words)
    marked = mark(code, words)
    tokens = {*code_tokens(code), running_number_token(code)} - {""}
    if code and not any(m.is_hit for m in marked) and any(w.token in tokens for w in words):
        return (Mark(code, is_hit=True),)
    return marked


def excerpt(body: str, words: Iterable[Word], *, width: int = 160) -> tuple[Mark, ...]:
    """The line of the body that holds most of the words, about `width` letters of it, marked."""
    words = tuple(words)
    best: tuple[int, str, list[list[tuple[int, int]]]] = (0, "", [])
    for line in body.split("\n"):
        found = _spans(line, words)
        held = sum(1 for spans in found if spans)
        if held > best[0]:
            best = (held, line, found)
    held, line, found = best
    if not held:
        return ()
    first = min(spans[0][0] for spans in found if spans)
    start, end = _window(line, first, width)
    before, after = ("… " if start else ""), (" …" if end < len(line) else "")
    pieces = mark(line[start:end], words)
    shown = (Mark(before), *pieces, Mark(after))
    return tuple(piece for piece in shown if piece.text)


def _window(line: str, first: int, width: int) -> tuple[int, int]:
    """Where to cut: at a blank when one is near, and never between a letter and its marks."""
    start = max(0, first - width // 3)
    if start:
        blank = line.find(" ", start, first)
        start = blank + 1 if blank >= 0 else start
    end = min(len(line), start + width)
    if end < len(line):
        blank = line.rfind(" ", first + width // 3, end)
        end = blank if blank >= 0 else end
    while start > 0 and (_MARKS.match(line[start]) or line[start] in "ะาำ"):
        start -= 1
    if start and line[start - 1] in "เแโใไ":
        start -= 1
    while end < len(line) and (_MARKS.match(line[end]) or line[end] in "ะาำ"):
        end += 1
    return start, end


def _spans(text: str, words: Iterable[Word]) -> list[list[tuple[int, int]]]:
    """Places of each word in the text; with other tones only where there is none as typed."""
    exact = _placed(text)
    toneless = _substituted(_TONES, "", exact)
    found: list[list[tuple[int, int]]] = []
    for word in words:
        spans = _places(word.text, exact, text)
        if not spans and word.is_loose:
            spans = _places(word.toneless, toneless, text)
        found.append(spans)
    return found


def _places(wanted: str, placed: _Placed, text: str) -> list[tuple[int, int]]:
    folded, at = placed
    spans: list[tuple[int, int]] = []
    start = folded.find(wanted) if wanted else -1
    while start >= 0:
        end = at[start + len(wanted) - 1] + 1
        marks = _MARKS.match(text, end)
        spans.append((at[start], marks.end() if marks else end))
        start = folded.find(wanted, start + len(wanted))
    return spans


def _placed(text: str) -> _Placed:
    """The folded text, and for each of its letters the position in `text` it came from.

    The letters are those of `fold_normalised`.
    """
    letters: list[str] = []
    at: list[int] = []
    for position, letter in enumerate(text):
        small = to_arabic_digits(letter).casefold()
        letters.append(small)
        at += [position] * len(small)
    placed: _Placed = ("".join(letters), at)
    for pattern, instead in _RULES:
        placed = _substituted(pattern, instead, placed)
    return placed


def _substituted(pattern: re.Pattern[str], instead: str, placed: _Placed) -> _Placed:
    text, at = placed
    pieces: list[str] = []
    kept: list[int] = []
    done = 0
    for match in pattern.finditer(text):
        pieces += [text[done : match.start()], instead]
        kept += at[done : match.start()]
        kept += [at[match.start()]] * len(instead)
        done = match.end()
    return "".join([*pieces, text[done:]]), kept + at[done:]


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
