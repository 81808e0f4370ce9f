"""What people get: somebody who can be counted, a change in their lives, proof that shows it."""

from nayu.coach.domain.text import has_number, has_place
from nayu.coach.domain.values import CONSIDER, MUST, Draft, Passage, Rule, Words, example

ACTIVITY, EVIDENCE = "result-is-only-an-activity", "evidence-cannot-show-it"
COUNTABLE, CONSEQUENCE = "beneficiary-not-countable", "consequence-not-told"


def _everyone(passage: Passage, _draft: Draft, words: Words) -> str | None:
    if has_place(passage.text, words) or has_number(passage.text):
        return None
    return words.find("benefit.everyone", passage.text) or None


def _not_counted(passage: Passage, _draft: Draft, words: Words) -> str | None:
    if passage.number is not None or has_number(passage.text):
        return None
    return passage.text


def _shared_by_all(passage: Passage, _draft: Draft, words: Words) -> str | None:
    if has_number(passage.text) or not words.find("benefit.everyone", passage.text):
        return None
    return words.find("benefit.shared_by_all", passage.text) or None


def _change_is_work(passage: Passage, _draft: Draft, words: Words) -> str | None:
    found = words.begins("benefit.office_work", passage.text)
    return found if found and not words.find("benefit.changed", passage.text) else None


def _change_is_attendance(passage: Passage, _draft: Draft, words: Words) -> str | None:
    found = words.begins("benefit.done_to_people", passage.text)
    return found if found and not words.find("benefit.changed", passage.text) else None


def _objective_is_work(passage: Passage, _draft: Draft, words: Words) -> str | None:
    found = words.begins("benefit.activity_object", passage.text)
    if not found or words.find("benefit.purpose_after", passage.text[len(found) :]):
        return None
    return found


def _counts_activity(passage: Passage, _draft: Draft, words: Words) -> str | None:
    return words.find("benefit.counts_activity", passage.text) or None


def _name_is_work(passage: Passage, _draft: Draft, words: Words) -> str | None:
    named = words.all("empty.activity_name", passage.text)
    left = words.without("empty.function", words.without("empty.activity_name", passage.text))
    return passage.text if named and len(left.strip()) < 5 else None


def _papers(passage: Passage, _draft: Draft, words: Words) -> str | None:
    if words.find("benefit.shows_change", passage.text):
        return None
    return words.find("benefit.shows_no_change", passage.text) or None


def _popularity(passage: Passage, _draft: Draft, words: Words) -> str | None:
    return words.find("benefit.popularity", passage.text) or None


def _satisfaction(passage: Passage, draft: Draft, words: Words) -> str | None:
    """Opinions of the event itself; those of a service's users are proof of a service."""
    text = passage.text
    if passage.kind == "indicator" and not draft.objectives:
        return None
    if any("พึงพอใจ" in objective or "พอใจ" in objective for objective in draft.objectives):
        return None
    return words.find("benefit.satisfaction", text) or None


def _spending(passage: Passage, _draft: Draft, words: Words) -> str | None:
    return words.find("benefit.spending", passage.text) or None


def _indicator_cannot_show(passage: Passage, draft: Draft, words: Words) -> str | None:
    if passage.kind == "indicator" and not draft.objectives:
        return None
    found = words.find("benefit.counts_activity", passage.text)
    return found or None


def _office_only(passage: Passage, _draft: Draft, words: Words) -> str | None:
    text = passage.text
    if has_number(text) and (
        words.find("benefit.people", text) or words.find("benefit.harm", text)
    ):
        return None
    return words.find("benefit.circular", text) or None


def _nobody_told(passage: Passage, _draft: Draft, words: Words) -> str | None:
    text = passage.text
    if has_number(text) or has_place(text, words):
        return None
    if words.find("benefit.people", text) and words.find("benefit.harm", text):
        return None
    return text


