"""What authors answer to a remark: kept with the entry, shown to whoever reviews it."""

from django.conf import settings
from django.db import models

from nayu.projects.models import ProjectEntry


class Answer(models.Model):
    """A reason against one remark on one text; another text is another remark.

    `digest` is that of the text the remark was about, `about` that text for readers.
    """

    entry = models.ForeignKey(ProjectEntry, models.CASCADE, related_name="coach_answers")
    rule = models.CharField(max_length=60)
    field = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    about = models.TextField()
    reason = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post_title_th = models.CharField(max_length=300, blank=True)
    post_title_en = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "rule", "field", "digest"], name="a_remark_is_answered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.rule}"
