"""Scores: what a funding level is worth, in parts that each open down to their figures.

A part is scaled to 0…1 and multiplied by its weight (percent); a score is the sum, at most 100 points.
Figures are exact fractions until the end, then whole millionths of a point, rounded down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from nayu.allocation.domain.problem import POINT

PEOPLE, NEED, ELEMENT, READINESS, LEGAL, SUPPORT, RISK, RUBRIC = (
    "people", "need", "element", "readiness", "legal", "support", "risk", "rubric",
)  # fmt: skip
PARTS = (PEOPLE, NEED, ELEMENT, READINESS, LEGAL, SUPPORT, RISK, RUBRIC)
MOST_RUBRIC = 5
MOST_RISK = 25  # likelihood 5 × impact 5
CAP_PERCENT = 95  # people per million baht count up to this percentile of the year
MILLION_SATANG = 100_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one project at one level; None is not known, and scores nothing.

    ``people`` are reached by its promises; ``need`` is the mean need of its districts by money, 0…1;
    ``ready`` and ``opinions`` are (done, of all); ``risk`` is the largest likelihood × impact, 1…25.
    """

    amount: int
    people: Fraction | None = None
    need: Fraction | None = None
    element_weight: Fraction | None = None
    ready: tuple[int, int] | None = None
    is_legal_duty: bool = False
    opinions: tuple[int, int] | None = None
    risk: int | None = None
    rubric: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a score: the figure as found, scaled to 0…1, and the millionths of a point it gives."""

    code: str
    figure: Fraction | None
    scaled: Fraction
    weight: int
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    parts: tuple[Part, ...]
    override: int | None = None  # millionths of a point, with a reason kept beside

    @property
    def points(self) -> int:
        if self.override is not None:
            return self.override
        return sum(part.points for part in self.parts)


def people_per_million(figures: Figures) -> Fraction | None:
    """None for a project that promises nothing to people, or asks for nothing."""
    if figures.people is None or figures.amount <= 0:
        return None
    return figures.people * MILLION_SATANG / figures.amount


def cap_of(all_figures: Sequence[Figures]) -> Fraction:
    """The 95th percentile of people per million baht among the year's projects, nearest rank."""
    found = sorted(rate for one in all_figures if (rate := people_per_million(one)) is not None)
    if not found:
        return Fraction(0)
    rank = -(-len(found) * CAP_PERCENT // 100)
    return found[max(rank, 1) - 1]


def score_of(
    figures: Figures, weights: Mapping[str, int], cap: Fraction, override: int | None = None
) -> Score:
    """The score of one level. ``weights`` are percents by part; a part without one counts nothing."""
    parts = []
    for code in PARTS:
        weight = weights.get(code, 0)
        if not weight:
            continue
        figure, scaled = _SCALES[code](figures, cap)
        points = int(scaled * weight * POINT)
        parts.append(Part(code, figure, scaled, weight, points))
    return Score(tuple(parts), override)


Scaled = tuple[Fraction | None, Fraction]
NOTHING: Scaled = (None, Fraction(0))


def _people(figures: Figures, cap: Fraction) -> Scaled:
    rate = people_per_million(figures)
    if rate is None or not cap:
        return NOTHING
    return rate, min(rate / cap, Fraction(1))


def _share(pair: tuple[int, int] | None) -> Scaled:
    if pair is None or not pair[1]:
        return NOTHING
    share = Fraction(*pair)
    return share, share


def _as_it_is(figure: Fraction | None) -> Scaled:
    return NOTHING if figure is None else (figure, min(max(figure, Fraction(0)), Fraction(1)))


def _risk(figures: Figures, _cap: Fraction) -> Scaled:
    if figures.risk is None:
        return NOTHING
    return Fraction(figures.risk), Fraction(MOST_RISK - figures.risk, MOST_RISK - 1)


def _rubric(figures: Figures, _cap: Fraction) -> Scaled:
    if figures.rubric is None:
        return NOTHING
    return figures.rubric, figures.rubric / MOST_RUBRIC


_SCALES = {
    PEOPLE: _people,
    NEED: lambda figures, _cap: _as_it_is(figures.need),
    ELEMENT: lambda figures, _cap: _as_it_is(figures.element_weight),
    READINESS: lambda figures, _cap: _share(figures.ready),
    LEGAL: lambda figures, _cap: (Fraction(int(figures.is_legal_duty)),) * 2,
    SUPPORT: lambda figures, _cap: _share(figures.opinions),
    RISK: _risk,
    RUBRIC: _rubric,
}
