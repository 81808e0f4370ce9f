"""Made-up values for every component, as the kit page shows them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace as Of
from typing import Any

from django import forms

from nayu.ui.components import (
    BarRow,
    Change,
    Crumb,
    Meter,
    Paging,
    StepShown,
    Strand,
    Tile,
    YearChoice,
    bar_rows,
    percent,
)
from nayu.ui.templatetags.nayu import STATUSES

MILLION = Decimal(1_000_000)
STRANDS = (
    (1, "เดินทางดี", "9412.60"), (2, "ปลอดภัยดี", "3205.40"), (3, "โปร่งใสดี", "412.75"),
    (4, "สิ่งแวดล้อมดี", "6874.30"), (5, "สุขภาพดี", "4318.90"), (6, "เรียนดี", "2986.15"),
    (7, "เศรษฐกิจดี", "1104.20"), (8, "สังคมดี", "1522.45"), (9, "บริหารจัดการดี", "1236.90"),
    (0, "ยังไม่ระบุด้าน", "412.60"),
)  # fmt: skip
TOTAL = sum((Decimal(amount) for _, _, amount in STRANDS), Decimal(0)) * MILLION
# Shape of the city on the tile grid: row → its columns.
ROWS = {
    0: (5, 6), 1: (5, 6, 7, 8), 2: (4, 5, 6, 7, 8, 9), 3: (2, 3, 4, 5, 6, 7, 8, 9),
    4: (0, 1, 2, 3, 4, 5, 6, 7, 8), 5: (0, 1, 2, 3, 4, 5, 6, 7), 6: (0, 1, 2, 3, 4, 5, 6),
    7: (0, 1, 2, 4), 8: (0, 1),
}  # fmt: skip


class KitForm(forms.Form):
    name = forms.CharField(label="ชื่อโครงการ", help_text="บอกว่าทำอะไร ที่ไหน")
    reason = forms.CharField(
        label="เหตุผล", widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    price = forms.CharField(label="ราคาต่อหน่วย", help_text="เช่น ๑,๒๐๐.๕๐ หรือ 1,200.50")
    agency = forms.ChoiceField(label="หน่วยงาน", choices=[("1", "สำนักการโยธา")])
    kind = forms.ChoiceField(
        label="โครงการใหม่หรือต่อเนื่อง",
        choices=[("n", "ใหม่"), ("c", "ต่อเนื่อง")],
        widget=forms.RadioSelect,
    )
    agree = forms.BooleanField(label="ตรวจแล้วว่าไม่ซ้ำกับโครงการอื่น", required=False)

    def clean_price(self) -> str:
        raise forms.ValidationError("ราคาต้องมากกว่า 0 ที่พิมพ์ไว้คือ -5")


def _tiles(*, on: frozenset[str] = frozenset(), values: bool = True) -> list[Tile]:
    tiles: list[Tile] = []
    for row, columns in ROWS.items():
        for column in columns:
            code = str(1000 + len(tiles) + 1)
            value = 1200 + (column * 37 + row * 211) % 2000
            tiles.append(
                Tile(
                    code=code,
                    column=column,
                    row=row,
                    name=f"เขตตัวอย่าง {len(tiles) + 1}",
                    short_name="ป้อมปราบ" if column == row else "ดินแดง",
                    value=f"{value:,}" if values else "",
                    step=min(5, max(1, (value - 1000) // 500 + 1)) if values else None,
                    on=code in on,
                    selected=values and code == "1016",
                    href=f"#{code}" if values else "",
                    note="12 โครงการ" if values else "",
                )
            )
    return tiles


def values() -> dict[str, Any]:
    """The context of ui/kit.html."""
    form = KitForm({"name": "ปรับปรุงทางเท้า", "price": "-5", "agency": "1", "kind": "n"})
    strands = [
        Strand(
            position=position,
            name=name,
            amount_baht=Decimal(amount) * MILLION,
            share_percent=percent(Decimal(amount) * MILLION, TOTAL),
            href=f"#{position}",
            projects=61,
            people=742_300,
        )
        for position, name, amount in STRANDS
    ]
    return {
        "sample_city": True,
        "clock_date": date(2026, 3, 18),
        "person": Of(is_signed_in=True, name="ศิริพร · สนย.", post_title="นักวิเคราะห์"),
        "nav": "projects",
        "updated_at": datetime(2026, 3, 18, 7, 30, tzinfo=UTC),
        "ribbon": [(strand.position, strand.share_percent) for strand in strands],
        "years": [
            YearChoice(2569, "กำลังใช้เงิน", "#", current=True),
            YearChoice(2570, "กำลังตั้งงบ", "#"),
            YearChoice(2571, "กำลังทำแผน", "#"),
        ],
        "crumbs": [Crumb("แผนปี 2570", "#"), Crumb("1 เดินทางดี", "#"), Crumb("1.1 เดินได้ เดินดี")],
        "total_baht": TOTAL,
        "tiles": _tiles(),
        "places": _tiles(on=frozenset({"1004", "1022", "1037"}), values=False),
        "legend": ["ต่ำกว่า 1,500", "1,500–1,999", "2,000–2,499", "2,500–2,999", "3,000 ขึ้นไป"],
        "strands": strands,
        "statuses": list(STATUSES),
        "promises": [
            Of(
                position=1, strategy_name="เดินทางดี", number=86_000, unit="คนต่อวัน",
                who="คนเดินเท้ารอบสถานีรถไฟฟ้า 12 แห่ง",
                change="เดินจากบ้านถึงสถานีได้โดยไม่ต้องลงถนน ทั้งวันฝนตกและตอนค่ำ",
                where="6 เขต ทางเท้า 24.6 กิโลเมตร", period="ตั้งแต่ ก.ค. 2569 ใช้ได้อย่างน้อย 10 ปี",
                indicator="ร้อยละผู้ใช้ที่เดินถึงสถานี จาก 41 เป็น 90",
                amount_baht=Decimal("169340000.00"), per_person_baht=Decimal("1969.07"),
                project_name="ปรับปรุงทางเท้ารอบสถานีรถไฟฟ้า 12 แห่ง", href="#",
            ),
            Of(
                position=5, strategy_name="สุขภาพดี", number=38_000, unit="คน",
                who="ผู้สูงอายุที่ออกจากบ้านลำบาก",
                change="มีทีมหมอครอบครัวไปตรวจถึงบ้าน อย่างน้อยปีละ 4 ครั้ง",
                where="50 เขต", period="ตั้งแต่ ต.ค. 2568", indicator="",
                amount_baht=Decimal("49780000.00"), per_person_baht=Decimal("1310.00"),
                project_name="หมอครอบครัวถึงบ้าน", href="#",
            ),
        ],
        "meters": [
            Meter("งบลงทุน", 3988 * MILLION, 183 * MILLION, 4200 * MILLION, code="capital"),
            Meter("งบดำเนินงาน", 310 * MILLION, Decimal("2405000"), 310 * MILLION, code="running"),
            Meter("งบรายจ่ายอื่น", 30 * MILLION, Decimal("1500000"), None, code="other"),
        ],
        "stages": bar_rows(
            [
                BarRow("แผนปี 2570", 192 * MILLION, "was"),
                BarRow("ร่างคำขอ", Decimal("186450000"), strong=True),
                BarRow("จัดสรร", None, "none", text="รอผล พ.ค. 2569"),
            ]
        ),
        "activities": [
            Of(name="สำรวจและออกแบบ", weight_percent=15, first_position=1, last_position=3),
            Of(name="ก่อสร้าง", weight_percent=85, first_position=4, last_position=12),
        ],
        "changes": [Change("ทางลาด: จำนวนจุด", "136 จุด", "118 จุด"), Change("เหตุผล", "", "ซ้ำกับเขต")],
        "form": form,
        "lines": [
            Of(category="capital", name="ปรับปรุงผิวทางเท้า", quantity="24.60", unit="กิโลเมตร",
               price="6,250,000", amount_baht=Decimal("153750000")),
            Of(category="running", name="จ้างสำรวจแนวสาธารณูปโภค", quantity="๑", unit="งาน",
               price="๒,๔๐๕,๐๐๐.๐๐", amount_baht=Decimal("2405000")),
        ],
        "job": Of(name="กำลังทำเล่มแผน 2570", state="running", done=6, total=9, percent=62),
        "opinions": [
            Of(name="ผู้อยู่อาศัยเขตดินแดง", about="1.1 เดินได้ เดินดี", received_at=date(2026, 3, 2),
               text="ทางเท้าหน้าตลาดยังไม่มีทางลาด", answer="เพิ่มทางลาด 4 จุดในปี 2570",
               answered_by="สำนักการโยธา", answered_at=date(2026, 3, 9)),
            Of(name="นักเรียน", about="", received_at=None, text="ขอไฟทางเดิน", answer=""),
        ],
        "chart": {
            "grid": {"left": 60, "right": 20, "top": 30, "bottom": 30},
            "xAxis": {"type": "category", "data": ["ต.ค.", "พ.ย.", "ธ.ค.", "ม.ค."]},
            "yAxis": {"type": "value"},
            "series": [{"type": "line", "data": [4, 9, 15, 22], "color": "var(--brand)"}],
        },
        "chart_headers": ["เดือน", "ล้านบาท"],
        "chart_rows": [["ต.ค.", "4.00"], ["พ.ย.", "9.00"], ["ธ.ค.", "15.00"], ["ม.ค.", "22.00"]],
        "paging": Paging("#", "#", 25, 486),
        "steps": [
            StepShown("done", "เขียนเสร็จและส่ง", "นักวิเคราะห์ฯ สนย. · 20 ม.ค. 69"),
            StepShown("done", "หน่วยงานเห็นชอบ", "ผู้อำนวยการสำนักการโยธา · 27 ม.ค. 69"),
            StepShown("now", "ขอตั้งงบประมาณ", "ปิดรับ 31 มี.ค. 69", icon="report-money"),
            StepShown("todo", "จัดสรร", "คาดว่า พ.ค. 69"),
        ],
    }  # fmt: skip
