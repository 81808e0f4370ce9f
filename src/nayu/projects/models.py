"""Projects over their life, their entry in each year's plan, and what people get from them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from nayu.agencies.domain import Person
from nayu.agencies.models import Agency, District, PartnerBody
from nayu.approvals.domain import ALL_PROJECT, states_seen
from nayu.core.fiscal_year import MONTHS
from nayu.db.fields import QuantityField, fiscal_year_is_buddhist_era
from nayu.projects.domain import GROUPS, ORIGINS
from nayu.strategy.models import Element, Framework, Indicator

MONTH_CHOICES = [(month, str(month)) for month in MONTHS]


class Project(models.Model):
    """โครงการ: lives over years; `code` is agency code and running number."""

    code = models.CharField(max_length=40, unique=True)
    name_th = models.CharField(max_length=500)
    name_en = models.CharField(max_length=500, blank=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="projects")
    first_fy = models.PositiveSmallIntegerField()
    last_fy = models.PositiveSmallIntegerField()
    family = models.CharField(max_length=60, blank=True, help_text="copies of one text over places")
    source = models.CharField(max_length=300, blank=True)
    match_key = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_fy__gte=models.F("first_fy")), name="project_years_are_in_order"
            )
        ]
        indexes = [models.Index(fields=["family"], name="project_family")]

    def __str__(self) -> str:
        return f"{self.code} {self.name_th}"


class EntryQuerySet(models.QuerySet["ProjectEntry"]):
    def visible_to(self, person: Person) -> "EntryQuerySet":
        """Working entries this person may know of; a stranger reads published versions only."""
        of_any, of_own, agencies = states_seen(person, "project.view")
        return self.filter(Q(state__in=of_any) | Q(state__in=of_own, agency_id__in=agencies))


class ProjectEntry(models.Model):
    """A project's entry in the plan of one fiscal year: ten headings, of which four are derived."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="entries")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="entries")
    fiscal_year_be = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20, default="draft")
    name_th = models.CharField(max_length=500)
    name_en = models.CharField(max_length=500, blank=True)
    rationale = models.TextField(blank=True)
    objectives = models.TextField(blank=True, help_text="one a line")
    target_quantity = models.TextField(blank=True)
    target_quality = models.TextField(blank=True)
    method = models.TextField(blank=True)
    place_text = models.TextField(blank=True)
    first_month = models.PositiveSmallIntegerField(default=1, choices=MONTH_CHOICES)
    last_month = models.PositiveSmallIntegerField(default=12, choices=MONTH_CHOICES)
    origin = models.CharField(max_length=20, default="agency", choices=[(o, o) for o in ORIGINS])
    novelty = models.CharField(max_length=12, default="new")
    supporting_agencies = models.ManyToManyField(Agency, related_name="supported", blank=True)
    partners = models.ManyToManyField(PartnerBody, related_name="entries", blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="entries"
    )
    author_post_code = models.CharField(max_length=60, blank=True)
    state_since = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1, help_text="grows with each save")

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "fiscal_year_be"], name="one_entry_of_a_project_in_a_year"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ALL_PROJECT), name="entry_is_in_a_state_of_its_procedure"
            ),
            fiscal_year_is_buddhist_era("fiscal_year_be", "entry_fiscal_year_is_buddhist_era"),
            models.CheckConstraint(
                condition=Q(
                    first_month__gte=1, last_month__lte=12, last_month__gte=models.F("first_month")
                ),
                name="entry_period_lies_inside_its_year",
            ),
        ]
        indexes = [
            models.Index(fields=["fiscal_year_be", "agency", "state"], name="entry_of_agency")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.fiscal_year_be}"


