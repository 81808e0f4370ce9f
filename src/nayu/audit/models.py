"""The append-only record of deeds: one event for each, written in the deed's own transaction."""

from django.conf import settings
from django.db import models


class Event(models.Model):
    """Who did what to which thing, in which post, when; `facts` hold before and after."""

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    post_code = models.CharField(max_length=60, blank=True)
    post_title_th = models.CharField(max_length=200, blank=True)
    post_title_en = models.CharField(max_length=200, blank=True)
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=60)
    subject_label = models.CharField(max_length=400, blank=True)
    agency_code = models.CharField(max_length=20, blank=True)
    fiscal_year_be = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="event_of_subject"),
            models.Index(fields=["agency_code", "id"], name="event_of_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_id}"
