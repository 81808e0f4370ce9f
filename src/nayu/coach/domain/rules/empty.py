"""A heading that is filled with nothing: marks, references, words that fit any project."""

from nayu.coach.domain.text import has_number, has_place, letters
from nayu.coach.domain.values import CONSIDER, MUST, Draft, Passage, Rule, Words, example

KIND = "empty-filler"
# What is left of a text without stock phrases: fewer letters than a word that names something.
LEAST_LEFT = 7
EVERY = (
    "name", "promise_who", "promise_change", "promise_evidence", "rationale", "objective", "target",
    "method", "place", "activity", "line_item", "if_not_funded", "risk", "risk_response", "indicator",
)  # fmt: skip
SAID = ("name", "promise_change", "rationale", "objective", "target", "method", "promise_who")


def _mark(passage: Passage, _draft: Draft, words: Words) -> str | None:
    return words.find("empty.marks", passage.text) or None


def _refers_elsewhere(passage: Passage, _draft: Draft, words: Words) -> str | None:
    if has_number(passage.text) and len(passage.text) > 60:
        return None
    text = passage.text
    if passage.kind == "rationale" and "9 ด้าน" in text and len(text) < 70:
        return text
    return words.find("empty.elsewhere", text) or None


def _report(passage: Passage, _draft: Draft, words: Words) -> str | None:
    return words.find("empty.reports", passage.text) or None


def _office_routine(passage: Passage, _draft: Draft, words: Words) -> str | None:
    if has_number(passage.text):
        return None
    return words.find("empty.routine", passage.text) or None


def _risk_unnamed(passage: Passage, _draft: Draft, words: Words) -> str | None:
    if has_number(passage.text):
        return None
    return words.find("empty.risk_unnamed", passage.text) or None


def _stock_phrases(passage: Passage, _draft: Draft, words: Words) -> str | None:
    text = passage.text
    if not words.find("empty.stock", text) or has_place(text, words):
        return None
    left = words.without("empty.function", words.without("empty.stock", text))
    if has_number(left) or len(letters(left)) >= LEAST_LEFT:
        return None
    return text


def _efficiency(passage: Passage, _draft: Draft, words: Words) -> str | None:
    if has_number(passage.text):
        return None
    return words.find("empty.efficiency", passage.text) or None


def _english_slogan(passage: Passage, _draft: Draft, words: Words) -> str | None:
    """A text whose Thai says nothing once the English catchwords are taken out."""
    text = passage.text
    if len(words.all("language.jargon", text)) < 3 or has_place(text, words):
        return None
    left = words.without("language.latin", text)
    left = words.without("empty.function", words.without("empty.stock", left))
    return text if len(letters(left)) < 2 * LEAST_LEFT and not has_number(left) else None


def _praise(passage: Passage, _draft: Draft, words: Words) -> str | None:
    if has_number(passage.text):
        return None
    return words.find("empty.praise", passage.text) or None


def _activities_as_name(passage: Passage, _draft: Draft, words: Words) -> str | None:
    named = words.all("empty.activity_name", passage.text)
    left = words.without("empty.function", words.without("empty.activity_name", passage.text))
    return passage.text if len(named) >= 2 and len(letters(left)) < LEAST_LEFT else None


def _heading_repeated(passage: Passage, draft: Draft, words: Words) -> str | None:
    own = letters(passage.text)
    if len(own) < 12 or passage.kind in ("line_item", "indicator"):
        return None
    earlier = []
    for other in draft.passages:
        if other is passage:
            break
        earlier.append(other)
    return next((one.text for one in earlier if letters(one.text) == own), None)


