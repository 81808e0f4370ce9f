"""The sample city as a plan: which texts become which entries, where, when and how big.

Deterministic: every choice is drawn from a hash of names, never from chance or a clock.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

FISCAL_YEARS = (2568, 2569, 2570)
WANTED_ENTRIES = 1_350
Text = Mapping[str, Any]


def draw(key: str, sides: int) -> int:
    """A whole number from 0 to sides − 1 that depends on nothing but the key."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") % sides


@dataclass(frozen=True, slots=True)
class Place:
    """A district with what a copy of a text needs to know of it."""

    code: str
    name_th: str
    name_en: str
    population: int


@dataclass(frozen=True, slots=True)
class PlannedProject:
    """One project of the sample: a text, at home or copied to a district."""

    text: Text
    agency_code: str
    place: Place | None
    code: str
    percent: int  # size against the text's own figures

    @property
    def key(self) -> str:
        return f"{self.text['key']}@{self.agency_code}"

    @property
    def name_th(self) -> str:
        name = str(self.text["name_th"])
        return f"{name} เขต{self.place.name_th}" if self.place else name

    @property
    def name_en(self) -> str:
        name = str(self.text.get("name_en") or "")
        return f"{name}, {self.place.name_en}" if self.place and name else name

    @property
    def is_original(self) -> bool:
        return self.percent == 100

    def years(self) -> list[int]:
        """Fiscal years with an entry; a text outside the three years stands in the last."""
        first, last = int(self.text["first_fy"]), int(self.text["last_fy"])
        found = [year for year in FISCAL_YEARS if first <= year <= last]
        return found or [FISCAL_YEARS[-1]]


