"""Frameworks are data: levels and their names, elements, indicators and targets by year."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q

from nayu.agencies.models import Agency
from nayu.core.fiscal_year import FiscalYear
from nayu.db.fields import QuantityField

MARKS = ("official", "inferred", "ours", "illustrative")


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def in_force(self, fiscal_year_be: int) -> "FrameworkQuerySet":
        return self.filter(first_fy__lte=fiscal_year_be, last_fy__gte=fiscal_year_be)


class Framework(models.Model):
    """กรอบยุทธศาสตร์: in force for the fiscal years from `first_fy` to `last_fy`."""

    code = models.SlugField(max_length=40, unique=True)
    name_th = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    first_fy = models.PositiveSmallIntegerField()
    last_fy = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField(default=0)
    source = models.TextField(blank=True)
    mark = models.CharField(max_length=20, default="official")

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_fy__gte=models.F("first_fy")), name="framework_years_are_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.name_th


class Level(models.Model):
    """A level of one framework; its name is the city's own word. One level is linkable."""

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="levels")
    depth = models.PositiveSmallIntegerField()
    name_th = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    is_linkable = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "depth"], name="one_level_at_each_depth"),
            models.UniqueConstraint(
                fields=["framework"],
                condition=Q(is_linkable=True),
                name="one_linkable_level_in_a_framework",
            ),
        ]

    def __str__(self) -> str:
        return self.name_th


class Element(models.Model):
    """One strategy, issue or goal; `number` is dotted, `sort_key` orders it by its parts."""

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="elements")
    level = models.ForeignKey(Level, models.PROTECT, related_name="elements")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    number = models.CharField(max_length=30)
    sort_key = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0, help_text="of its topmost element, 1…")
    name_th = models.TextField()
    name_en = models.TextField(blank=True)
    source = models.TextField(blank=True)
    mark = models.CharField(max_length=20, default="official")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "number"], name="element_numbers_are_unique_in_a_framework"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name_th}"


class Indicator(models.Model):
    """ตัวชี้วัด / ตัววัดผลหลัก, of an element or (without one) of a project."""

    code = models.CharField(max_length=60, unique=True)
    element = models.ForeignKey(Element, models.PROTECT, null=True, related_name="indicators")
    name_th = models.TextField()
    name_en = models.TextField(blank=True)
    unit_th = models.CharField(max_length=100)
    unit_en = models.CharField(max_length=100, blank=True)
    is_percentage = models.BooleanField(default=False)
    result_level = models.CharField(max_length=10, default="outcome")
    direction = models.CharField(max_length=10, default="up")
    definition_th = models.TextField(blank=True)
    formula_th = models.TextField(blank=True)
    data_source_th = models.TextField(blank=True)
    owner = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="indicators")
    baseline_fy = models.PositiveSmallIntegerField(null=True)
    baseline = QuantityField(null=True)
    source = models.TextField(blank=True)
    mark = models.CharField(max_length=20, default="official")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(result_level__in=["output", "outcome"]),
                name="indicator_measures_an_output_or_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=["up", "down", "reach"]), name="indicator_has_a_direction"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_th}"


class Target(models.Model):
    """ค่าเป้าหมาย of a fiscal year (quarter 0) or cumulative to a quarter (1–4)."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    fiscal_year_be = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField(default=0)
    value = QuantityField()
    numerator = QuantityField(null=True)
    denominator = QuantityField(null=True)
    source = models.TextField(blank=True)
    mark = models.CharField(max_length=20, default="official")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "fiscal_year_be", "quarter"], name="one_target_for_each_period"
            ),
            models.CheckConstraint(condition=Q(quarter__lte=4), name="target_quarter_is_0_to_4"),
            models.CheckConstraint(
                condition=Q(numerator=None, denominator=None)
                | Q(numerator__isnull=False, denominator__gt=0),
                name="target_fraction_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.fiscal_year_be}/{self.quarter}"


class CalendarStep(models.Model):
    """A step of the yearly cycle, in months from 1 October of its fiscal year."""

    lane = models.CharField(max_length=10)
    first_offset = models.SmallIntegerField()
    last_offset = models.SmallIntegerField()
    name_th = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    source = models.TextField(blank=True)
    mark = models.CharField(max_length=20, default="official")

    def __str__(self) -> str:
        return self.name_th

    def days_in(self, fiscal_year_be: int) -> tuple[date, date]:
        """First and last day of the step in the cycle of a fiscal year, both included."""
        first = FiscalYear(fiscal_year_be).first_day
        begins = _month_after(first, self.first_offset)
        return begins, _month_after(first, self.last_offset) - timedelta(days=1)


def _month_after(first: date, offset: int) -> date:
    months = first.year * 12 + first.month - 1 + offset
    return date(months // 12, months % 12 + 1, 1)
