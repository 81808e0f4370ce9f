"""Expenditure types, functions, sources and stages, as the city's own files name them."""

from django.db import transaction

from nayu.budget.domain import UNSPECIFIED_TYPE
from nayu.budget.models import (
    ExpenditureCategory,
    ExpenditureType,
    FunctionNode,
    FundingSource,
    Stage,
)
from nayu.db.pack import rows

PACKAGE = "nayu.budget"


@transaction.atomic
def load_pack() -> None:
    """Expenditure types, functional classes, funding sources and stages, from the data pack."""
    for row in rows(PACKAGE, "expenditure_categories"):
        ExpenditureType.objects.get_or_create(
            code=row["type_code"],
            defaults={
                "name_th": row["type_th"],
                "name_en": row["type_en"],
                "order": int(row["type_code"]),
                "source": row["source"],
                "mark": row["mark"],
            },
        )
        ExpenditureCategory.objects.get_or_create(
            code=row["category_code"],
            defaults={
                "type_id": row["type_code"],
                "name_th": row["category_th"],
                "name_en": row["category_en"],
                "is_capital": row["is_capital"] == "1",
                "source": row["source"],
                "mark": row["mark"],
            },
        )
    ExpenditureType.objects.get_or_create(
        code=UNSPECIFIED_TYPE,
        defaults={
            "name_th": "ไม่ระบุงบรายจ่าย",
            "name_en": "No expenditure type given",
            "order": 99,
            "mark": "ours",
        },
    )
    for row in rows(PACKAGE, "functions"):
        FunctionNode.objects.get_or_create(
            code=row["code"],
            defaults={
                "parent_id": row["parent_code"] or None,
                "depth": int(row["depth"]),
                "name_th": row["name_th"],
                "name_en": row["name_en"],
                "source": row["source"],
                "mark": row["mark"],
            },
        )
    for order, row in enumerate(rows(PACKAGE, "funding_sources"), start=1):
        FundingSource.objects.get_or_create(
            code=row["code"],
            defaults={
                "name_th": row["name_th"],
                "name_en": row["name_en"],
                "in_ordinance": row["counts_in_ordinance"] == "1",
                "order": order,
                "source": row["source"],
                "mark": row["mark"],
            },
        )
    for row in rows(PACKAGE, "stages"):
        Stage.objects.get_or_create(
            code=row["code"],
            defaults={
                "order": int(row["order"]),
                "name_th": row["name_th"],
                "name_en": row["name_en"],
                "is_signed": row["signed"] == "1",
                "source": row["source"],
                "mark": row["mark"],
            },
        )
