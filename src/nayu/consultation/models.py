"""Consultations on a published version, opinions, and the city's answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from nayu.agencies.models import PartnerBody
from nayu.audit.models import Event
from nayu.consultation.domain import (
    ABOUT_KINDS,
    AUTHOR_KINDS,
    GOAL,
    HELD,
    NOT_ADOPTED,
    OUTCOMES,
    PARTNER_BODY,
    PLAN,
    PROJECT,
    PUBLIC,
    STANCES,
    STATES,
)
from nayu.publication.models import FrozenEntry, PlanVersion
from nayu.strategy.models import Element


class Consultation(models.Model):
    """การรับฟังความคิดเห็น on one published version, from its first day to its last, both open."""

    version = models.OneToOneField(PlanVersion, models.PROTECT, related_name="consultation")
    first_day = models.DateField()
    last_day = models.DateField()
    title_th = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    purpose = models.TextField(blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")),
                name="consultation_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.title_th

    @property
    def name_th(self) -> str:
        return self.title_th

    @property
    def name_en(self) -> str:
        return self.title_en


class Opinion(models.Model):
    """ความคิดเห็น: kept without a name; telephone and national numbers are masked before it is kept.

    `number` runs within its consultation; `client_key` is a hash that changes every day.
    """

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="opinions")
    number = models.PositiveIntegerField()
    about_kind = models.CharField(max_length=10, choices=[(k, k) for k in ABOUT_KINDS])
    element = models.ForeignKey(Element, models.PROTECT, null=True, related_name="opinions")
    frozen = models.ForeignKey(FrozenEntry, models.PROTECT, null=True, related_name="opinions")
    stance = models.CharField(
        max_length=10,
        blank=True,
        choices=[(s, s) for s in STANCES],
        help_text="empty: no side taken",
    )
    text = models.TextField()
    text_key = models.CharField(max_length=64, help_text="SHA-256 of the words, to see a repeat")
    author_kind = models.CharField(
        max_length=10, default=PUBLIC, choices=[(k, k) for k in AUTHOR_KINDS]
    )
    body = models.ForeignKey(PartnerBody, models.PROTECT, null=True, related_name="opinions")
    language = models.CharField(max_length=5, default="th")
    created_at = models.DateTimeField()
    client_key = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES])
    moderation_reason = models.TextField(blank=True, help_text="code of a rule, or words")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="opinions_are_numbered_in_a_consultation"
            ),
            models.CheckConstraint(
                condition=Q(about_kind=GOAL, element__isnull=False, frozen=None)
                | Q(about_kind=PROJECT, element=None, frozen__isnull=False)
                | Q(about_kind=PLAN, element=None, frozen=None),
                name="an_opinion_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(author_kind=PUBLIC, body=None)
                | Q(author_kind=PARTNER_BODY, body__isnull=False),
                name="only_a_partner_opinion_names_its_body",
            ),
            models.CheckConstraint(
                condition=Q(stance__in=("", *STANCES)), name="opinion_takes_a_known_side_or_none"
            ),
            models.CheckConstraint(
                condition=Q(state__in=STATES), name="opinion_is_published_held_or_hidden"
            ),
            models.CheckConstraint(
                condition=~Q(state=HELD) | ~Q(moderation_reason=""),
                name="a_held_opinion_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["consultation", "state", "-id"], name="opinions_newest_first"),
            models.Index(fields=["client_key", "created_at"], name="opinions_of_a_sender"),
            models.Index(fields=["consultation", "text_key"], name="opinions_with_the_same_words"),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} #{self.number}"


class Answer(models.Model):
    """คำตอบของกรุงเทพมหานคร to one opinion: outcome, reason, and the change it led to."""

    opinion = models.OneToOneField(Opinion, models.PROTECT, related_name="answer")
    outcome = models.CharField(max_length=12, choices=[(o, o) for o in OUTCOMES])
    reason_th = models.TextField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    post_code = models.CharField(max_length=60)
    post_title_th = models.CharField(max_length=200)
    post_title_en = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    change_text = models.TextField(blank=True)
    change_version = models.ForeignKey(PlanVersion, models.PROTECT, null=True, related_name="+")
    change_frozen = models.ForeignKey(FrozenEntry, models.PROTECT, null=True, related_name="+")
    change_event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=OUTCOMES), name="answer_has_a_known_outcome"
            ),
            models.CheckConstraint(condition=~Q(reason_th=""), name="answer_has_a_reason"),
            models.CheckConstraint(
                condition=Q(
                    outcome=NOT_ADOPTED, change_text="", change_version=None,
                    change_frozen=None, change_event=None,
                )
                | (~Q(outcome=NOT_ADOPTED) & ~Q(change_text="")),
                name="an_answer_that_adopts_names_the_change",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.opinion_id}: {self.outcome}"
