"""Words of size without a size, and work without where, when or who."""

import re

from nayu.coach.domain.text import has_number, has_place, has_time
from nayu.coach.domain.values import CONSIDER, MUST, Draft, Passage, Rule, Words, example

SIZE, PLACE = "vague-quantity", "no-place-or-time"
WRITTEN = (
    "promise_who", "promise_change", "promise_evidence", "rationale", "objective", "target", "method",
    "activity", "if_not_funded", "risk", "risk_response", "indicator",
)  # fmt: skip
# From so many letters on a method tells who does what, in words no list can foresee.
TOLD_AT_LENGTH = 60


def _size_without_size(passage: Passage, _draft: Draft, words: Words) -> str | None:
    if passage.kind == "risk" and words.find("vague.answered", passage.text):
        return None  # an event and its answer; its size stands in likelihood and impact
    return words.find("vague.always", passage.text) or None


def _size_without_figure(passage: Passage, _draft: Draft, words: Words) -> str | None:
    if has_number(passage.text):
        return None
    return words.find("vague.without_figure", passage.text) or None


def _nowhere(passage: Passage, words: Words) -> bool:
    return not has_place(passage.text, words) and not has_time(passage.text, words)


_ORDINAL = re.compile(r"(?:ครั้ง|รุ่น|ระยะ|ตอน|เฟส|ปี)ที่ ?\d+")


def _activity(passage: Passage, _draft: Draft, words: Words) -> str | None:
    if has_number(_ORDINAL.sub(" ", passage.text)) or not _nowhere(passage, words):
        return None
    return passage.text if len(passage.text) < TOLD_AT_LENGTH else None


def _target(passage: Passage, draft: Draft, words: Words) -> str | None:
    if draft.place or not _nowhere(passage, words):
        return None
    return passage.text


def _method(passage: Passage, _draft: Draft, words: Words) -> str | None:
    if has_number(passage.text) or not _nowhere(passage, words):
        return None
    return passage.text if len(passage.text) < TOLD_AT_LENGTH else None


def _name(passage: Passage, draft: Draft, words: Words) -> str | None:
    text = passage.text
    if has_place(text, words) or has_number(text) or draft.place:
        return None
    if words.find("vague.physical", text) and words.find("vague.physical_object", text):
        return text
    return None


RULES = (
    Rule(
        "size_without_a_size", SIZE, CONSIDER, WRITTEN, "own", _size_without_size,
        example("target", "ประชาชนเข้าร่วมกิจกรรมเป็นจำนวนมาก"),
        example("target", "ผู้เข้าร่วม 320 คนจาก 8 ชุมชนในเขตบางเขน"),
    ),
    Rule(
        "size_without_a_figure", SIZE, CONSIDER, WRITTEN, "own", _size_without_figure,
        example("promise_evidence", "ความเห็นของผู้ปกครองส่วนใหญ่"),
        example("promise_evidence", "ความเห็นของผู้ปกครองส่วนใหญ่ (ถาม 120 คน)"),
    ),
    Rule(
        "activity_without_place_or_time", PLACE, MUST, ("activity",), "form10", _activity,
        example("activity", "อบรมให้ความรู้แก่กลุ่มเป้าหมาย"),
        example("activity", "อบรมผู้ดูแลตึก ณ อาคารเฉลิมพระเกียรติ ธ.ค. 68"),
        unless=("empty-filler",),
    ),
    Rule(
        "target_without_place_or_time", PLACE, MUST, ("target",), "form10", _target,
        example("target", "ก่อสร้างลานกีฬา 3 แห่ง"),
        example("target", "ก่อสร้างลานกีฬา 3 แห่งในเขตสายไหม ภายใน ก.ค. 69"),
        unless=("empty-filler", "unit-does-not-fit", "beneficiary-not-countable"),
    ),
    Rule(
        "method_without_who_where_when", PLACE, CONSIDER, ("method",), "form10", _method,
        example("method", "ลงพื้นที่สำรวจข้อมูลแล้วนำมาวิเคราะห์"),
        example("method", "พยาบาลสองคนเยี่ยมบ้านทุกวันศุกร์ แขวงบางแค"),
        unless=("empty-filler", "needless-english-or-jargon", SIZE),
    ),
    Rule(
        "works_without_place", PLACE, MUST, ("name",), "form10", _name,
        example("name", "โครงการปรับปรุงถนนและทางเท้า"),
        example("name", "ปรับปรุงทางเท้าถนนพระรามที่ 4 ช่วงแยกคลองเตย"),
        unless=("empty-filler", "several-things-in-one"),
    ),
)  # fmt: skip
