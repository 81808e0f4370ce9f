"""Publish = freeze: a published version of a year's plan is never edited, only followed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from nayu.agencies.models import Agency, District
from nayu.approvals.domain import ALL_CHANGE
from nayu.budget.models import (
    ExpenditureCategory,
    FunctionNode,
    FundingSource,
    Line,
    Stage,
)
from nayu.db.fields import MoneyField
from nayu.projects.models import ProjectEntry
from nayu.publication.domain import MATERIAL, MINOR
from nayu.strategy.models import Element, Framework

DRAFT, OFFICIAL = "draft", "official"


class PlanVersion(models.Model):
    """ฉบับที่เผยแพร่ of a year's plan; shows the money of one stage and says which."""

    fiscal_year_be = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=[(DRAFT, DRAFT), (OFFICIAL, OFFICIAL)])
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post_title_th = models.CharField(max_length=200)
    post_title_en = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64, help_text="SHA-256 of what is frozen")
    record_head = models.CharField(
        max_length=64, blank=True, help_text="head of the sealed record when it was published"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year_be", "number"], name="plan_versions_are_numbered_by_year"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[DRAFT, OFFICIAL]), name="plan_version_is_draft_or_official"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year_be} v{self.number}"


class FrozenEntry(models.Model):
    """An entry as published: the whole sheet as values, and the columns that lists need."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="entries")
    entry = models.ForeignKey(ProjectEntry, models.PROTECT, related_name="frozen")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    project_code = models.CharField(max_length=40)
    name_th = models.CharField(max_length=500)
    name_en = models.CharField(max_length=500, blank=True)
    sheet = models.JSONField()
    amount = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "entry"], name="an_entry_is_frozen_once")
        ]
        indexes = [
            models.Index(fields=["project_code", "version"], name="a_project_over_its_years")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.project_code}"


class FrozenLink(models.Model):
    """Primary elements as published."""

    frozen = models.ForeignKey(FrozenEntry, models.CASCADE, related_name="links")
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+")
    element = models.ForeignKey(Element, models.PROTECT, related_name="+")


class FrozenShare(models.Model):
    """District shares as published."""

    frozen = models.ForeignKey(FrozenEntry, models.CASCADE, related_name="shares")
    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    weight = models.PositiveIntegerField()


class FrozenLine(models.Model):
    """A line as published, with its classification and its amount at the version's stage."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="lines")
    line = models.ForeignKey(Line, models.PROTECT, null=True, related_name="frozen")
    frozen = models.ForeignKey(FrozenEntry, models.CASCADE, null=True, related_name="lines")
    entry = models.ForeignKey(ProjectEntry, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    category = models.ForeignKey(ExpenditureCategory, models.PROTECT, related_name="+")
    work = models.ForeignKey(FunctionNode, models.PROTECT, null=True, related_name="+")
    source = models.ForeignKey(FundingSource, models.PROTECT, related_name="+")
    order = models.PositiveIntegerField(default=1)
    item = models.CharField(max_length=1000)
    sheet = models.JSONField(help_text="the rest of the line as values")
    amount = MoneyField()

    class Meta:
        indexes = [models.Index(fields=["version", "agency", "kind"], name="frozen_line_of_agency")]


# --- Changes after publication --------------------------------------------------------------------


class DecidingBody(models.Model):
    """A body that decides changes of the published plan; rows are data, with their source."""

    code = models.CharField(max_length=40, primary_key=True)
    name_th = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    decides_material = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    source = models.TextField(blank=True)
    mark = models.CharField(max_length=20, default="official")

    class Meta:
        verbose_name_plural = "deciding bodies"

    def __str__(self) -> str:
        return self.name_th


class ChangeRequest(models.Model):
    """คำขอเปลี่ยนแปลง of a published entry: what, why, decided by which body, when.

    `base` holds fields of the sheet as they stood when the change was proposed, `proposed` as they
    would stand; both are JSON by field of the sheet.
    """

    fiscal_year_be = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(help_text="running in the fiscal year")
    entry = models.ForeignKey(ProjectEntry, models.PROTECT, related_name="change_requests")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, default="draft")
    state_since = models.DateTimeField()
    base = models.JSONField(default=dict)
    proposed = models.JSONField(default=dict)
    weight = models.CharField(max_length=10, default=MINOR)
    why = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    body = models.ForeignKey(DecidingBody, models.PROTECT, null=True, related_name="+")
    meeting_number = models.CharField(max_length=40, blank=True)
    meeting_date = models.DateField(null=True, blank=True)
    outcome_reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_post_th = models.CharField(max_length=200, blank=True)
    decided_post_en = models.CharField(max_length=200, blank=True)
    published_in = models.ForeignKey(
        PlanVersion, models.PROTECT, null=True, related_name="changes",
        help_text="the official version that shows it first",
    )  # fmt: skip
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year_be", "number"], name="change_requests_are_numbered_by_year"
            ),
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(state="draft"),
                name="one_change_of_an_entry_is_drafted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ALL_CHANGE), name="change_is_in_a_state_of_its_procedure"
            ),
            models.CheckConstraint(
                condition=Q(weight__in=[MINOR, MATERIAL]), name="change_is_minor_or_material"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"])
                | Q(body__isnull=False, meeting_date__isnull=False) & ~Q(meeting_number=""),
                name="a_decided_change_names_its_body_meeting_and_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(published_in__isnull=False),
                name="an_applied_change_stands_in_a_version",
            ),
        ]
        indexes = [models.Index(fields=["entry", "state"], name="changes_of_entry")]

    def __str__(self) -> str:
        return f"{self.fiscal_year_be}/{self.number}"
