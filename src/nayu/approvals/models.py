"""Decisions are rows: who took which step, in which post, when and why."""

from django.conf import settings
from django.db import models


class Decision(models.Model):
    """One step of a procedure, taken. The subject is named by kind and id (projects lie above)."""

    procedure = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    step = models.CharField(max_length=20)
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post_code = models.CharField(max_length=60)
    post_title_th = models.CharField(max_length=200)
    post_title_en = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    meeting_number = models.CharField(max_length=40, blank=True)
    meeting_date = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["procedure", "subject_id", "id"], name="decision_of_subject")
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.subject_id}: {self.step}"


class Comment(models.Model):
    """A comment on a heading or a line, with answers one level deep; open until resolved."""

    procedure = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    field = models.CharField(max_length=40, blank=True, help_text="a heading; empty is the whole")
    line_id = models.BigIntegerField(null=True, blank=True)
    line_item = models.CharField(max_length=300, blank=True, help_text="as it was called then")
    text = models.TextField()
    thread = models.ForeignKey("self", models.CASCADE, null=True, related_name="answers")
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post_code = models.CharField(max_length=60)
    post_title_th = models.CharField(max_length=200)
    post_title_en = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    resolved_post_th = models.CharField(max_length=200, blank=True)
    resolved_post_en = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="a_comment_says_something"),
            models.CheckConstraint(
                condition=models.Q(thread=None) | models.Q(resolved_at=None),
                name="a_thread_is_resolved_not_its_answers",
            ),
        ]
        indexes = [
            models.Index(fields=["procedure", "subject_id", "id"], name="comment_of_subject")
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.subject_id}: {self.text[:60]}"

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None


class Reviewer(models.Model):
    """Somebody whom a reviewing desk asked to look at a thing, with a note for that desk alone."""

    procedure = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    desk = models.CharField(max_length=20, help_text="the role whose desk asked")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post_title_th = models.CharField(max_length=200)
    post_title_en = models.CharField(max_length=200, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    note = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)
    delegated_to = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "subject_id", "desk", "user"],
                condition=models.Q(delegated_to=None),
                name="a_desk_asks_a_reviewer_once",
            )
        ]
        indexes = [
            models.Index(fields=["procedure", "subject_id", "id"], name="reviewer_of_subject")
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.subject_id}: {self.user_id}"


class Window(models.Model):
    """When a step may be taken in a fiscal year; a row of an agency stands before the city's."""

    procedure = models.CharField(max_length=20)
    step = models.CharField(max_length=20)
    fiscal_year_be = models.PositiveSmallIntegerField()
    agency_code = models.CharField(max_length=20, blank=True, help_text="empty: every agency")
    opens_on = models.DateField()
    closes_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "step", "fiscal_year_be", "agency_code"],
                name="one_window_of_a_step_in_a_year",
            ),
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")),
                name="a_window_opens_before_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure}.{self.step} {self.fiscal_year_be} {self.agency_code}"


class WindowException(models.Model):
    """One agency may be late: until when, why, who allowed it, by which order."""

    procedure = models.CharField(max_length=20)
    step = models.CharField(max_length=20)
    fiscal_year_be = models.PositiveSmallIntegerField()
    agency_code = models.CharField(max_length=20)
    until = models.DateField()
    reason = models.TextField()
    allowed_by = models.CharField(max_length=200)
    order_number = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["procedure", "fiscal_year_be", "agency_code"], name="exception_of_agency"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_code} {self.procedure}.{self.step} until {self.until}"
