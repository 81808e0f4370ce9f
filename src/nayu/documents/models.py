"""Documents that were ordered: what was asked for, and the file that was made."""

from django.conf import settings
from django.db import models

from nayu.jobs.domain import UNFINISHED
from nayu.jobs.models import Job


class OrderQuerySet(models.QuerySet["Order"]):
    def unfinished(self) -> "OrderQuerySet":
        return self.filter(job__state__in=UNFINISHED)

    def of(self, user_id: int | None, session_mark: str) -> "OrderQuerySet":
        """Orders of a signed-in person, or of one stranger's visit."""
        if user_id is not None:
            return self.filter(requested_by_id=user_id)
        if not session_mark:
            return self.none()
        return self.filter(requested_by=None, session_mark=session_mark)


class Order(models.Model):
    """One ordered document; the file lies under MEDIA_ROOT once `made_at` is set."""

    job = models.OneToOneField(Job, models.CASCADE, primary_key=True, related_name="order")
    kind = models.CharField(max_length=20)
    fiscal_year_be = models.PositiveSmallIntegerField()
    agency_code = models.CharField(max_length=20, blank=True)
    project_code = models.CharField(max_length=40, blank=True)
    format = models.CharField(max_length=4)
    language = models.CharField(max_length=2)
    digits = models.CharField(max_length=6)
    version = models.CharField(max_length=10)
    version_number = models.PositiveSmallIntegerField(null=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    session_mark = models.CharField(max_length=64, blank=True, help_text="SHA-256, never the key")
    ordered_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    made_with = models.CharField(max_length=20, blank=True, help_text="version of this software")
    name = models.CharField(max_length=120, blank=True)
    path = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file")

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(made_at=None, digest="")
                | models.Q(made_at__isnull=False) & ~models.Q(digest=""),
                name="a_made_document_has_a_digest",
            )
        ]
        indexes = [models.Index(fields=["fiscal_year_be", "kind"], name="documents_of_year")]

    def __str__(self) -> str:
        return f"{self.kind} {self.fiscal_year_be} {self.format}"
