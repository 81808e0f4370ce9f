"""The append-only record of deeds: one event for each, written in the deed's own transaction.

The sealer gives events their place in a hash chain later, so that writers never wait for each
other. Once sealed, an event never changes: the database refuses it (migration 0003).
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Event(models.Model):
    """Who did what to which thing, in which post, when; `facts` hold before and after.

    `written_at` is the database's own clock, whatever the deed says; `actor` is taken out when a
    person is forgotten, and texts that hold the name.
    """

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
    written_at = models.DateTimeField(db_default=Now())
    sealed = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="event_of_subject"),
            models.Index(fields=["agency_code", "id"], name="event_of_agency"),
            # What was done to a year after a day, so that the day can be read back.
            models.Index(fields=["fiscal_year_be", "at"], name="event_of_year"),
            models.Index(fields=["id"], condition=Q(sealed=False), name="event_to_be_sealed"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_id}"


class SealingLock(models.Model):
    """One row, held by whoever seals: two sealers wait for each other, and no writer for them."""


class Seal(models.Model):
    """One batch of events closed into the chain; `head` is the hash of its last event."""

    number = models.PositiveBigIntegerField(primary_key=True)
    first_sequence = models.PositiveBigIntegerField()
    last_sequence = models.PositiveBigIntegerField()
    sealed_at = models.DateTimeField()
    previous_head = models.CharField(max_length=64, unique=True)
    head = models.CharField(max_length=64, unique=True)
    last_of_day = models.DateField(
        null=True,
        help_text="the day it was the last of; known when a later day's first seal is made",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_sequence__gte=F("first_sequence")), name="a_seal_holds_events"
            )
        ]
        indexes = [
            models.Index(
                fields=["last_of_day"],
                condition=Q(last_of_day__isnull=False),
                name="seals_that_ended_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.first_sequence}–{self.last_sequence}"


class SealedEvent(models.Model):
    """An event's place in the chain, and what of it is not in the event itself."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="seal")
    person = models.CharField(max_length=64, blank=True, help_text="salted hash; empty: nobody")
    # Three salts of 16 bytes, hexadecimal, in the order of domain.TEXTS.
    text_salts = models.CharField(max_length=96)
    withheld = models.JSONField(default=dict, help_text="column → commitment that stands for it")
    hash = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash[:12]}"


class PersonSalt(models.Model):
    """What ties a person to a hash in the record. Erased, the hash is nobody's."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="+"
    )
    salt = models.CharField(max_length=64, help_text="32 random bytes, hexadecimal")

    def __str__(self) -> str:
        return f"salt of {self.user_id}"
