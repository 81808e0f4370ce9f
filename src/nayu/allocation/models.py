"""Scenarios with their rules, runs with what they were asked and answered, scores, adoption."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from nayu.agencies.domain import Person
from nayu.allocation.domain import scenario as s
from nayu.approvals.domain import PROCEDURES, SCENARIO, states_seen
from nayu.db.fields import MoneyField, fiscal_year_is_buddhist_era
from nayu.jobs.models import Job
from nayu.projects.models import ProjectEntry

ALL_STATES = PROCEDURES[SCENARIO].states


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def visible_to(self, person: Person) -> "ScenarioQuerySet":
        of_any, _of_own, _agencies = states_seen(person, "scenario.view")
        return self.filter(state__in=of_any)


class Scenario(models.Model):
    """One way to divide the money of a fiscal year among its projects, stated as rules."""

    fiscal_year_be = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(help_text="1, 2, 3 … in its year")
    name_th = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    reason = models.TextField(help_text="what it is for")
    stage = models.CharField(max_length=20, help_text="the stage that adoption writes")
    state = models.CharField(max_length=20, default="draft")
    state_since = models.DateTimeField(null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post_title_th = models.CharField(max_length=200)
    post_title_en = models.CharField(max_length=200, blank=True)
    made_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="made")
    created_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year_be", "number"], name="one_scenario_of_a_number_in_a_year"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ALL_STATES), name="scenario_is_in_a_state_of_its_procedure"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=list(s.REQUEST_STATES)), name="scenario_writes_a_known_stage"
            ),
            fiscal_year_is_buddhist_era("fiscal_year_be", "scenario_year_is_buddhist_era"),
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year_be}/{self.number} {self.name_th}"


class Rule(models.Model):
    """One rule of a scenario. Percents are hundredths of a percent; which figures count, `kind` tells."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="rules")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in s.KINDS])
    subject = models.CharField(max_length=100, blank=True, help_text="a code, if it is of one")
    framework = models.CharField(max_length=40, blank=True)
    amount = MoneyField(null=True)
    least = models.PositiveIntegerField(null=True)
    most = models.PositiveIntegerField(null=True)
    members = models.JSONField(default=list, blank=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "kind", "framework", "subject"],
                name="one_rule_of_a_kind_for_a_subject",
            ),
            models.CheckConstraint(condition=Q(kind__in=s.KINDS), name="rule_is_of_a_known_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.kind} {self.subject}"


class Run(models.Model):
    """One answer to a scenario as it stood: the question itself is kept, so it can be asked again.

    `points` are millionths of a point; `answer` has plan, bound and multipliers as text.
    """

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="runs")
    revision = models.PositiveIntegerField(help_text="of the scenario when it was asked")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    gap = models.PositiveIntegerField(default=10, help_text="hundredths of a percent")
    seconds = models.PositiveIntegerField(default=0, help_text="limit of time; 0 is none")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    question = models.BinaryField(default=bytes, help_text="JSON, compressed")
    facts = models.JSONField(default=dict, help_text="what stood before the question")
    status = models.CharField(max_length=12, blank=True)
    answer = models.JSONField(default=dict)
    candidates = models.PositiveIntegerField(default=0)
    funded = models.PositiveIntegerField(default=0)
    amount = MoneyField(default=0)
    points = models.BigIntegerField(default=0)
    people = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["scenario", "id"], name="runs_of_scenario")]

    def __str__(self) -> str:
        return f"{self.scenario_id} #{self.pk}"


class Study(models.Model):
    """Something computed beside an answer, in the background: reasons, steps of the total, a frontier."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="studies")
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=100, blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    found = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "kind", "subject"], name="one_study_of_a_kind_for_a_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.kind} {self.subject}"


class Adjustment(models.Model):
    """A project's level set by hand on top of an answer; an empty level takes it out."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="adjustments")
    project_code = models.CharField(max_length=40)
    level = models.CharField(max_length=20, blank=True)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post_title_th = models.CharField(max_length=200)
    post_title_en = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "project_code"], name="one_hand_change_of_a_project_in_a_run"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_hand_change_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.project_code}"


class RubricScore(models.Model):
    """What one reviewer gives an entry from 0 to 5; the note is for the reviewer alone."""

    entry = models.ForeignKey(ProjectEntry, models.CASCADE, related_name="rubric_scores")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post_title_th = models.CharField(max_length=200)
    post_title_en = models.CharField(max_length=200, blank=True)
    mark = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(blank=True)
    is_done = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "reviewer"], name="one_rubric_score_of_a_reviewer"
            ),
            models.CheckConstraint(
                condition=Q(mark=None) | Q(mark__lte=5), name="a_rubric_score_is_0_to_5"
            ),
            models.CheckConstraint(
                condition=Q(is_done=False) | Q(mark__isnull=False),
                name="a_finished_rubric_score_has_a_mark",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.reviewer_id}"


class Adoption(models.Model):
    """A plan whose amounts were written to the lines, and what stood there before."""

    scenario = models.ForeignKey(Scenario, models.PROTECT, related_name="adoptions")
    run = models.ForeignKey(Run, models.PROTECT, related_name="+")
    fiscal_year_be = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=20)
    agencies = models.JSONField(help_text="codes of those whose projects it decides on")
    plan = models.JSONField(help_text="{project code: level}, with the hand adjustments")
    before = models.JSONField(help_text="{line: amount at the stage as text, or null}")
    written = models.JSONField(help_text="{line: amount written, as text}")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year_be", "stage"],
                condition=Q(undone_at=None),
                name="one_adopted_plan_of_a_stage_in_a_year",
            )
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year_be} {self.stage}"
