"""The money of a document: one table for each breakdown, all with the same total."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from nayu.core.dates import Language
from nayu.documents.content.parts import Parts
from nayu.documents.content.wording import either, percent
from nayu.documents.domain import Column

if TYPE_CHECKING:
    from nayu.budget.queries import Row, Totals


def breakdown_titles() -> dict[str, str]:
    """Heading of each breakdown, in the order of the book."""
    return {
        "agency": _("Money by agency"),
        "expenditure": _("Money by type of expenditure"),
        "function": _("Money by function"),
        "source": _("Money by source of funds"),
        "district": _("Money by district"),
    }


def breakdown_columns() -> dict[str, str]:
    return {
        "agency": _("Agency"),
        "expenditure": _("Type of expenditure"),
        "function": _("Function"),
        "source": _("Source of funds"),
        "district": _("District"),
    }


def money_tables(
    parts: Parts, totals: "Mapping[str, Totals]", wanted: Iterable[str], language: Language
) -> None:
    """A heading and a table for each breakdown wanted; zero buckets are left out."""
    titles, columns = breakdown_titles(), breakdown_columns()
    for by in wanted:
        parts.heading(2, titles[by])
        amounts_table(
            parts,
            titles[by],
            columns[by],
            [(row_name(row, language), row.amount_baht) for row in totals[by].rows],
            totals[by].grand_total_baht,
        )


def row_name(row: "Row", language: Language) -> str:
    return either(language, row.name_th, row.name_en)


def amounts_table(
    parts: Parts,
    caption: str,
    column: str,
    rows: Iterable[tuple[str, Decimal]],
    grand_total: Decimal,
) -> None:
    """Name, amount and share of each; the shares are of the total that is given."""
    parts.table(
        caption,
        (
            Column(column),
            Column(_("Amount (baht)"), "money"),
            Column(_("Percent"), "share"),
        ),
        [(name, amount, percent(amount, grand_total)) for name, amount in rows if amount],
        total=(_("Total"), grand_total, percent(grand_total, grand_total)),
    )
