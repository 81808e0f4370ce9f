"""Contents, each once however often it hangs somewhere, and the attachments that show them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from nayu.attachments.domain import KINDS, LARGEST_FILE_BYTES, LONGEST_NAME, MEDIA, OWNER_KINDS


class Content(models.Model):
    """The bytes of a file outside the database, under their SHA-256.

    Whoever puts a file there or takes it away holds this row's lock.
    """

    digest = models.CharField(max_length=64, primary_key=True, help_text="SHA-256, in hexadecimal")
    size = models.PositiveIntegerField(help_text="bytes")
    media = models.CharField(max_length=10, choices=[(code, code) for code in MEDIA])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=LARGEST_FILE_BYTES),
                name="content_is_neither_empty_nor_too_large",
            )
        ]

    def __str__(self) -> str:
        return self.digest


class Attachment(models.Model):
    """เอกสารแนบ: one content, under a name, on a thing of an app above (`owner_kind`, `owner_id`)."""

    owner_kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in OWNER_KINDS])
    owner_id = models.BigIntegerField()
    content = models.ForeignKey(Content, models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=LONGEST_NAME)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS])
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post_code = models.CharField(max_length=60, blank=True)
    post_title_th = models.CharField(max_length=200, blank=True)
    post_title_en = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner_kind__in=OWNER_KINDS),
                name="an_attachment_hangs_on_a_known_kind_of_thing",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=KINDS), name="an_attachment_is_of_a_known_type"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="an_attachment_has_a_name"),
            models.UniqueConstraint(
                fields=["owner_kind", "owner_id", "content", "name", "kind"],
                name="the_same_file_hangs_once_on_a_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_kind} {self.owner_id}: {self.name}"