def plan(
    texts: Sequence[Text], places: Sequence[Place], wanted: int = WANTED_ENTRIES
) -> list[PlannedProject]:
    """All projects of the sample, original texts first, copies until `wanted` entries."""
    by_code = {place.code: place for place in places}
    running: dict[str, int] = {}

    def planned(text: Text, agency: str, place: Place | None, percent: int) -> PlannedProject:
        running[agency] = running.get(agency, 0) + 1
        return PlannedProject(text, agency, place, f"{agency}-{running[agency]:04d}", percent)

    projects = []
    for text in texts:
        home = text["home_districts"][0] if text["agency"] == "district" else None
        projects.append(planned(text, home or text["agency"], by_code.get(home or ""), 100))
    entries = sum(len(project.years()) for project in projects)
    copied = [text for text in texts if text["agency"] == "district" and text["spread"]]
    for turn in range(50):
        for text in copied:
            if turn >= int(text["spread"]) or entries >= wanted:
                continue
            place = _places_of(text, places)[turn]
            base = by_code[text["home_districts"][0]].population
            percent = max(45, min(190, place.population * 100 // base))
            percent = 101 if percent == 100 else percent
            copy = planned(text, place.code, place, percent)
            projects.append(copy)
            entries += len(copy.years())
    return projects


def _places_of(text: Text, places: Sequence[Place]) -> list[Place]:
    others = [place for place in places if place.code not in text["home_districts"]]
    return sorted(others, key=lambda place: draw(f"{text['key']}{place.code}", 10**9))


def scaled_count(number: int | Decimal, percent: int) -> Decimal:
    """People or things, in proportion, rounded to what somebody would write."""
    value = Decimal(number) * percent / 100
    if value >= 1000:
        return Decimal(round(value / 50) * 50)
    if value >= 20:
        return Decimal(round(value))
    return max(Decimal(round(value)), Decimal(1))


def scaled_quantity(quantity: Any, percent: int, *, original: bool) -> Decimal:
    exact = Decimal(str(quantity))
    if original:
        return exact
    if exact == exact.to_integral_value():
        return exact if exact <= 2 else max(Decimal(round(exact * percent / 100)), Decimal(1))
    return max((exact * percent / 100).quantize(Decimal("0.1")), Decimal("0.1"))


def scaled_price(price: int, key: str, *, original: bool) -> Decimal:
    """A price within a few percent of the text's, in round baht; × tenths stays whole baht."""
    if original:
        return Decimal(price)
    moved = price * (96 + draw(key, 9)) // 100
    step = 100 if moved >= 2000 else 10
    return Decimal(max(moved // step * step, 10))


def state_of(project: PlannedProject, year: int) -> str:
    """Where an entry stands on 15 July 2568."""
    number = draw(f"state {project.key} {year}", 100)
    if year == 2568:
        return "in_plan"
    limits = (
        (("in_plan", 94), ("reviewed", 96), ("returned", 98), ("draft", 100))
        if year == 2569
        else (
            ("draft", 16), ("returned", 22), ("submitted", 35), ("endorsed", 48),
            ("reviewed", 66), ("in_plan", 100),
        )
    )  # fmt: skip
    return next(state for state, limit in limits if number < limit)


REQUEST_STATES_2569 = {
    "open": ("11000000", "50010000", "50210000"),
    "submitted": ("10000000", "50050000", "08000000"),
    "proposed": ("09000000", "22000000", "50030000", "50120000"),
}


def request_state_of(agency_code: str, year: int) -> str:
    if year == 2568:
        return "ordinance"
    for state, codes in REQUEST_STATES_2569.items():
        if agency_code in codes:
            return state
    return "decided"


# Routine work of an agency by expenditure type: item, category, unit, number of units, percent.
ROUTINE_ITEMS: Mapping[str, tuple[tuple[str, str, str, int, int], ...]] = {
    "personnel": (
        ("เงินเดือนข้าราชการและเงินประจำตำแหน่ง", "1.1", "เดือน", 12, 61),
        ("ค่าจ้างลูกจ้างประจำ", "1.1", "เดือน", 12, 18),
        ("ค่าจ้างลูกจ้างชั่วคราว", "1.2", "เดือน", 12, 21),
    ),
    "operations": (
        ("ค่าจ้างเหมาบริการรักษาความปลอดภัยและทำความสะอาด", "2.1", "เดือน", 12, 34),
        ("ค่าวัสดุสำนักงาน เชื้อเพลิงและอุปกรณ์ปฏิบัติงาน", "2.1", "เดือน", 12, 31),
        ("ค่าตอบแทนการปฏิบัติงานนอกเวลาราชการ", "2.1", "เดือน", 12, 15),
        ("ค่าไฟฟ้าอาคารและไฟฟ้าสาธารณะ", "2.2", "เดือน", 12, 14),
        ("ค่าน้ำประปา โทรศัพท์และอินเทอร์เน็ต", "2.2", "เดือน", 12, 6),
    ),
    "investment": (
        ("ครุภัณฑ์สำนักงานและคอมพิวเตอร์ทดแทนของเดิม", "3.1", "ชุด", 40, 30),
        ("ครุภัณฑ์ยานพาหนะทดแทนคันที่หมดอายุ", "3.1", "คัน", 4, 25),
        ("ซ่อมแซมและปรับปรุงอาคารที่ทำการ", "3.2", "แห่ง", 2, 45),
    ),
    "subsidies": (("เงินอุดหนุนกิจกรรมตามภารกิจประจำ", "4.1", "งาน", 1, 100),),
    "other": (("ค่าใช้จ่ายตามภารกิจต่อเนื่องของหน่วยงาน", "5.1", "งาน", 1, 100),),
}
TYPE_CODES = {
    "personnel": "1",
    "operations": "2",
    "investment": "3",
    "subsidies": "4",
    "other": "5",
}

# The central fund: item, functional class, million baht. The first line balances the year.
CENTRAL_ITEMS = (
    ("เงินสำรองจ่ายทั่วไป กรณีฉุกเฉินหรือจำเป็น", "F12-01-01", 0),
    ("เงินสำรองสำหรับค่าใช้จ่ายเกี่ยวกับน้ำท่วม", "F12-01-01", 100),
    ("เงินสำรองสำหรับค่าใช้จ่ายในการพัฒนากรุงเทพมหานคร", "F12-01-01", 550),
    ("เงินบำเหน็จบำนาญข้าราชการกรุงเทพมหานคร", "F12-02-01", 4_900),
    ("เงินบำเหน็จลูกจ้าง", "F12-02-01", 1_150),
    ("เงินช่วยเหลือค่ารักษาพยาบาลข้าราชการและลูกจ้าง", "F12-02-01", 2_600),
    ("เงินสมทบกองทุนประกันสังคม", "F12-02-01", 420),
    ("เงินชดใช้หนี้และดอกเบี้ยโครงการระบบขนส่งมวลชน", "F12-03-01", 2_300),
)
REVENUE_MILLION = {
    2568: {"bma": 77_600, "subsidy": 14_400},
    2569: {"bma": 79_500, "subsidy": 15_000},
}


def proposed_baht(requested: Decimal, key: str) -> Decimal:
    """What the Budget Department proposes: most lines as asked, some cut to round thousands."""
    turn = draw(f"proposed {key}", 100)
    if turn >= 16 or requested < 50_000:
        return requested
    cut = requested * (84 + turn % 12) / 100
    return Decimal(int(cut) // 1000 * 1000)


# One fault of each kind is planted, in drafts, for the examiner's rules to find.
PLANTED = (
    "weights_not_100",
    "no_evidence",
    "more_people_than_residents",
    "target_worse_than_baseline",
    "price_outside_band",
    "no_price_reference",
    "no_consequence",
    "same_name",
)


# The first group whose words a promise's "who" holds; the sample's authors named people, not groups.
GROUP_WORDS = (
    ("elderly", ("ผู้สูงอายุ", "คนชรา", "วัยเกษียณ")),
    ("disabled", ("คนพิการ", "วีลแชร์", "ตาบอด", "หูหนวก")),
    ("patients", ("ผู้ป่วย", "คนไข้", "ติดเตียง")),
    ("children", ("เด็ก", "นักเรียน", "เยาวชน", "ทารก", "ครู")),
    ("women", ("ผู้หญิง", "สตรี", "แม่", "หญิง")),
    ("low_income", ("รายได้น้อย", "ยากไร้", "ไร้บ้าน", "เปราะบาง")),
    ("commuters", ("เดินทาง", "ผู้โดยสาร", "คนเดินเท้า", "ผู้ใช้ถนน", "ผู้ขับ", "จักรยาน", "คนเดิน")),
    ("businesses", ("ผู้ประกอบการ", "ร้าน", "ธุรกิจ", "วิสาหกิจ")),
    ("workers", ("ผู้ค้า", "แรงงาน", "พนักงาน", "ลูกจ้าง", "คนทำงาน")),
    ("communities", ("ชุมชน", "ชาวบ้าน", "ครัวเรือน", "ครอบครัว", "ริมคลอง", "บ้าน")),
)


def group_of(who: str) -> str:
    """The group of people of a sample promise."""
    for group, words in GROUP_WORDS:
        if any(word in who for word in words):
            return group
    return "everyone"


def stated_levels(key: str, number: Decimal) -> list[tuple[int, Decimal]]:
    """What a sample author promises for 75 and 50 percent of the money; one in five says nothing."""
    if draw(f"levels {key}", 5) == 0:
        return []
    found = [(75, (number * 70 // 100)), (50, (number * 40 // 100))]
    return [(percent, how_many) for percent, how_many in found if how_many > 0]
