"""Indicators and targets: measurable, in a unit that fits, better than last time."""

from decimal import Decimal

from nayu.coach.domain.text import NUMBER, numbers, plain_figure
from nayu.coach.domain.values import CONSIDER, MUST, Draft, Passage, Rule, Words, example

MEASURABLE, BETTER, UNIT = (
    "indicator-not-measurable",
    "target-not-above-last-actual",
    "unit-does-not-fit",
)
FIGURED = ("indicator", "target", "objective")
WHOLE = Decimal(100)
# Families of units that fit a measure, by how its name begins.
UNITS_OF_HEAD = (
    ("of_times", ("times", "cases")), ("of_time", ("time",)), ("of_length", ("length",)),
    ("of_speed", ("speed",)), ("of_area", ("area",)), ("of_weight", ("weight", "rate")),
    ("of_volume", ("volume", "rate")), ("of_money", ("money", "rate")), ("of_rate", ("rate",)),
    ("of_people", ("people", "times")),
    ("of_value", ("rate", "weight", "volume", "time", "length", "speed", "area", "money")),
    ("of_households", ("households",)),
    ("of_places", ("places", "things")), ("of_animals", ("animals",)), ("of_trees", ("trees",)),
    ("of_cases", ("cases", "times")), ("of_things", ("things", "places")),
)  # fmt: skip
# Families of units that fit what is counted.
UNITS_OF_THING = {
    "people": ("people", "households", "rate", "times", "cases"),
    "households": ("households", "people", "places", "rate"),
    "plants": ("weight", "area", "volume", "length", "rate"),
    "trees": ("trees", "area", "rate", "places"),
    "waste": ("weight", "volume", "rate", "money", "things"),
    "lights": ("things", "trees", "places", "rate", "money"),
    "cameras": ("things", "places", "animals", "rate", "money", "times"),
    "roads": ("length", "area", "places", "rate", "money", "volume", "times"),
    "parks": ("area", "places", "rate"),
    "water": ("volume", "rate", "places", "weight"),
    "animals": ("animals", "rate", "times"),
    "vehicles": ("things", "times", "rate", "money"),
    "schools": ("places", "rate", "people", "things", "households"),
    "materials": ("weight", "volume", "things", "area", "length", "money"),
    "money": ("money", "rate", "people", "cases", "places"),
    "accidents": ("cases", "times", "people", "rate", "places"),
    "time": ("time", "rate"),
    "doses": ("people", "animals", "things", "times"),
    "energy": ("rate", "money", "volume", "weight", "lump", "households"),
    "food": ("people", "things", "money", "weight", "volume", "times"),
}


def _abstract(passage: Passage, _draft: Draft, words: Words) -> str | None:
    return words.find("indicator.abstract", passage.text) or None


def _no_measure(passage: Passage, _draft: Draft, words: Words) -> str | None:
    text = passage.text
    if words.find("indicator.heads", text):
        return None
    if passage.measure.target is not None and passage.measure.unit != "ระดับ":
        return None
    return None if NUMBER.search(text) else text


def _last(passage: Passage) -> Decimal | None:
    measure = passage.measure
    return measure.last_actual if measure.last_actual is not None else measure.baseline


def _not_above(passage: Passage, _draft: Draft, _words: Words) -> str | None:
    target, last = passage.measure.target, _last(passage)
    if passage.measure.direction != "up" or target is None or last is None or target > last:
        return None
    if target == last == WHOLE:
        return None  # all of it once more is as much as there is
    return f"{plain_figure(target)} ≤ {plain_figure(last)}"


def _not_below(passage: Passage, _draft: Draft, _words: Words) -> str | None:
    target, last = passage.measure.target, _last(passage)
    if passage.measure.direction != "down" or target is None or last is None or target < last:
        return None
    if target == last == 0:
        return None
    return f"{plain_figure(target)} ≥ {plain_figure(last)}"


def _beyond_whole(passage: Passage, _draft: Draft, words: Words) -> str | None:
    measure = passage.measure
    if measure.unit not in ("ร้อยละ", "%", "เปอร์เซ็นต์") or measure.target is None:
        return None
    if measure.target <= WHOLE or words.find("indicator.may_exceed", passage.text):
        return None
    return f"{plain_figure(measure.target)} {measure.unit}"


def _families(unit: str, words: Words) -> frozenset[str]:
    return words.holding("units", unit.strip()) - {"written"}


def _unit_of_head(passage: Passage, _draft: Draft, words: Words) -> str | None:
    unit = passage.measure.unit
    families = _families(unit, words)
    if not families or families & {"any"} or (families & {"rate"} and "ร้อยละ" in passage.text):
        return None
    for name, fitting in UNITS_OF_HEAD:
        if words.begins(f"indicator.{name}", passage.text):
            return None if families & {*fitting} else unit
    return None


