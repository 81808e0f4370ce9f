"""Three scenarios of the sample city with their answers: what a visitor finds to compare."""

from datetime import datetime
from decimal import Decimal

from nayu.agencies.domain import Person
from nayu.allocation.domain import scenario as s
from nayu.allocation.models import Run
from nayu.allocation.services.runs import answer
from nayu.allocation.services.scenarios import RuleInput, ScenarioInput, make

WEIGHTS = tuple(
    RuleInput(s.WEIGHT, subject=code, least=percent) for code, percent in s.USUAL_WEIGHTS.items()
)
NEED_FIRST = tuple(
    RuleInput(s.WEIGHT, subject=code, least=percent)
    for code, percent in {
        "people": 25,
        "need": 40,
        "element": 10,
        "readiness": 15,
        "risk": 10,
    }.items()
)
CEILINGS = RuleInput(s.AGENCIES, least=10_000)
SCENARIOS = (
    ScenarioInput(
        "ตามกรอบวงเงินเดิม", "ใช้กรอบวงเงินของหน่วยงานตามที่กำหนดไว้ ไม่มีเงื่อนไขอื่น",
        "Within the ceilings as they are", (*WEIGHTS, CEILINGS),
    ),
    ScenarioInput(
        "คงฐานเดิม ลดช่องว่างเขต", "ทุกเขตได้ไม่ต่ำกว่าขั้นต่ำตามประชากรและความจำเป็น และลงทุนอย่างน้อยร้อยละ 40",
        "Keep the base, narrow the gap between districts",
        (*WEIGHTS, CEILINGS, RuleInput(s.LEVELS), RuleInput(s.FLOOR, amount=Decimal(60_000_000)),
         RuleInput(s.INVESTMENT, least=4_000)),
    ),
    ScenarioInput(
        "เขตที่จำเป็นก่อน เงินน้อยลงร้อยละสิบ", "ลองให้น้ำหนักความจำเป็นของเขตมากขึ้น เมื่อรายรับต่ำกว่าประมาณการ",
        "Districts in need first, with a tenth less",
        (*NEED_FIRST, CEILINGS, RuleInput(s.LEVELS), RuleInput(s.TOTAL, amount=Decimal(94_100_000_000))),
    ),
)  # fmt: skip


def write_sample(fiscal_year_be: int, *, actor: Person, at: datetime) -> None:
    """Make the scenarios and answer them, in the caller's transaction."""
    assert actor.user_id is not None
    for given in SCENARIOS:
        scenario = make(fiscal_year_be, s.DECIDED_STAGE, given, actor=actor, at=at)
        run = Run.objects.create(
            scenario=scenario, revision=scenario.revision, by_id=actor.user_id, at=at
        )
        answer(run.pk)