RULES = (
    Rule(
        "beneficiary_is_everyone", COUNTABLE, MUST, ("promise_who",), "what_people_get", _everyone,
        example("promise_who", "ประชาชนทั่วไปและผู้ที่สนใจ"),
        example("promise_who", "ผู้ป่วยวัณโรคระหว่างรักษาในแฟลตคลองจั่น 96 ราย"),
    ),
    Rule(
        "beneficiary_without_number", COUNTABLE, MUST, ("promise_who",), "what_people_get",
        _not_counted, example("promise_who", "เยาวชนในพื้นที่เขตบางบอน", unit="คน"),
        example("promise_who", "ผู้พักอาศัยแฟลตดินแดง อาคาร 21", number=1870, unit="ครัวเรือน"),
    ),
    Rule(
        "target_for_everyone", COUNTABLE, CONSIDER, ("target",), "form10", _shared_by_all,
        example("target", "ประชาชนในพื้นที่ได้รับประโยชน์โดยทั่วกัน"),
        example("target", "ประชาชนในพื้นที่ 3,200 คนได้รับประโยชน์จากท่อใหม่"),
    ),
    Rule(
        "change_is_office_work", ACTIVITY, MUST, ("promise_change",), "what_people_get",
        _change_is_work, example("promise_change", "มีการติดตั้งกล้องเพิ่ม 60 ตัวในชุมชน"),
        example("promise_change", "กลับบ้านตอนสองทุ่มโดยซอยไม่มืด"),
    ),
    Rule(
        "change_is_attendance", ACTIVITY, MUST, ("promise_change",), "what_people_get",
        _change_is_attendance, example("promise_change", "ได้รับการอบรมให้ความรู้เรื่องการคัดแยกขยะ 2 วัน"),
        example("promise_change", "อบรมจบแล้วได้งานนวดภายในหกเดือน อย่างน้อย 45 คนจาก 60"),
    ),
    Rule(
        "objective_is_office_work", ACTIVITY, MUST, ("objective",), "form10", _objective_is_work,
        example("objective", "เพื่อดำเนินการจัดซื้อรถบรรทุกน้ำ"),
        example("objective", "เพื่อจัดพื้นที่ขายให้ผู้ค้า 70 รายมีรายได้ไม่ต่ำกว่าก่อนย้าย"),
    ),
    Rule(
        "indicator_counts_activity", ACTIVITY, MUST, ("indicator",), "dp_levels", _counts_activity,
        example("indicator", "จำนวนครั้งที่จัดประชุมคณะกรรมการ"),
        example("indicator", "ร้อยละผู้จบหลักสูตรช่างแอร์ที่มีงานทำภายใน 90 วัน"),
    ),
    Rule(
        "name_is_office_work", ACTIVITY, CONSIDER, ("name",), "form10", _name_is_work,
        example("name", "โครงการฝึกอบรมและศึกษาดูงาน"),
        example("name", "อบรมกู้ชีพให้คนขับเรือโดยสารคลองแสนแสบ"),
    ),
    Rule(
        "evidence_is_papers", EVIDENCE, MUST, ("promise_evidence",), "own", _papers,
        example("promise_evidence", "ภาพถ่ายพิธีเปิดและรายชื่อผู้เข้าร่วม"),
        example("promise_evidence", "ภาพถ่ายไม้วัดระดับน้ำที่ปากซอย ก่อนและหลัง"),
    ),
    Rule(
        "evidence_is_popularity", EVIDENCE, MUST, ("promise_evidence", "indicator"), "own",
        _popularity, example("promise_evidence", "จำนวนผู้กดถูกใจเพจของเขต"),
        example("promise_evidence", "ผลทดสอบการอ่าน ป.1 เทียบต้นปีกับปลายปี"),
    ),
    Rule(
        "evidence_is_opinion_of_the_event", EVIDENCE, CONSIDER, ("promise_evidence", "indicator"),
        "own", _satisfaction,
        example("promise_evidence", "แบบประเมินความพึงพอใจต่อวิทยากร"),
        example("promise_evidence", "ถามผู้ปกครอง 120 คนว่าลูกเดินมาเองกี่วันต่อสัปดาห์"),
    ),
    Rule(
        "evidence_is_spending", EVIDENCE, MUST, ("promise_evidence",), "own", _spending,
        example("promise_evidence", "เปรียบเทียบงบประมาณที่เบิกจ่ายกับที่ได้รับจัดสรร"),
        example("promise_evidence", "ใบแจ้งหนี้ค่าไฟของโรงเรียน เดือนเดียวกันปีก่อนและปีหลัง"),
    ),
    Rule(
        "indicator_cannot_show_the_objective", EVIDENCE, MUST, ("indicator", "promise_evidence"),
        "dp_levels",
        _indicator_cannot_show,
        example("indicator", "จำนวนแผ่นพับที่แจก", objectives=["เพื่อลดผู้สูบบุหรี่ไฟฟ้า"]),
        example("indicator", "จำนวนนักเรียนที่สูบบุหรี่ไฟฟ้า", objectives=["เพื่อลดผู้สูบบุหรี่ไฟฟ้า"]),
    ),
    Rule(
        "consequence_for_the_office_only", CONSEQUENCE, MUST, ("if_not_funded",), "zero_based",
        _office_only, example("if_not_funded", "โครงการจะขาดความต่อเนื่อง"),
        example("if_not_funded", "เด็กพิการ 64 คนจะกลับไปอยู่บ้านตั้งแต่ ต.ค."),
    ),
    Rule(
        "consequence_for_nobody", CONSEQUENCE, MUST, ("if_not_funded",), "zero_based", _nobody_told,
        example("if_not_funded", "จะเกิดผลเสียหลายประการ"),
        example("if_not_funded", "ผู้ค้าต้องปิดร้านทุกครั้งที่น้ำท่วมซอย"),
    ),
)  # fmt: skip
