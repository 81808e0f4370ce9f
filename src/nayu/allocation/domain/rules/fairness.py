"""Shares and floors: elements of the frameworks, investment, districts."""

from collections.abc import Iterator, Sequence

from nayu.allocation.domain.problem import WHOLE, Option, Question
from nayu.allocation.domain.rules import Row, Rule

SCALED = "satang × 10,000"


def _element(question: Question, options: Sequence[Option]) -> Iterator[Row]:
    """Homogeneous rows: more money never makes a share harder to keep."""
    for share in question.elements:
        key = (share.framework, share.element)
        for name, bound, sign in (("MIN", share.least, 1), ("MAX", share.most, -1)):
            if bound == (0 if sign > 0 else WHOLE):
                continue
            terms = []
            for at, option in enumerate(options):
                own = WHOLE if key in option.candidate.elements else 0
                if weight := sign * (own - bound) * option.level.amounts[0]:
                    terms.append((at, weight))
            yield Row(f"ELEMENT_{name}[{'/'.join(key)}]", tuple(terms), low=0, unit=SCALED)


ELEMENT = Rule(
    "ELEMENT",
    "เงินของโครงการที่รับใช้ด้านหรือเป้าหมายนั้น มีสัดส่วนของเงินที่จัดสรรให้โครงการไม่ต่ำกว่าขั้นต่ำ และไม่เกินขั้นสูง",
    "Projects that serve the element get at least, and at most, these shares of the money granted to projects.",
    "least · Σ c·x ≤ Σ c·x over the element ≤ most · Σ c·x",
    "ร้อยละของเงินที่จัดสรร · percent of the money granted",
    _element,
)


def _investment(question: Question, options: Sequence[Option]) -> Iterator[Row]:
    if question.investment is None or not question.investment.least:
        return
    terms = []
    for at, option in enumerate(options):
        amount = option.level.amounts[0]
        parts = option.candidate.shares("types", option.level)
        own = sum(parts.get(code, 0) for code in question.investment.types)
        if weight := WHOLE * own - question.investment.least * amount:
            terms.append((at, weight))
    yield Row("INVESTMENT", tuple(terms), low=0, unit=SCALED)


INVESTMENT = Rule(
    "INVESTMENT",
    "เงินลงทุนมีสัดส่วนของเงินที่จัดสรรให้โครงการไม่ต่ำกว่าที่กำหนด",
    "Investment has at least this share of the money granted to projects.",
    "Σ c(investment)·x ≥ least · Σ c·x",
    "ร้อยละของเงินที่จัดสรร · percent of the money granted",
    _investment,
)


def _district(question: Question, options: Sequence[Option]) -> Iterator[Row]:
    terms: dict[str, list[tuple[int, int]]] = {code: [] for code in question.district_floors}
    if terms:
        for at, option in enumerate(options):
            for code, part in option.candidate.shares("districts", option.level).items():
                if part and code in terms:
                    terms[code].append((at, part))
    for code, floor in question.district_floors.items():
        yield Row(f"DISTRICT[{code}]", tuple(terms[code]), low=floor)


DISTRICT = Rule(
    "DISTRICT",
    "เงินที่ลงในแต่ละเขตไม่ต่ำกว่าขั้นต่ำของเขต ซึ่งแบ่งตามประชากรและดัชนีความจำเป็น",
    "Each district gets at least its floor, shared out by population and a need index.",
    "Σ c(district)·x ≥ floor",
    "บาท · baht",
    _district,
)
