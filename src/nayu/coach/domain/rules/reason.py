"""Why the project is needed: the situation in figures and a cause, not an order or a truism."""

from nayu.coach.domain.text import has_evidence_figure, has_number, has_place
from nayu.coach.domain.values import CONSIDER, MUST, Draft, Passage, Rule, Words, example

KIND = "cause-not-shown"
RATIONALE = ("rationale",)


def _no_figure_and(name: str, passage: Passage, words: Words) -> str | None:
    if has_evidence_figure(passage.text):
        return None
    return words.find(name, passage.text) or None


def _only_policy(passage: Passage, _draft: Draft, words: Words) -> str | None:
    return _no_figure_and("reason.policy", passage, words)


def _only_habit(passage: Passage, _draft: Draft, words: Words) -> str | None:
    return _no_figure_and("reason.habit", passage, words)


def _truism(passage: Passage, _draft: Draft, words: Words) -> str | None:
    return _no_figure_and("reason.truism", passage, words)


def _no_figure(passage: Passage, _draft: Draft, words: Words) -> str | None:
    return None if has_evidence_figure(passage.text) else passage.text[:60]


def _problem_without_place(passage: Passage, draft: Draft, words: Words) -> str | None:
    text = passage.text
    if has_place(text, words) or draft.place:
        return None
    if not words.find("reason.somewhere", text) or (has_number(text) and len(text) > 90):
        return None  # a rationale at length says where, in its own words
    return words.find("reason.problem", text) or None


RULES = (
    Rule(
        "rationale_is_only_an_order", KIND, MUST, RATIONALE, "five_points", _only_policy,
        example("rationale", "ด้วยผู้บริหารมีนโยบายให้ทุกสำนักงานเขตจัดกิจกรรม จึงจัดทำโครงการนี้เพื่อสนองนโยบาย"),
        example("rationale", "ตามนโยบายสวน 15 นาที สำรวจแล้วชุมชน 12 แห่งเดินถึงสวนเกิน 1.5 กม."),
    ),
    Rule(
        "rationale_is_only_habit", KIND, MUST, RATIONALE, "zero_based", _only_habit,
        example("rationale", "ดำเนินโครงการต่อเนื่องมาทุกปีและได้รับการตอบรับเป็นอย่างดี จึงเห็นควรดำเนินการอีก"),
        example("rationale", "จัดต่อเนื่องมาทุกปี ปี 2567 ผู้เรียน 52 จาก 60 คนได้งานภายในสามเดือน"),
    ),
    Rule(
        "rationale_is_a_truism", KIND, MUST, RATIONALE, "five_points", _truism,
        example("rationale", "การออกกำลังกายเป็นสิ่งที่ดีต่อสุขภาพ ทำให้ร่างกายแข็งแรง"),
        example("rationale", "ถนนหน้าตลาดมีความสำคัญต่อผู้ค้า 62 แผง แต่น้ำขังปีละ 14 วัน"),
    ),
    Rule(
        "rationale_without_figures", KIND, MUST, RATIONALE, "five_points", _no_figure,
        example("rationale", "เรือในคลองแสนแสบมีเสียงดังเกินมาตรฐาน ชาวบ้านริมคลองร้องเรียน"),
        example("rationale", "เรือในคลองแสนแสบดังเฉลี่ย 92 เดซิเบล ชาวบ้านร้องเรียน 47 เรื่องในปีเดียว"),
    ),
    Rule(
        "problem_without_place", "no-place-or-time", CONSIDER, RATIONALE, "form10",
        _problem_without_place,
        example("rationale", "พบน้ำเสียจากร้านอาหารไหลลงคลองโดยตรง 26 ร้าน"),
        example("rationale", "พบน้ำเสียจากร้านอาหารไหลลงคลองบางซื่อ 26 ร้าน"),
        unless=("empty-filler",),
    ),
)  # fmt: skip
