"""Objectives, activities, indicators and money that belong together, or do not."""

from collections.abc import Iterable

from nayu.coach.domain.text import pieces
from nayu.coach.domain.values import CONSIDER, MUST, Draft, Passage, Rule, Words, example

KIND = "objective-without-activity-or-indicator"
# Letters in a row that two texts must share; about one Thai word.
SHARED = 5


def related(one: str, other: str, words: Words) -> bool:
    """Two texts share a word that not every project has, or a field of the city's work."""
    left, right = words.without("matching.common", one), words.without("matching.common", other)
    if pieces(left, SHARED) & pieces(right, SHARED):
        return True
    return bool(words.holding("themes", one) & words.holding("themes", other))


def _none_related(text: str, others: Iterable[str], words: Words) -> bool:
    return not any(related(text, other, words) for other in others)


def _objective_alone(passage: Passage, draft: Draft, words: Words) -> str | None:
    beside = (*draft.activities, *draft.indicators, *draft.lines)
    if not beside or not _none_related(passage.text, beside, words):
        return None
    return passage.text


def _only_ceremony(passage: Passage, draft: Draft, words: Words) -> str | None:
    """All that is done for an objective is a ceremony or a gift."""
    if not draft.activities:
        return None
    found = [words.find("matching.ceremony", one) for one in draft.activities]
    return " · ".join(found) if all(found) else None


def _activity_alone(passage: Passage, draft: Draft, words: Words) -> str | None:
    """Of another field of work than all aims; where no field is known, nothing is said."""
    aims = (*draft.objectives, *draft.indicators)
    if not draft.objectives or not _none_related(passage.text, aims, words):
        return None
    theirs = frozenset().union(*(words.holding("themes", aim) for aim in aims))
    return passage.text if words.holding("themes", passage.text) and theirs else None


def _ceremony(passage: Passage, draft: Draft, words: Words) -> str | None:
    found = words.find("matching.ceremony", passage.text)
    if not found or any(words.find("matching.ceremony", aim) for aim in draft.objectives):
        return None
    return found if draft.objectives else None


def _indicator_alone(passage: Passage, draft: Draft, words: Words) -> str | None:
    if not draft.objectives or words.find("benefit.counts_activity", passage.text):
        return None
    if words.find("benefit.satisfaction", passage.text):
        return None
    return passage.text if _none_related(passage.text, draft.objectives, words) else None


def _money_of_training(passage: Passage, draft: Draft, words: Words) -> str | None:
    found = words.find("matching.people_training", passage.text)
    if not found or not draft.activities:
        return None
    if any(words.find("matching.trains", one) for one in (*draft.activities, *draft.objectives)):
        return None
    return found


RULES = (
    Rule(
        "objective_without_work", KIND, MUST, ("objective",), "form10", _objective_alone,
        example("objective", "เพื่อลดหนี้นอกระบบของผู้ค้าแผงลอย", activities=["ปลูกต้นไม้ริมทางเท้า"],
                indicators=["จำนวนต้นไม้ที่รอดตาย"]),
        example("objective", "เพื่อลดเวลารอคิวทำบัตร", activities=["เพิ่มเครื่องถ่ายบัตร 2 ชุด"],
                indicators=["เวลารอเฉลี่ย"]),
    ),
    Rule(
        "objective_served_by_ceremony", KIND, MUST, ("objective",), "form10", _only_ceremony,
        example("objective", "เพื่อให้น้ำคลองบางซื่อสะอาด", activities=["จัดพิธีเปิดโครงการริมคลองบางซื่อ"]),
        example("objective", "เพื่อให้น้ำคลองบางซื่อสะอาด", activities=["ลอกคลองบางซื่อ", "พิธีเปิด"]),
    ),
    Rule(
        "activity_is_ceremony", KIND, CONSIDER, ("activity", "line_item"), "form10", _ceremony,
        example("activity", "จัดซื้อของที่ระลึกแจกผู้มาเยือน", objectives=["เพื่อลดเวลารอผ่าตัด"]),
        example("activity", "ซ้อมแผนอพยพหนีไฟในชุมชน", objectives=["เพื่อให้ชุมชนหนีไฟได้ทัน"]),
    ),
    Rule(
        "activity_serves_no_objective", KIND, CONSIDER, ("activity",), "form10", _activity_alone,
        example("activity", "แข่งขันกีฬาฟุตซอลเยาวชน", objectives=["เพื่อระบายน้ำในซอยได้เร็ว"]),
        example("activity", "ลอกท่อซอยอ่อนนุช 46", objectives=["เพื่อให้น้ำไม่ท่วมซอย"]),
    ),
    Rule(
        "indicator_serves_no_objective", KIND, CONSIDER, ("indicator",), "form10", _indicator_alone,
        example("indicator", "ร้อยละบุคลากรที่สอบผ่านภาษาจีน", objectives=["เพื่อป้องกันน้ำล้นคลองสามวา"]),
        example("indicator", "เวลาที่น้ำแห้งหลังฝนหยุด", objectives=["เพื่อให้น้ำไม่ท่วมซอย"]),
    ),
    Rule(
        "money_without_its_activity", KIND, CONSIDER, ("line_item",), "form10", _money_of_training,
        example("line_item", "ค่าตอบแทนวิทยากร 6 ชั่วโมง", activities=["ลอกท่อระบายน้ำ"]),
        example("line_item", "ค่าตอบแทนวิทยากร 6 ชั่วโมง", activities=["อบรมผู้ดูแลอาคาร"]),
    ),
)  # fmt: skip