def _unit_of_thing(passage: Passage, _draft: Draft, words: Words) -> str | None:
    """The unit beside the text, or the only one in it, against what is counted."""
    unit, text = passage.unit, passage.text
    if not unit:
        written = words.all("units.written", text)
        if passage.kind != "target" or len(written) != 1 or len(numbers(text)) != 1:
            return None
        if "ร้อยละ" in text:
            return None
        unit = written[0].lstrip("0123456789,. ")
    families = _families(unit, words)
    thing = words.earliest("things", text) or ("people" if passage.kind == "promise_who" else "")
    if not thing or not families or families & {"any"}:
        return None
    if passage.kind == "line_item" and families & {"lump"}:
        return None
    if families & {*UNITS_OF_THING[thing]}:
        return None
    if (
        passage.kind == "promise_who"
        and families == {"length"}
        and words.find("things.roads", text)
    ):
        return None  # those who use a road are told by its length
    return unit


RULES = (
    Rule(
        "indicator_is_an_abstract_word", MEASURABLE, MUST, ("indicator",), "kpi_template", _abstract,
        example("indicator", "ระดับความเข้มแข็งของเครือข่ายครู", indicator_unit="ระดับ"),
        example("indicator", "จำนวนครูแนะแนวที่ส่งต่อเด็กเสี่ยงภายใน 7 วัน", indicator_unit="คน"),
    ),
    Rule(
        "indicator_without_measure", MEASURABLE, MUST, ("indicator",), "kpi_template", _no_measure,
        example("indicator", "เครือข่ายครูแนะแนวของสำนักงานเขต"),
        example("indicator", "ร้อยละโรงเรียนที่น้ำดื่มผ่านเกณฑ์ครบทุกจุด"),
    ),
    Rule(
        "target_not_above_last", BETTER, MUST, FIGURED, "own", _not_above,
        example("indicator", "จำนวนผู้สูงอายุที่ได้ตรวจตา", last_actual=2400, target=2400, direction="up"),
        example("indicator", "ร้อยละโรงเรียนที่น้ำดื่มผ่านเกณฑ์", last_actual=100, target=100,
                direction="up"),
    ),
    Rule(
        "target_not_below_last", BETTER, MUST, FIGURED, "own", _not_below,
        example("indicator", "ชั่วโมงรอใบอนุญาต", last_actual=26, target=30, direction="down"),
        example("indicator", "จำนวนเด็กจมน้ำเสียชีวิต", last_actual=3, target=0, direction="down"),
    ),
    Rule(
        "target_beyond_the_whole", UNIT, MUST, ("indicator", "target"), "dp_faults", _beyond_whole,
        example("indicator", "ร้อยละของเรื่องร้องเรียนที่ปิดได้", indicator_unit="ร้อยละ", target=490),
        example("indicator", "ร้อยละที่รายได้เพิ่มขึ้นจากปีก่อน", indicator_unit="ร้อยละ", target=120),
    ),
    Rule(
        "unit_contradicts_the_measure", UNIT, MUST, ("indicator",), "dp_faults", _unit_of_head,
        example("indicator", "ร้อยละของนักเรียนที่ได้วัคซีนครบ", indicator_unit="คน"),
        example("indicator", "อัตราป่วยไข้เลือดออกต่อแสนประชากร", indicator_unit="ต่อแสนประชากร"),
    ),
    Rule(
        "unit_contradicts_the_people", UNIT, MUST, ("promise_who",), "dp_faults", _unit_of_thing,
        example("promise_who", "ผู้ป่วยฟอกไต รพ.ราชพิพัฒน์", number=120, unit="ตารางเมตร"),
        example("promise_who", "คนขับและผู้โดยสารบนถนนฉลองกรุง", number="3.2", unit="กิโลเมตร"),
    ),
    Rule(
        "unit_contradicts_the_thing", UNIT, CONSIDER, ("target", "objective"), "dp_faults",
        _unit_of_thing,
        example("target", "กำจัดผักตบชวาในคลองประเวศ 800 คน", number=800, unit="คน"),
        example("target", "ซ่อมผิวจราจรซอยสุขสวัสดิ์ 26 รวม 1,850 เมตร", number=1850, unit="เมตร"),
    ),
    Rule(
        "unit_contradicts_the_item", UNIT, MUST, ("line_item",), "request_line", _unit_of_thing,
        example("line_item", "ยางมะตอยสำเร็จรูปบรรจุถุง", unit_price_baht=140, unit="คน"),
        example("line_item", "ยางมะตอยสำเร็จรูปบรรจุถุง", unit_price_baht=140, unit="ถุง"),
    ),
)  # fmt: skip
