"""The index of texts: what may be found, under which words, where it leads, what is like it."""

from django.db import models
from django.db.models import F, Q

from nayu.search.domain import AUDIENCES, KINDS
from nayu.search.domain.likeness import TEXTS


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


class LikeText(models.Model):
    """One text as it is compared: letters alone. Equal texts of many projects are one row."""

    field = models.CharField(max_length=12, choices=[(t, t) for t in TEXTS])
    digest = models.CharField(max_length=32)
    letters = models.TextField()
    size = models.PositiveIntegerField(help_text="different pieces of three letters")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["field", "digest"], name="a_compared_text_is_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.digest}"


class LikePiece(models.Model):
    """What a text is found by: each piece of a name, each fingerprint of a rationale."""

    text = models.ForeignKey(LikeText, models.CASCADE, related_name="pieces", db_index=False)
    value = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "value"], name="a_piece_of_a_text_is_kept_once")
        ]
        indexes = [models.Index(fields=["value", "text"], name="like_texts_of_a_piece")]

    def __str__(self) -> str:
        return f"{self.text_id} {self.value}"


class LikeDocument(models.Model):
    """Where a text stands: the working entry, or the entry as published to everybody.

    Whoever may see a working one is asked of live rows. The text is no constraint of the
    database: two people who write the same at once must not wait for each other, and a document
    whose text was taken away meanwhile is merely not found until it is put again.
    """

    audience = models.CharField(max_length=10, choices=[(a, a) for a in AUDIENCES])
    field = models.CharField(max_length=12, choices=[(t, t) for t in TEXTS])
    subject_id = models.BigIntegerField(help_text="the entry")
    fiscal_year_be = models.PositiveSmallIntegerField()
    agency_code = models.CharField(max_length=20)
    code = models.CharField(max_length=40, help_text="the project's code, the same in all years")
    version_id = models.BigIntegerField(null=True, help_text="published version")
    text = models.ForeignKey(
        LikeText, models.DO_NOTHING, related_name="documents", db_constraint=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audience", "field", "subject_id"], name="a_text_of_an_entry_is_kept_once"
            ),
            models.CheckConstraint(
                condition=Q(audience__in=AUDIENCES), name="like_document_has_an_audience"
            ),
        ]
        indexes = [models.Index(fields=["fiscal_year_be", "field"], name="like_document_of_year")]

    def __str__(self) -> str:
        return f"{self.audience} {self.field} {self.subject_id}"


class NearText(models.Model):
    """Two texts that are one text with other names and numbers; equal ones need no row."""

    low = models.ForeignKey(LikeText, models.CASCADE, related_name="near_above")
    high = models.ForeignKey(LikeText, models.CASCADE, related_name="near_below")
    percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="two_texts_are_near_once"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="near_texts_are_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.low_id} ~ {self.high_id}: {self.percent}"
