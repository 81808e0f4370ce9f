"""The sealed record: how an event is written down, chained, and checked. Plain Python.

Digest of an event = SHA-256 of its columns as canonical JSON; its hash = SHA-256 of the hash before
it and its digest (lower-case hexadecimal, as ASCII). docs/decisions/0008-sealed-record.md says why.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from nayu.core.errors import RuleBroken

FORMAT = "nayu-audit/1"
BEGINNING = "0" * 64  # what stands before the first event
ALARM_AFTER = timedelta(minutes=5)
# Free text may hold anything, a name too: it enters the digest as a salted commitment, so that it
# can be withheld later and the chain stays whole.
TEXTS = ("subject_label", "reason", "facts")
COLUMNS = (
    "sequence", "event", "at", "written_at", "person", "post_code", "post_title_th",
    "post_title_en", "verb", "subject_kind", "subject_id", "agency_code", "fiscal_year_be",
    *TEXTS,
)  # fmt: skip
LINKS = ("previous", "hash")
FARTHEST_SHIFT = 1000  # how many renumbered neighbours are tried before an event is "altered"
ALTERED, REMOVED, INSERTED, MOVED = "altered", "removed", "inserted", "moved"
REWRITTEN, UNREADABLE, HEADER, ENDS_EARLY = "rewritten", "unreadable", "header", "ends_early"
FINDINGS = (ALTERED, REMOVED, INSERTED, MOVED, REWRITTEN, UNREADABLE, HEADER, ENDS_EARLY)


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True)


class NoSuchPerson(RuleBroken):
    """Nobody of that name signs in here, or they are forgotten already."""

    code = "no_such_person"


def canonical(value: Any) -> str:
    """The one way to write a value: JSON, keys in order, no blanks, ASCII only."""
    return _ENCODER.encode(value)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii", "surrogatepass")).hexdigest()


def commitment(salt: str, value: Any) -> str:
    """What stands for a text in the digest. `salt` is hexadecimal."""
    return _sha256(salt + canonical(value))


def digest_of(columns: Mapping[str, Any]) -> str:
    """Digest of an exported event: all of its columns, texts by their commitments."""
    told = {key: value for key, value in columns.items() if key not in LINKS}
    for name in TEXTS:
        text = told.get(name)
        if isinstance(text, dict) and set(text) == {"withheld"}:
            told[name] = text["withheld"]
        elif isinstance(text, dict) and set(text) == {"salt", "value"}:
            told[name] = commitment(str(text["salt"]), text["value"])
    return _sha256(canonical(told))


def link(previous: str, digest: str) -> str:
    """The hash of an event: it follows from all events before it."""
    return hashlib.sha256(f"{previous}{digest}".encode(errors="surrogatepass")).hexdigest()


def person_hash(salt: bytes, user_id: int) -> str:
    """A person in the record; without the salt nobody can tell whose it is."""
    return hmac.new(salt, str(user_id).encode(), hashlib.sha256).hexdigest()


def moment(at: datetime) -> str:
    """A moment in UTC to the microsecond."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def line_of(value: Mapping[str, Any]) -> str:
    """A line of the file, readable as Thai; escapes only what UTF-8 cannot hold."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair
        return json.dumps(value, separators=(",", ":"))
    return text


# --- Checking a file ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Head:
    """A hash published elsewhere; without a sequence it may stand anywhere in the chain."""

    hash: str
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The first thing that is wrong: what, at which event, and figures for the sentence."""

    code: str
    sequence: int
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found; `vouched` is the last event that a published head answers for."""

    finding: Finding | None
    events: int
    stubs: int
    withheld: int
    head: str
    vouched: int

    @property
    def is_whole(self) -> bool:
        return self.finding is None


class _Unreadable(Exception):
    """Not one JSON object, or one that says a thing twice."""


@dataclass(frozen=True, slots=True)
class _Line:
    number: Any
    previous: Any
    hash: Any
    content: Mapping[str, Any]

    @property
    def is_stub(self) -> bool:
        return set(self.content) == {"sequence", "digest", *LINKS}

    def digest(self, sequence: int | None = None) -> str:
        """As written, or as if it had another sequence number."""
        if self.is_stub:
            return str(self.content["digest"])
        content = self.content if sequence is None else {**self.content, "sequence": sequence}
        return digest_of(content)

    def follows(self, previous: str, sequence: int | None = None) -> bool:
        return bool(self.hash == link(previous, self.digest(sequence)))

    def agrees_with_itself(self, sequence: int | None = None) -> bool:
        """Whether its own two hashes belong together, whatever stands before it."""
        return isinstance(self.previous, str) and self.follows(self.previous, sequence)


def _read(text: str) -> dict[str, Any]:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise _Unreadable
        return found

    try:
        value = json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise _Unreadable from None
    if not isinstance(value, dict):
        raise _Unreadable
    return value


def _parse(text: str) -> _Line:
    content = _read(text)
    return _Line(content.get("sequence"), content.get("previous"), content.get("hash"), content)


def heads_in(text: str) -> tuple[Head, ...]:
    """The heads of a published file. Raises ValueError if it is not one."""
    try:
        found = json.loads(text)["heads"]
        return tuple(Head(str(row["head"]).lower(), int(row["sequence"])) for row in found)
    except (TypeError, KeyError, RecursionError) as wrong:
        raise ValueError(text[:40]) from wrong


def head_from(text: str) -> Head:
    """HASH or SEQUENCE:HASH as typed. Raises ValueError."""
    sequence, colon, typed = text.strip().lower().rpartition(":")
    if len(typed) != 64 or set(typed) - set("0123456789abcdef"):
        raise ValueError(text)
    return Head(typed, int(sequence) if colon else None)


def verify(
    lines: Iterable[str], *, heads: Sequence[Head] = (), earlier: Iterable[str] = ()
) -> Report:
    """Check an exported file from its first line to its last; needs nothing but the file.

    `heads` were published elsewhere, `earlier` is an older export of the same record. Without
    either, a record that was rewritten throughout looks whole. Only the first fault is named.
    """
    return _Check(heads, earlier).run(iter(lines))


class _Check:
    def __init__(self, heads: Sequence[Head], earlier: Iterable[str]) -> None:
        self.loose = {head.hash for head in heads if head.sequence is None}
        self.placed = {head.sequence: head.hash for head in heads if head.sequence is not None}
        self.earlier = _hashes(earlier)
        self.count = self.stubs = self.withheld = self.vouched = 0
        self.previous = BEGINNING
        self.loose.discard(BEGINNING)  # the head of an empty record

    def run(self, lines: Iterator[str]) -> Report:
        return self._report(self._first_fault(lines))

    def _first_fault(self, lines: Iterator[str]) -> Finding | None:
        try:
            header = _read(next(lines, ""))
        except _Unreadable:
            return Finding(HEADER, 0)
        if header.get("record") != FORMAT or type(header.get("events")) is not int:
            return Finding(HEADER, 0)
        for text in lines:
            if not text.strip():
                continue
            found = self._take(text, lines, whole=header.get("fiscal_year_be") is None)
            if found:
                return found
        return self._at_the_end(header)

    def _take(self, text: str, rest: Iterator[str], *, whole: bool) -> Finding | None:
        """One line more; None if it is what must stand here."""
        expected = self.count + 1
        try:
            line = _parse(text)
        except _Unreadable:
            return Finding(UNREADABLE, expected)
        if line.number != expected or not self._stands(line):
            return _diagnosis(line, expected, self.previous, rest)
        if line.is_stub and whole:
            return Finding(REMOVED, expected, {"last": expected, "content": True})
        self.count = expected
        self.previous = str(line.hash)
        self.stubs += line.is_stub
        self.withheld += any(
            isinstance(line.content.get(name), dict) and "withheld" in line.content[name]
            for name in TEXTS
        )
        return self._against_others()

    def _stands(self, line: _Line) -> bool:
        # A number written as true or 1.0 equals 1 and is still not what was sealed.
        return (
            type(line.number) is int
            and line.previous == self.previous
            and line.follows(self.previous)
        )

    def _against_others(self) -> Finding | None:
        """What was published or exported before stands as it stood."""
        kept = next(self.earlier, None)
        if kept is not None and kept != self.previous:
            return Finding(REWRITTEN, self.count, {"first": self.count, "last": self.count})
        published = self.placed.get(self.count)
        if published is not None and published != self.previous:
            first = self.vouched + 1
            return Finding(REWRITTEN, first, {"first": first, "last": self.count})
        if published is not None or self.previous in self.loose:
            self.loose.discard(self.previous)
            self.vouched = self.count
        return None

    def _at_the_end(self, header: Mapping[str, Any]) -> Finding | None:
        missing = int(header["events"]) - self.count
        if missing > 0:
            return Finding(REMOVED, self.count + 1, {"last": int(header["events"])})
        if missing < 0:
            return Finding(INSERTED, int(header["events"]) + 1)
        if header.get("head") != self.previous:
            return Finding(HEADER, self.count)
        later = [sequence for sequence in self.placed if sequence > self.count]
        if later or next(self.earlier, None) is not None:
            last = max(later, default=self.count + 1)
            return Finding(ENDS_EARLY, self.count + 1, {"last": last})
        if self.loose:
            first = min(self.vouched + 1, self.count) if self.count else 0
            facts = {"first": first, "last": self.count}
            return Finding(REWRITTEN, first, facts)
        return None

    def _report(self, finding: Finding | None) -> Report:
        return Report(finding, self.count, self.stubs, self.withheld, self.previous, self.vouched)


def _hashes(lines: Iterable[str]) -> Iterator[str]:
    """Hashes of an older export, in order; what cannot be read agrees with nothing."""
    rows = iter(lines)
    next(rows, None)
    for text in rows:
        if text.strip():
            try:
                yield str(_parse(text).hash)
            except _Unreadable:
                yield ""


# --- What happened to the first line that does not fit ------------------------------------------


def _diagnosis(line: _Line, expected: int, previous: str, rest: Iterable[str]) -> Finding:
    """The likeliest tale of a line that does not follow `previous` as the `expected` event."""
    others = _readable(rest)
    number = line.number if type(line.number) is int else None
    if number != expected:
        return _out_of_order(line, number, expected, previous, others)
    if any(other.follows(previous, expected) for other in islice(others, FARTHEST_SHIFT)):
        return Finding(INSERTED, expected)  # the true one stands further down
    if line.previous == previous or line.follows(previous):
        return Finding(ALTERED, expected)
    if line.agrees_with_itself():
        # It is as it was sealed, and names another predecessor: that one was made anew.
        return Finding(REWRITTEN, expected - 1, {"first": expected - 1, "last": expected - 1})
    return _renumbered(line, expected) or Finding(ALTERED, expected)


def _out_of_order(
    line: _Line, number: int | None, expected: int, previous: str, others: Sequence[_Line]
) -> Finding:
    if line.follows(previous, expected):
        return Finding(ALTERED, expected)  # its number alone
    if number is None:
        return Finding(ALTERED, expected)
    if number < expected:
        return Finding(INSERTED, number)
    if any(other.number == expected for other in others):
        return Finding(MOVED, expected)
    return Finding(REMOVED, expected, {"last": number - 1})


def _renumbered(line: _Line, expected: int) -> Finding | None:
    """Numbers were closed up after a removal, or moved on after an insertion."""
    for shift in range(1, FARTHEST_SHIFT + 1):
        if line.agrees_with_itself(expected + shift):
            return Finding(REMOVED, expected, {"last": expected + shift - 1})
        if expected > shift and line.agrees_with_itself(expected - shift):
            return Finding(INSERTED, expected - shift)
    return None


def _readable(rest: Iterable[str]) -> list[_Line]:
    found = []
    for text in rest:
        try:
            found.append(_parse(text))
        except _Unreadable:
            continue
    return found
