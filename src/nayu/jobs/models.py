"""Background work as rows: what is asked for, how far it is, and how it ended."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from nayu.jobs.domain import QUEUED, STATES, UNFINISHED


class JobQuerySet(models.QuerySet["Job"]):
    def unfinished(self) -> "JobQuerySet":
        return self.filter(state__in=UNFINISHED)


class Job(models.Model):
    """One piece of work. `sentence` is the code of a message, `facts` fill its placeholders."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=QUEUED, choices=[(s, s) for s in STATES])
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    sentence = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(default=dict)
    result = models.JSONField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=120, blank=True)
    # By the machine's own clock, unlike the times people see.
    heartbeat_at = models.DateTimeField(null=True)
    task_id = models.UUIDField(null=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=STATES), name="job_is_in_a_state_of_background_work"
            ),
            models.CheckConstraint(
                condition=Q(total=0) | Q(done__lte=models.F("total")),
                name="job_has_done_at_most_the_total",
            ),
        ]
        indexes = [models.Index(fields=["state", "heartbeat_at"], name="jobs_by_heartbeat")]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED

    @property
    def percent(self) -> int:
        """Whole percent done; unknown totals count as nothing done."""
        return self.done * 100 // self.total if self.total else 0
