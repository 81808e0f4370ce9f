"""The whole budget: lines, amounts by stage, ceilings, requests, commitments, revenue."""

from django.db import models
from django.db.models import Q

from nayu.agencies.domain import Person
from nayu.agencies.models import Agency
from nayu.approvals.domain import ALL_REQUEST, states_seen
from nayu.budget.domain import CENTRAL, LINE_KINDS, NOVELTIES, PRICE_REFERENCES, PROJECT, ROUTINE
from nayu.db.fields import (
    MoneyField,
    QuantityField,
    fiscal_year_is_buddhist_era,
    money_within,
    product_is_whole_satang,
    product_satang,
)
from nayu.projects.models import Project, ProjectEntry


class ExpenditureType(models.Model):
    """งบรายจ่าย: the six types, and an unnamed one for files that give none."""

    code = models.CharField(max_length=20, primary_key=True)
    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    source = models.TextField(blank=True)
    mark = models.CharField(max_length=20, default="official")

    def __str__(self) -> str:
        return self.name_th


class ExpenditureCategory(models.Model):
    """หมวด within a type; imported files bring their own below the same types."""

    code = models.CharField(max_length=40, primary_key=True)
    type = models.ForeignKey(ExpenditureType, models.PROTECT, related_name="categories")
    name_th = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300, blank=True)
    is_capital = models.BooleanField(default=False)
    source = models.TextField(blank=True)
    mark = models.CharField(max_length=20, default="official")

    def __str__(self) -> str:
        return self.name_th


class FunctionNode(models.Model):
    """Functional class: ด้าน (1) → แผนงาน (2) → งาน (3)."""

    code = models.CharField(max_length=40, primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    depth = models.PositiveSmallIntegerField()
    name_th = models.CharField(max_length=500)
    name_en = models.CharField(max_length=500, blank=True)
    source = models.TextField(blank=True)
    mark = models.CharField(max_length=20, default="official")

    def __str__(self) -> str:
        return self.name_th


class FundingSource(models.Model):
    """แหล่งงบประมาณ."""

    code = models.CharField(max_length=20, primary_key=True)
    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    in_ordinance = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)
    source = models.TextField(blank=True)
    mark = models.CharField(max_length=20, default="official")

    def __str__(self) -> str:
        return self.name_th


class Stage(models.Model):
    """A stage of the money, in order; signed stages are cuts, additions and transfers."""

    code = models.CharField(max_length=20, primary_key=True)
    order = models.PositiveSmallIntegerField(unique=True)
    name_th = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    is_signed = models.BooleanField(default=False)
    source = models.TextField(blank=True)
    mark = models.CharField(max_length=20, default="official")

    def __str__(self) -> str:
        return self.name_th


class Commitment(models.Model):
    """งบผูกพัน: one contract over several fiscal years, one row a year; the total is the sum.

    Without a project it is of the agency's routine work.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="commitments")
    category = models.ForeignKey(ExpenditureCategory, models.PROTECT, related_name="+")
    item = models.CharField(max_length=500)

    def __str__(self) -> str:
        return self.item


class CommitmentYear(models.Model):
    """What a commitment takes in one fiscal year."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="years")
    fiscal_year_be = models.PositiveSmallIntegerField()
    amount = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commitment", "fiscal_year_be"], name="one_commitment_amount_a_year"
            ),
            money_within("amount", "commitment_amount_is_below_a_trillion_baht"),
            fiscal_year_is_buddhist_era("fiscal_year_be", "commitment_year_is_buddhist_era"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.fiscal_year_be}"


class RequestQuerySet(models.QuerySet["Request"]):
    def visible_to(self, person: Person) -> "RequestQuerySet":
        of_any, of_own, agencies = states_seen(person, "request.view")
        return self.filter(Q(state__in=of_any) | Q(state__in=of_own, agency_id__in=agencies))


