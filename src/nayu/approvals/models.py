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
