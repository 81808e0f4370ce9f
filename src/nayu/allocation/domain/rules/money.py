"""Ceilings: of the year, of the years after it, of agencies, types of expenditure and sources."""

from collections.abc import Iterator, Mapping, Sequence

from nayu.allocation.domain.problem import YEARS, Option, Question
from nayu.allocation.domain.rules import Row, Rule


def _total(question: Question, options: Sequence[Option]) -> Iterator[Row]:
    terms = tuple((at, o.level.amounts[0]) for at, o in enumerate(options) if o.level.amounts[0])
    yield Row("TOTAL", terms, high=question.total)


TOTAL = Rule(
    "TOTAL",
    "เงินของทุกโครงการรวมกันไม่เกินเงินที่มีสำหรับโครงการในปีนี้",
    "The money of all projects together is at most what there is for projects this year.",
    "Σ c·x ≤ T",
    "บาท · baht",
    _total,
)


def _later(question: Question, options: Sequence[Option]) -> Iterator[Row]:
    for year in range(1, YEARS):
        terms = tuple(
            (at, o.level.amounts[year]) for at, o in enumerate(options) if o.level.amounts[year]
        )
        yield Row(f"YEAR+{year}", terms, high=question.later[year - 1])


LATER = Rule(
    "YEAR",
    "เงินที่ผูกไว้ในปีถัดไปแต่ละปีไม่เกินเงินของปีนั้นหลังหักข้อผูกพันเดิม",
    "What is bound in each of the next three years is at most that year's money less past commitments.",
    "Σ c(t)·x ≤ T(t),  t = 1, 2, 3",
    "บาท · baht",
    _later,
)


def _agency(question: Question, options: Sequence[Option]) -> Iterator[Row]:
    terms: dict[str, list[tuple[int, int]]] = {code: [] for code in question.agencies}
    for at, option in enumerate(options):
        if option.level.amounts[0] and option.candidate.agency in terms:
            terms[option.candidate.agency].append((at, option.level.amounts[0]))
    for code, ceiling in question.agencies.items():
        yield Row(f"AGENCY[{code}]", tuple(terms[code]), high=ceiling)


AGENCY = Rule(
    "AGENCY",
    "เงินของโครงการของแต่ละหน่วยงานไม่เกินวงเงินของหน่วยงานนั้น",
    "The projects of an agency cost at most its ceiling.",
    "Σ c·x over the agency ≤ ceiling",
    "บาท · baht",
    _agency,
)


def _shared(
    name: str, kind: str, ceilings: Mapping[str, int], options: Sequence[Option]
) -> Iterator[Row]:
    terms: dict[str, list[tuple[int, int]]] = {code: [] for code in ceilings}
    if ceilings:
        for at, option in enumerate(options):
            for code, part in option.candidate.shares(kind, option.level).items():
                if part and code in terms:
                    terms[code].append((at, part))
    for code, ceiling in ceilings.items():
        yield Row(f"{name}[{code}]", tuple(terms[code]), high=ceiling)


def _type(question: Question, options: Sequence[Option]) -> Iterator[Row]:
    return _shared("TYPE", "types", question.types, options)


TYPE = Rule(
    "TYPE",
    "เงินของแต่ละงบรายจ่ายไม่เกินวงเงินของงบนั้น",
    "The money of a type of expenditure is at most its ceiling.",
    "Σ c(งบ)·x ≤ ceiling",
    "บาท · baht",
    _type,
)


def _source(question: Question, options: Sequence[Option]) -> Iterator[Row]:
    return _shared("SOURCE", "sources", question.sources, options)


SOURCE = Rule(
    "SOURCE",
    "เงินจากแต่ละแหล่งไม่เกินที่แหล่งนั้นมี",
    "The money from a source is at most what the source has.",
    "Σ c(source)·x ≤ available",
    "บาท · baht",
    _source,
)
