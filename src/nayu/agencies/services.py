"""Loading the city's frame: districts, agencies, posts. Running it again changes nothing."""

from django.db import transaction

from nayu.agencies.domain import CENTRAL_FUND_CODE
from nayu.agencies.models import Agency, District, DistrictGroup, Post
from nayu.core.thai import match_key
from nayu.db.pack import rows, whole

PACKAGE = "nayu.agencies"
CITY_POSTS = (
    ("strategist", "strategist", "นักวิเคราะห์นโยบายและแผน สยป.", "Strategy analyst"),
    # Who records the committee's decisions, and never reviewed what they put in the plan.
    (
        "plan-secretary",
        "strategist",
        "เลขานุการคณะกรรมการจัดทำแผน",
        "Secretary of the plan committee",
    ),
    ("budgeter", "budgeter", "นักวิเคราะห์งบประมาณ สงม.", "Budget analyst"),
    ("executive", "executive", "รองปลัดกรุงเทพมหานคร", "Deputy permanent secretary"),
    ("auditor", "auditor", "ผู้ตรวจสอบภายใน", "Internal auditor"),
    ("admin", "admin", "ผู้ดูแลระบบ", "System administrator"),
    ("partner", "partner", "ผู้แทนหน่วยงานภาคี", "Partner body's delegate"),
)


@transaction.atomic
def load_pack() -> None:
    """District groups, districts, agencies and their posts, from the data pack."""
    groups = {}
    for row in rows(PACKAGE, "district_groups"):
        groups[row["no"]], _ = DistrictGroup.objects.update_or_create(
            number=int(row["no"]),
            defaults={
                "name_th": row["name_th"],
                "name_en": row["name_en"],
                "source": row["source"],
            },
        )
    districts = {}
    for row in rows(PACKAGE, "districts"):
        districts[row["plan_code"]], _ = District.objects.update_or_create(
            plan_code=row["plan_code"],
            defaults={
                "dopa_code": row["dopa_code"],
                "name_th": row["name_th"],
                "name_en": row["name_en"],
                "group": groups[row["group_no"]],
                "population": int(row["population"]),
                "area_km2": row["area_km2"],
                "communities": int(row["communities"] or 0),
                "tile_column": int(row["tile_column"]),
                "tile_row": int(row["tile_row"]),
                "short_label_th": row["short_label_th"],
                "short_label_en": row["short_label_en"],
                "source": row["source"],
            },
        )
    for row in rows(PACKAGE, "agencies"):
        _load_agency(row, districts.get(row["plan_code"]))
    Agency.objects.update_or_create(
        code=CENTRAL_FUND_CODE,
        defaults={
            "name_th": "งบกลาง",
            "name_en": "Central fund",
            "kind": "central",
            "mark": "ours",
            "match_key": match_key("งบกลาง"),
            "source": "not an agency: the central fund, held outside the agencies",
        },
    )
    _load_posts()


def _load_agency(row: dict[str, str], district: District | None) -> None:
    Agency.objects.update_or_create(
        code=row["plan_code"],
        defaults={
            "dopa_code": row["dopa_code"],
            "name_th": row["name_th"],
            "name_en": row["name_en"],
            "abbreviation_th": row["abbr_th"],
            "kind": row["kind"],
            "district": district if row["kind"] == "district" else None,
            "mandate_th": row["mandate_th"],
            "mandate_en": row["mandate_en"],
            "mandate_source": row["mandate_source"],
            "valid_from_fy": whole(row["valid_from_fy"]),
            "valid_to_fy": whole(row["valid_to_fy"]),
            "source": row["source"],
            "mark": row["mark"],
            "note_th": row["note_th"],
            "note_en": row["note_en"],
            "match_key": match_key(row["name_th"])[:300],
        },
    )


def _load_posts() -> None:
    wanted = [Post(code=c, role=r, title_th=th, title_en=en) for c, r, th, en in CITY_POSTS]
    for agency in Agency.objects.exclude(kind__in=["historical", "central", "imported"]):
        short = agency.abbreviation_th or agency.name_th
        wanted += [
            Post(
                code=f"planner-{agency.code}",
                role="planner",
                agency=agency,
                title_th=f"นักวิเคราะห์นโยบายและแผน {short}",
                title_en=f"Planner, {agency.name_en}",
            ),
            Post(
                code=f"head-{agency.code}",
                role="head",
                agency=agency,
                title_th=f"{_head_title(agency.kind)}{agency.name_th}",
                title_en=f"Head, {agency.name_en}",
            ),
        ]
    present = set(Post.objects.values_list("code", flat=True))
    Post.objects.bulk_create(post for post in wanted if post.code not in present)


def _head_title(kind: str) -> str:
    return "หัวหน้า" if kind == "office" else "ผู้อำนวยการ"