class Promise(models.Model):
    """ประชาชนได้อะไร: who gains, how many, where, what changes, from when, how we shall know."""

    entry = models.ForeignKey(ProjectEntry, models.CASCADE, related_name="promises")
    order = models.PositiveSmallIntegerField(default=1)
    who_th = models.CharField(max_length=300)
    who_en = models.CharField(max_length=300, blank=True)
    number = QuantityField()
    unit_th = models.CharField(max_length=60)
    unit_en = models.CharField(max_length=60, blank=True)
    districts = models.ManyToManyField(District, related_name="promises", blank=True)
    change_th = models.TextField()
    change_en = models.TextField(blank=True)
    from_month = models.PositiveSmallIntegerField(choices=MONTH_CHOICES)
    lasts_th = models.CharField(max_length=200, blank=True)
    indicator = models.ForeignKey(Indicator, models.PROTECT, null=True, blank=True)
    evidence_th = models.TextField(blank=True)
    evidence_en = models.TextField(blank=True)
    share_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    group = models.CharField(max_length=20, blank=True, choices=[(g, g) for g in GROUPS])
    levels = models.JSONField(default=list, blank=True, help_text='[[75, "900"], …]')

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "order"], name="promises_stand_in_order"),
            models.CheckConstraint(condition=Q(number__gt=0), name="a_promise_counts_somebody"),
            models.CheckConstraint(
                condition=Q(from_month__gte=1, from_month__lte=12),
                name="a_promise_begins_inside_the_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.unit_th} {self.who_th}"


class Activity(models.Model):
    """กิจกรรม: months 1 = October … 12 = September, weight in percent."""

    entry = models.ForeignKey(ProjectEntry, models.CASCADE, related_name="activities")
    order = models.PositiveSmallIntegerField(default=1)
    name_th = models.CharField(max_length=500)
    first_month = models.PositiveSmallIntegerField(choices=MONTH_CHOICES)
    last_month = models.PositiveSmallIntegerField(choices=MONTH_CHOICES)
    weight_percent = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            models.UniqueConstraint(fields=["entry", "order"], name="activities_stand_in_order"),
            models.CheckConstraint(
                condition=Q(
                    first_month__gte=1, last_month__lte=12, last_month__gte=models.F("first_month")
                ),
                name="activity_lies_inside_the_year",
            ),
            models.CheckConstraint(
                condition=Q(weight_percent__lte=100), name="activity_weighs_at_most_100"
            ),
        ]

    def __str__(self) -> str:
        return self.name_th


class Risk(models.Model):
    """ความเสี่ยง: likelihood × impact, each 1–5, and the response."""

    entry = models.ForeignKey(ProjectEntry, models.CASCADE, related_name="risks")
    order = models.PositiveSmallIntegerField(default=1)
    event_th = models.TextField()
    likelihood = models.PositiveSmallIntegerField()
    impact = models.PositiveSmallIntegerField()
    response_th = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5), impact__range=(1, 5)),
                name="risk_is_scored_1_to_5",
            )
        ]

    def __str__(self) -> str:
        return self.event_th


class EntryLink(models.Model):
    """An entry serves an element; exactly one is primary in each framework, others never add up."""

    entry = models.ForeignKey(ProjectEntry, models.CASCADE, related_name="links")
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+")
    element = models.ForeignKey(Element, models.PROTECT, related_name="entry_links")
    is_primary = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "framework"],
                condition=Q(is_primary=True),
                name="one_primary_element_in_each_framework",
            ),
            models.UniqueConstraint(fields=["entry", "element"], name="an_element_is_linked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} → {self.element_id}"


class EntryIndicator(models.Model):
    """An indicator that the entry reports on, with the entry's own share of the target."""

    entry = models.ForeignKey(ProjectEntry, models.CASCADE, related_name="indicator_links")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="entry_links")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "indicator"], name="an_indicator_is_linked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} → {self.indicator_id}"


class DistrictShare(models.Model):
    """Parts of an entry's money by district; no row at all means the whole city."""

    entry = models.ForeignKey(ProjectEntry, models.CASCADE, related_name="district_shares")
    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    weight = models.PositiveIntegerField(help_text="whole parts; the sum is the whole")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "district"], name="a_district_shares_once"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="a_share_is_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.district_id} {self.weight}"


class Unfinished(models.Model):
    """A field as somebody typed it that cannot stand in the entry yet, kept for them alone.

    `base` is the stored text that they had read; names are those of the form's flat fields.
    """

    entry = models.ForeignKey(ProjectEntry, models.CASCADE, related_name="unfinished")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    text = models.TextField(blank=True)
    base = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "user", "name"], name="a_field_is_unfinished_once_for_a_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.name}"
