"""The index of texts: what may be found, under which words, and where it leads."""

from django.db import models
from django.db.models import Q

from nayu.search.domain import AUDIENCES, KINDS


class SearchEntry(models.Model):
    """One document as found. It is a copy: whoever may see a working one is asked of live rows.

    `titles`, `text` and their toneless twins are folded (`domain.fold`); the trigram indexes
    over `text` and `toneless` are made by the first migration, for each database its own.
    """

    audience = models.CharField(max_length=10, choices=[(a, a) for a in AUDIENCES])
    kind = models.CharField(max_length=12, choices=[(k, k) for k in KINDS])
    key = models.CharField(max_length=120)
    fiscal_year_be = models.PositiveSmallIntegerField(null=True)
    agency_code = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=20, blank=True)
    version_id = models.BigIntegerField(null=True, help_text="published version")
    subject_id = models.BigIntegerField(null=True, help_text="live row that decides who sees it")
    revision = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=80, blank=True)
    title_th = models.TextField()
    title_en = models.TextField(blank=True)
    body = models.TextField(blank=True)
    url_name = models.CharField(max_length=80, blank=True)
    url_args = models.JSONField(default=dict)
    titles = models.TextField(help_text="folded titles and codes, a line each")
    titles_toneless = models.TextField()
    text = models.TextField(help_text="all of it, folded")
    toneless = models.TextField()
    clusters = models.TextField(help_text="the folded text with a blank after each cluster")

    class Meta:
        verbose_name_plural = "search entries"
        constraints = [
            models.UniqueConstraint(
                fields=["audience", "kind", "key"], name="a_document_is_indexed_once"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=AUDIENCES), name="search_entry_has_an_audience"
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="search_entry_has_a_kind"),
        ]
        indexes = [
            models.Index(fields=["audience", "kind", "subject_id"], name="search_entry_of_subject"),
            models.Index(fields=["fiscal_year_be", "kind"], name="search_entry_of_year"),
        ]

    def __str__(self) -> str:
        return f"{self.audience} {self.kind} {self.key}"
