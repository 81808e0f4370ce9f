"""Agencies, districts, posts and who holds them. Codes are keys, names are labels."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from nayu.agencies.domain import AGENCY_KINDS, BUDGET_HOLDER_KINDS, ROLES


class DistrictGroup(models.Model):
    """กลุ่มเขต: six groups by the order in force from a year on."""

    number = models.PositiveSmallIntegerField(unique=True)
    name_th = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    source = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.number} {self.name_th}"


class District(models.Model):
    """A district as a place (เขต); the office that serves it is an `Agency` of the same plan code."""

    dopa_code = models.CharField(max_length=4, unique=True)
    plan_code = models.CharField(max_length=8, unique=True)
    name_th = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    group = models.ForeignKey(DistrictGroup, models.PROTECT, related_name="districts")
    population = models.PositiveIntegerField()
    area_km2 = models.CharField(max_length=12)
    communities = models.PositiveSmallIntegerField(default=0)
    tile_column = models.PositiveSmallIntegerField()
    tile_row = models.PositiveSmallIntegerField()
    short_label_th = models.CharField(max_length=20)
    short_label_en = models.CharField(max_length=20)
    source = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.plan_code} {self.name_th}"


class AgencyQuerySet(models.QuerySet["Agency"]):
    def in_fiscal_year(self, fiscal_year_be: int) -> "AgencyQuerySet":
        return self.filter(
            Q(valid_from_fy=None) | Q(valid_from_fy__lte=fiscal_year_be),
            Q(valid_to_fy=None) | Q(valid_to_fy__gte=fiscal_year_be),
        )

    def budget_holders(self, fiscal_year_be: int) -> "AgencyQuerySet":
        """The agencies that hold a budget in a year; the central fund is not one of them."""
        return self.in_fiscal_year(fiscal_year_be).filter(kind__in=BUDGET_HOLDER_KINDS)


class Agency(models.Model):
    """หน่วยงาน: a budget holder, with its years of validity."""

    code = models.CharField(max_length=20, primary_key=True, help_text="plan code, 8 digits")
    dopa_code = models.CharField(max_length=4, blank=True)
    name_th = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    abbreviation_th = models.CharField(max_length=30, blank=True)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in AGENCY_KINDS])
    district = models.OneToOneField(
        District, models.PROTECT, null=True, blank=True, related_name="office"
    )
    mandate_th = models.TextField(blank=True)
    mandate_en = models.TextField(blank=True)
    mandate_source = models.TextField(blank=True)
    valid_from_fy = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_to_fy = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.TextField(blank=True)
    mark = models.CharField(max_length=20, default="official")
    note_th = models.TextField(blank=True)
    note_en = models.TextField(blank=True)
    is_provisional = models.BooleanField(
        default=False, help_text="came with an import, no code yet"
    )
    match_key = models.CharField(max_length=300, db_index=True)
    parent_name_th = models.CharField(max_length=300, blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from_fy=None)
                | Q(valid_to_fy=None)
                | Q(valid_to_fy__gte=models.F("valid_from_fy")),
                name="agency_years_of_validity_are_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_th}"


class Post(models.Model):
    """A post (ตำแหน่ง) with one role; without an agency it is a post of the city."""

    code = models.CharField(max_length=60, unique=True)
    role = models.CharField(max_length=20, choices=[(role, role) for role in ROLES])
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="posts")
    title_th = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.title_th


class Appointment(models.Model):
    """Who holds a post, from when until when."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appointments")
    first_day = models.DateField()
    last_day = models.DateField(null=True, blank=True)
    acting = models.BooleanField(default=False, help_text="รักษาราชการแทน, by an order")
    order_number = models.CharField(max_length=60, blank=True)
    order_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(acting=False)
                | Q(last_day__isnull=False, order_date__isnull=False) & ~Q(order_number=""),
                name="acting_for_a_post_has_an_order_and_an_end",
            ),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=models.F("first_day")),
                name="an_appointment_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["post", "user", "first_day"], name="a_person_takes_a_post_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} from {self.first_day}"

    @classmethod
    def in_force(cls, day: date) -> models.QuerySet["Appointment"]:
        return cls.objects.filter(
            Q(last_day=None) | Q(last_day__gte=day), first_day__lte=day
        ).select_related("post", "post__agency")


class PartnerBody(models.Model):
    """A body outside the city: state enterprise, association, company, university."""

    code = models.CharField(max_length=40, unique=True)
    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=30, blank=True)
    match_key = models.CharField(max_length=200, unique=True)

    def __str__(self) -> str:
        return self.name_th