class Request(models.Model):
    """คำขอตั้งงบประมาณ of one agency for one fiscal year."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="requests")
    fiscal_year_be = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20, default="open")
    state_since = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "fiscal_year_be"], name="one_request_of_an_agency_in_a_year"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ALL_REQUEST), name="request_is_in_a_state_of_its_procedure"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.fiscal_year_be}"


class Line(models.Model):
    """รายการงบประมาณ of one fiscal year: of a project, of routine work, or of the central fund."""

    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in LINE_KINDS])
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="lines")
    entry = models.ForeignKey(ProjectEntry, models.PROTECT, null=True, related_name="lines")
    fiscal_year_be = models.PositiveSmallIntegerField()
    order = models.PositiveIntegerField(default=1)
    item = models.CharField(max_length=1000)
    quantity = QuantityField()
    unit = models.CharField(max_length=100, blank=True)
    unit_price = MoneyField()
    amount = models.GeneratedField(
        expression=product_satang("quantity", "unit_price"),
        output_field=MoneyField(),
        db_persist=True,
    )
    category = models.ForeignKey(ExpenditureCategory, models.PROTECT, related_name="lines")
    work = models.ForeignKey(FunctionNode, models.PROTECT, null=True, related_name="lines")
    source = models.ForeignKey(FundingSource, models.PROTECT, related_name="lines")
    price_reference = models.CharField(max_length=20, blank=True)
    price_evidence = models.TextField(blank=True)
    price_reason = models.TextField(
        blank=True, help_text="why the price is outside what like items cost before"
    )
    first_month = models.PositiveSmallIntegerField(default=1)
    last_month = models.PositiveSmallIntegerField(default=12)
    novelty = models.CharField(max_length=12, default="new")
    priority = models.PositiveIntegerField(null=True, blank=True)
    if_not_funded = models.TextField(blank=True)
    commitment = models.ForeignKey(Commitment, models.PROTECT, null=True, related_name="lines")
    promise_number = models.PositiveSmallIntegerField(
        null=True, help_text="the promise of its entry that the line serves directly"
    )
    revision = models.PositiveIntegerField(default=1)
    # Lines that came from a file keep where they came from.
    import_profile = models.CharField(max_length=40, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    output_name = models.CharField(max_length=500, blank=True)
    category_path = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=PROJECT, entry__isnull=False)
                | Q(kind__in=[ROUTINE, CENTRAL], entry=None),
                name="line_belongs_to_a_project_or_to_routine_or_to_the_central_fund",
            ),
            fiscal_year_is_buddhist_era("fiscal_year_be", "line_fiscal_year_is_buddhist_era"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0), name="line_quantity_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(novelty__in=NOVELTIES), name="line_is_new_continuing_or_replacement"
            ),
            models.CheckConstraint(
                condition=Q(price_reference__in=["", *PRICE_REFERENCES]),
                name="line_price_reference_is_of_a_known_kind",
            ),
            models.CheckConstraint(
                condition=Q(
                    first_month__gte=1, last_month__lte=12, last_month__gte=models.F("first_month")
                ),
                name="line_is_spent_inside_its_year",
            ),
            money_within("unit_price", "line_unit_price_is_below_a_trillion_baht"),
            money_within("amount", "line_amount_is_below_a_trillion_baht"),
            product_is_whole_satang("quantity", "unit_price", "line_amount_is_exact"),
            models.UniqueConstraint(
                fields=["import_profile", "external_id"],
                condition=~Q(external_id=""),
                name="an_imported_line_comes_in_once",
            ),
        ]
        indexes = [
            models.Index(fields=["fiscal_year_be", "agency", "kind"], name="line_of_agency"),
        ]

    def __str__(self) -> str:
        return self.item


class RunningCost(models.Model):
    """What an asset that a line buys will cost to run in a later fiscal year; asked for by nobody yet."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="running_costs")
    fiscal_year_be = models.PositiveSmallIntegerField()
    amount = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "fiscal_year_be"], name="one_running_cost_of_a_line_in_a_year"
            ),
            money_within("amount", "running_cost_is_below_a_trillion_baht"),
            fiscal_year_is_buddhist_era("fiscal_year_be", "running_cost_year_is_buddhist_era"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.fiscal_year_be}"


class StageAmount(models.Model):
    """The amount of a line at one stage, kept for ever; signed stages may be negative."""

    line = models.ForeignKey(Line, models.CASCADE, related_name="stage_amounts")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    amount = MoneyField()
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "stage"], name="one_amount_of_a_line_at_a_stage"
            ),
            money_within("amount", "stage_amount_is_below_a_trillion_baht", signed=True),
        ]
        indexes = [models.Index(fields=["stage", "line"], name="amounts_of_stage")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.stage_id}"


class Ceiling(models.Model):
    """กรอบวงเงิน of an agency for one expenditure type in one fiscal year."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="ceilings")
    fiscal_year_be = models.PositiveSmallIntegerField()
    type = models.ForeignKey(ExpenditureType, models.PROTECT, related_name="ceilings")
    amount = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "fiscal_year_be", "type"], name="one_ceiling_of_a_type_in_a_year"
            ),
            money_within("amount", "ceiling_is_below_a_trillion_baht"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.type_id} {self.fiscal_year_be}"


class RevenueEstimate(models.Model):
    """ประมาณการรายรับ of a fiscal year, by source of funds; the budget must equal its sum."""

    fiscal_year_be = models.PositiveSmallIntegerField()
    source = models.ForeignKey(FundingSource, models.PROTECT, related_name="+")
    amount = MoneyField()
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year_be", "source"], name="one_revenue_estimate_of_a_source"
            ),
            money_within("amount", "revenue_is_below_a_trillion_baht"),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year_be} {self.source_id}"
