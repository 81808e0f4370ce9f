"""Money and quantities: exact `Decimal` in Python, whole numbers in the database.

Money is kept in satang, quantities in thousandths, because SQLite's decimals are floats.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Func, Sum
from django.db.models.expressions import Expression, ExpressionWrapper

from nayu.core.money import LARGEST_BAHT

LARGEST_SATANG = int(LARGEST_BAHT) * 100


if TYPE_CHECKING:
    # The columns are whole numbers; to Python and its type checker they are decimals.
    _Whole = models.DecimalField
else:
    _Whole = models.BigIntegerField


class _ScaledField(_Whole):
    """A `Decimal` stored as a whole number of its smallest unit."""

    places = 0

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-self.places)

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, float):
            raise TypeError("a float is never money or a quantity: give Decimal")
        return Decimal(value)

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        if hasattr(value, "resolve_expression"):
            return value  # type: ignore[no-any-return]
        if isinstance(value, float):
            raise TypeError("a float is never money or a quantity: give Decimal")
        scaled = Decimal(value).scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.places} decimals")
        return int(scaled)

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))


class MoneyField(_ScaledField):
    """Baht with satang; `Sum` over it answers `Decimal` baht, exact on both databases."""

    places = 2


class QuantityField(_ScaledField):
    """A quantity with at most three decimals."""

    places = 3


class Satang(Func):
    """The stored satang of a money column, as a whole number, for sums by the database."""

    template = "%(expressions)s"
    output_field = models.BigIntegerField()


def product_satang(quantity: str, unit_price: str) -> Expression:
    """quantity × unit price in satang: the only arithmetic on money in the database."""
    return ExpressionWrapper(
        Satang(F(quantity)) * Satang(F(unit_price)) / 1000,
        output_field=MoneyField(),
    )


def product_is_whole_satang(quantity: str, unit_price: str, name: str) -> models.CheckConstraint:
    """quantity (thousandths) × price (satang) divides by 1000, so the amount is exact."""
    remainder = ExpressionWrapper(
        (Satang(F(quantity)) * Satang(F(unit_price))) % 1000, output_field=models.BigIntegerField()
    )
    return models.CheckConstraint(condition=models.Q(_ExactMod(remainder)), name=name)


class _ExactMod(Func):
    """`remainder = 0` as a boolean expression both databases accept in a check."""

    template = "(%(expressions)s) = 0"
    conditional = True
    output_field = models.BooleanField()


def sum_satang(field: str) -> Sum:
    """Sum of a money column as `Decimal` baht (None over no rows)."""
    return Sum(field, output_field=MoneyField())


def money_within(field: str, name: str, *, signed: bool = False) -> models.CheckConstraint:
    """The column holds between zero (or its negative) and 10¹² baht."""
    low = -LARGEST_BAHT if signed else Decimal(0)
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__gte": low, f"{field}__lte": LARGEST_BAHT}), name=name
    )


def fiscal_year_is_buddhist_era(field: str, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__gte": 2500, f"{field}__lte": 2700}), name=name
    )
