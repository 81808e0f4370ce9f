"""Plain values the component templates draw; money in baht, widths in percent of the picture."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

HUNDRED = Decimal(100)
TILE_PITCH, TILE_SIDE = 65, 60  # units of the tile map's own drawing
RIVER_COLUMN, RIVER_GUTTER = 3, 7  # the Chao Phraya runs before column 3, in a wider gutter


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """Share in percent, one decimal, half up; 0 when there is no whole."""
    if not whole:
        return Decimal("0.0")
    return (part * HUNDRED / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _width(part: Decimal, whole: Decimal) -> str:
    """A CSS percentage: a picture's length, never shown as a figure."""
    share = part * HUNDRED / whole if whole else Decimal(0)
    return f"{max(share, Decimal(0)):.3f}%"


class Crumb(NamedTuple):
    """One step of the drill path; without `href` it is the page itself."""

    text: str
    href: str = ""


class YearChoice(NamedTuple):
    """One fiscal year of the switch, with what that year is doing."""

    year_be: int
    doing: str
    href: str
    current: bool = False


@dataclass(frozen=True)
class Strand:
    """One strategy's part of the money; `position` 0 or None = no strategy named."""

    position: int | None
    name: str
    amount_baht: Decimal
    share_percent: Decimal
    href: str = ""
    projects: int | None = None
    people: int | None = None

    @property
    def has_label(self) -> bool:
        return self.share_percent >= 9

    @property
    def has_icon(self) -> bool:
        return bool(self.position)

    @property
    def is_thin(self) -> bool:
        return self.share_percent < 3


@dataclass(frozen=True)
class Meter:
    """A ceiling with what is requested against it, in baht; no ceiling yet = None."""

    name: str
    requested_baht: Decimal
    this_baht: Decimal
    ceiling_baht: Decimal | None
    this_name: str = ""
    code: str = ""

    @property
    def used_baht(self) -> Decimal:
        return self.requested_baht + self.this_baht

    @property
    def left_baht(self) -> Decimal:
        return max(self._ceiling - self.used_baht, Decimal(0))

    @property
    def over_baht(self) -> Decimal:
        """What stands above the ceiling; 0 while no ceiling is set."""
        if self.ceiling_baht is None:
            return Decimal(0)
        return max(self.used_baht - self.ceiling_baht, Decimal(0))

    @property
    def is_over(self) -> bool:
        return self.over_baht > 0

    @property
    def requested_width(self) -> str:
        return _width(min(self.requested_baht, self._ceiling), self._scale)

    @property
    def this_width(self) -> str:
        room = max(self._ceiling - self.requested_baht, Decimal(0))
        return _width(min(self.this_baht, room), self._scale)

    @property
    def over_width(self) -> str:
        return _width(self.over_baht, self._scale)

    @property
    def ceiling_left(self) -> str:
        return _width(self._ceiling, self._scale)

    @property
    def _ceiling(self) -> Decimal:
        return self.used_baht if self.ceiling_baht is None else self.ceiling_baht

    @property
    def _scale(self) -> Decimal:
        # A little room above the ceiling, so that its tick never sits on the edge.
        return max(self.used_baht, self._ceiling) * Decimal("1.045") or Decimal(1)


@dataclass(frozen=True)
class StepShown:
    """One step of the history: what, who and when; `icon` for the present step."""

    state: Literal["done", "now", "todo"]
    name: str
    detail: str = ""
    reason: str = ""
    icon: str = "circle-dashed"


@dataclass(frozen=True)
class Tile:
    """One district of the tile map; `step` 1–5 colours it, `on` marks a place, neither is empty."""

    code: str
    column: int
    row: int
    name: str
    short_name: str
    value: str = ""
    step: int | None = None
    on: bool = False
    selected: bool = False
    href: str = ""
    note: str = ""

    @property
    def x(self) -> int:
        return self.column * TILE_PITCH + (RIVER_GUTTER if self.column >= RIVER_COLUMN else 0)

    @property
    def y(self) -> int:
        return self.row * TILE_PITCH

    @property
    def kind(self) -> str:
        base = "on" if self.on else f"k{self.step}" if self.step else "off"
        return f"{base} sel" if self.selected else base


@dataclass(frozen=True)
class BarRow:
    """One horizontal bar. `kind`: "" = now, "was" = an earlier stage, "none" = not yet known."""

    name: str
    amount_baht: Decimal | None
    kind: Literal["", "was", "none"] = ""
    text: str = ""
    href: str = ""
    position: int | None = None
    width: str = "0%"
    strong: bool = False


def bar_rows(rows: Iterable[BarRow]) -> tuple[BarRow, ...]:
    """The rows with widths from zero to the largest amount; an unknown one takes the last width."""
    listed = tuple(rows)
    largest = max((row.amount_baht or Decimal(0) for row in listed), default=Decimal(0))
    drawn: list[BarRow] = []
    width = "0.000%"
    for row in listed:
        if row.amount_baht is not None:
            width = _width(row.amount_baht, largest)
        drawn.append(BarRow(**{**row.__dict__, "width": width}))
    return tuple(drawn)


class Change(NamedTuple):
    """One changed field; nothing before or after is an empty text."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class LanePart:
    """What a year does between two days, both included; `next` is told apart on phones."""

    text: str
    first_day: date
    last_day: date
    state: Literal["done", "now", "next", ""] = ""
    left: str = "0%"
    width: str = "0%"


@dataclass(frozen=True)
class Lane:
    year_be: int
    doing: str
    parts: tuple[LanePart, ...] = field(default=())


class MonthMark(NamedTuple):
    first_day: date
    left: str


@dataclass(frozen=True)
class Calendar:
    """Lanes over the days from `first_day` to `last_day`; parts outside are cut to the picture."""

    first_day: date
    last_day: date
    today: date
    lanes: tuple[Lane, ...]

    @property
    def today_left(self) -> str:
        return self._left(self.today)

    @property
    def shows_today(self) -> bool:
        return self.first_day <= self.today <= self.last_day

    @property
    def months(self) -> tuple[MonthMark, ...]:
        """Every second month, as the axis has room for."""
        marks, day = [], self.first_day.replace(day=1)
        while day <= self.last_day:
            marks.append(MonthMark(day, self._left(day)))
            month = day.month + 2
            day = date(day.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
        return tuple(marks)

    def _left(self, day: date) -> str:
        return _width(Decimal((day - self.first_day).days), self._days)

    @property
    def _days(self) -> Decimal:
        return Decimal((self.last_day - self.first_day).days + 1)

    def drawn(self) -> tuple[Lane, ...]:
        """The lanes with the place of every part that the picture shows."""
        return tuple(Lane(x.year_be, x.doing, tuple(self._parts(x.parts))) for x in self.lanes)

    def _parts(self, parts: Sequence[LanePart]) -> Iterable[LanePart]:
        for part in parts:
            first = max(part.first_day, self.first_day)
            last = min(part.last_day, self.last_day)
            if first > last:
                continue
            length = Decimal((last - first).days + 1) - Decimal("1.5")  # a hair between parts
            yield LanePart(
                part.text,
                part.first_day,
                part.last_day,
                part.state,
                self._left(first),
                _width(length, self._days),
            )


class Paging(NamedTuple):
    """Links of a page of rows; an empty link is not offered."""

    previous_href: str = ""
    next_href: str = ""
    shown: int | None = None
    total: int | None = None