RULES = (
    Rule(
        "filled_with_a_mark", KIND, MUST, EVERY, "form10", _mark,
        example("risk", "-"), example("risk", "ฝนมาก่อนกำหนดทำให้ขุดดินไม่ได้ จึงเริ่มขุดช่วงท้ายน้ำก่อน"),
    ),
    Rule(
        "refers_elsewhere", KIND, MUST, (*SAID, "promise_evidence", "activity", "risk_response"),
        "form10", _refers_elsewhere,
        example("promise_evidence", "รายละเอียดตามเอกสารแนบ"),
        example("promise_evidence", "ทะเบียนเยี่ยมบ้านของศูนย์ฯ 40 นับบ้านที่ได้เยี่ยมครบสี่ครั้ง"),
    ),
    Rule(
        "report_of_results_only", KIND, MUST, ("promise_evidence", "indicator"), "kpi_template",
        _report, example("promise_evidence", "รายงานผลการดำเนินงานประจำปี"),
        example("promise_evidence", "รายงานระดับน้ำของสถานีวัด 3 แห่ง เทียบก่อนและหลัง"),
    ),
    Rule(
        "method_is_office_routine", KIND, CONSIDER, ("method",), "form10", _office_routine,
        example("method", "แต่งตั้งคณะทำงาน วางแผน ดำเนินงาน และสรุปผลรายงานผู้บริหาร"),
        example("method", "จ้างลอกท่อเวลา 22.00–04.00 น. ฝ่ายโยธาตรวจด้วยกล้องทุก 100 เมตร"),
    ),
    Rule(
        "risk_not_named", KIND, MUST, ("risk",), "form10", _risk_unnamed,
        example("risk", "ความเสี่ยงของโครงการอยู่ในระดับที่ยอมรับได้"),
        example("risk", "ผู้รับเหมาส่งท่อช้า จึงแบ่งส่งสามงวดและสั่งของทันทีหลังลงนาม"),
    ),
    Rule(
        "fits_any_project", KIND, MUST, SAID, "own", _stock_phrases,
        example("objective", "เพื่อพัฒนาคุณภาพชีวิตของประชาชนให้ดีขึ้นอย่างยั่งยืน"),
        example("objective", "เพื่อให้ผู้ป่วยเบาหวานของศูนย์ฯ 48 คุมน้ำตาลได้ตามเกณฑ์"),
    ),
    Rule(
        "efficiency_without_measure", KIND, CONSIDER, ("objective",), "own", _efficiency,
        example("objective", "เพื่อเพิ่มประสิทธิภาพการกวาดถนน ตรอก และซอยย่อย"),
        example("objective", "เพื่อกวาดถนนสายหลัก 40 สายให้ครบก่อนหกโมงเช้าทุกวัน"),
    ),
    Rule(
        "slogan_of_catchwords", KIND, CONSIDER, ("name", "objective", "target"), "own", _english_slogan,
        example("name", "โครงการ Bangkok Smart City Ecosystem Transformation สู่ความยั่งยืน"),
        example("name", "ติดตั้งเสา Wi-Fi ในสวนลุมพินี 12 จุด"),
    ),
    Rule(
        "opens_with_common_knowledge", KIND, CONSIDER, ("rationale",), "five_points", _praise,
        example("rationale", "กรุงเทพมหานครเป็นเมืองหลวงของประเทศ จำเป็นต้องพัฒนาให้ทัดเทียมนานาประเทศ"),
        example("rationale", "ปี 2567 น้ำขังเกิน 20 ซม. ที่ซอยจรัญสนิทวงศ์ 46 รวม 14 ครั้ง เพราะท่อทรุด"),
    ),
    Rule(
        "name_lists_activities", KIND, MUST, ("name",), "form10", _activities_as_name,
        example("name", "โครงการประชุม อบรม สัมมนา และศึกษาดูงาน"),
        example("name", "อบรมปั๊มหัวใจให้ผู้ดูแลอาคารสูง เขตสาทร"),
    ),
    Rule(
        "heading_repeated", KIND, MUST, EVERY, "form10", _heading_repeated,
        Draft((
            Passage("objective", "เพื่อให้น้ำในซอยแห้งภายในหนึ่งชั่วโมง"),
            Passage("promise_change", "เพื่อให้น้ำในซอยแห้งภายในหนึ่งชั่วโมง"),
        )),
        Draft((
            Passage("objective", "เพื่อให้น้ำในซอยแห้งภายในหนึ่งชั่วโมง"),
            Passage("promise_change", "เดินออกจากซอยไปทำงานได้แม้ฝนตกทั้งคืน"),
        )),
    ),
)  # fmt: skip
