"""A question as JSON values and back, exactly: what a run keeps of what it was asked."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from nayu.allocation.domain.problem import (
    Candidate,
    ElementShare,
    Group,
    InvestmentShare,
    Level,
    Question,
    Stay,
)


def question_json(question: Question) -> dict[str, Any]:
    """JSON values; satang and millionths of a point stay whole numbers."""
    return {
        "fiscal_year_be": question.fiscal_year_be,
        "has_scores": question.has_scores,
        "total": question.total,
        "later": list(question.later),
        "agencies": dict(question.agencies),
        "types": dict(question.types),
        "sources": dict(question.sources),
        "elements": [[s.framework, s.element, s.least, s.most] for s in question.elements],
        "district_floors": dict(question.district_floors),
        "investment": question.investment
        and [list(question.investment.types), question.investment.least],
        "required": dict(question.required),
        "forbidden": sorted(question.forbidden),
        "groups": [[g.code, list(g.members), g.number, g.sense] for g in question.groups],
        "needs": [list(pair) for pair in question.needs],
        "stay": question.stay and [sorted(question.stay.reference), question.stay.most_changes],
        "candidates": [_candidate_json(candidate) for candidate in question.candidates],
    }


def _candidate_json(c: Candidate) -> list[Any]:
    levels = [
        [v.code, list(v.amounts), v.points, str(v.people), v.name_th, v.name_en, v.parts]
        for v in c.levels
    ]
    return [
        c.code, c.agency, levels, c.name_th, c.name_en, c.types, c.sources, c.districts, c.elements,
    ]  # fmt: skip


def question_of(data: Mapping[str, Any]) -> Question:
    """The question again, with the hash it had."""
    return Question(
        data["fiscal_year_be"],
        tuple(_candidate_of(row) for row in data["candidates"]),
        data["total"],
        tuple(data["later"]),  # type: ignore[arg-type]
        dict(data["agencies"]),
        dict(data["types"]),
        dict(data["sources"]),
        tuple(ElementShare(*row) for row in data["elements"]),
        dict(data["district_floors"]),
        data["investment"] and InvestmentShare(tuple(data["investment"][0]), data["investment"][1]),
        dict(data["required"]),
        frozenset(data["forbidden"]),
        tuple(Group(code, tuple(members), *rest) for code, members, *rest in data["groups"]),
        tuple((code, first) for code, first in data["needs"]),
        data["stay"] and Stay(frozenset(data["stay"][0]), data["stay"][1]),
        data["has_scores"],
    )


def _candidate_of(row: list[Any]) -> Candidate:
    code, agency, levels, name_th, name_en, *shared = row
    types, sources, districts, elements = (_pairs(part) for part in shared)
    return Candidate(
        code, agency,
        tuple(
            Level(v[0], tuple(v[1]), v[2], Decimal(v[3]), v[4], v[5],
                  tuple((kind, _pairs(parts)) for kind, parts in v[6]))
            for v in levels
        ),
        name_th, name_en, types, sources, districts, elements,
    )  # fmt: skip


def _pairs(rows: Any) -> tuple[tuple[Any, Any], ...]:
    return tuple((first, second) for first, second in rows)
