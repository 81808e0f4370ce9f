"""Changes of state that were taken note of, notices of them, people's wishes, and the outbox."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from nayu.notices.domain import (
    DELIVERIES,
    KINDS,
    LANGUAGES,
    MAIL_KINDS,
    MAIL_STATES,
    NOW,
    QUEUED,
    SENT,
    SOURCES,
    UNKNOWN,
    USUAL,
    Quiet,
)


class Change(models.Model):
    """One change of state, taken note of once: its row is written with all its notices.

    `source` and `source_id` name the row that the change is read from (a decision, an opinion …);
    `fiscal_year_be` tells the steps of the yearly calendar apart and is 0 for everything else.
    """

    source = models.CharField(max_length=20, choices=[(s, s) for s in SOURCES])
    source_id = models.BigIntegerField()
    fiscal_year_be = models.PositiveSmallIntegerField(default=0)
    about = models.CharField(max_length=20, help_text="kind of the thing that changed")
    about_id = models.BigIntegerField()
    state = models.CharField(max_length=20, blank=True, help_text="the state that it came to")
    at = models.DateTimeField(help_text="by the city's clock")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id", "fiscal_year_be"],
                name="a_change_of_state_is_noted_once",
            ),
            models.CheckConstraint(
                condition=Q(source__in=SOURCES), name="a_change_comes_from_a_known_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.source_id}"


class Mail(models.Model):
    """A mail of the outbox. Its words are made when it is sent, as its reader may see them then.

    `key` keeps two workers from making the same mail; `claimed_by` and `attempt` name the one who
    sends it. Times are the machine's own, `day` is the city's.
    """

    key = models.CharField(max_length=80, unique=True)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mails")
    kind = models.CharField(max_length=10, choices=[(k, k) for k in MAIL_KINDS])
    day = models.DateField()
    state = models.CharField(max_length=10, default=QUEUED, choices=[(s, s) for s in MAIL_STATES])
    attempt = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.CharField(max_length=120, blank=True)
    claimed_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=254, blank=True)
    sentence = models.CharField(max_length=60, blank=True, help_text="code of a message")
    reply = models.CharField(max_length=300, blank=True, help_text="what the mail server said")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MAIL_STATES), name="mail_is_in_a_state_of_the_outbox"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MAIL_KINDS), name="mail_is_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=~Q(state=SENT) | Q(sent_at__isnull=False), name="a_sent_mail_has_its_time"
            ),
            models.CheckConstraint(
                condition=~Q(state=UNKNOWN) | ~Q(claimed_by=""),
                name="an_unknown_mail_names_who_had_it",
            ),
        ]
        indexes = [models.Index(fields=["state", "next_try_at"], name="mails_to_send")]

    def __str__(self) -> str:
        return self.key


class Notice(models.Model):
    """What one person is told of one change. It holds no words: they are made for each reading."""

    change = models.ForeignKey(Change, models.CASCADE, related_name="notices")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=[(k, k) for k in KINDS])
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail = models.ForeignKey(Mail, models.PROTECT, null=True, related_name="notices")
    is_settled = models.BooleanField(default=False, help_text="in a mail, or never to be in one")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["change", "recipient"], name="one_notice_of_a_change_for_a_person"
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="notice_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=Q(mail=None) | Q(is_settled=True), name="a_mailed_notice_is_settled"
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notices_newest_first"),
            models.Index(
                fields=["recipient", "kind"],
                condition=Q(is_settled=False),
                name="notices_not_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.change_id} → {self.recipient_id}"


def _delivery(kind: str) -> models.CharField:
    return models.CharField(max_length=6, default=USUAL[kind], choices=[(d, d) for d in DELIVERIES])


class Wishes(models.Model):
    """How one person wants to be told; without a row, the usual."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="mail_wishes"
    )
    returned = _delivery("returned")
    waiting = _delivery("waiting")
    decided = _delivery("decided")
    closing = _delivery("closing")
    opinions = _delivery("opinions")
    digest = _delivery("digest")
    quiet_first_hour = models.PositiveSmallIntegerField(default=20)
    quiet_last_hour = models.PositiveSmallIntegerField(default=7)
    quiet_weekends = models.BooleanField(default=True)
    language = models.CharField(
        max_length=4, default=LANGUAGES[0], choices=[(code, code) for code in LANGUAGES]
    )

    class Meta:
        verbose_name_plural = "wishes"
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_first_hour__lte=23, quiet_last_hour__lte=23),
                name="quiet_hours_are_hours_of_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(digest=NOW), name="the_daily_mail_is_daily_or_never"
            ),
        ]

    def __str__(self) -> str:
        return f"wishes of {self.user_id}"

    def delivery(self, kind: str) -> str:
        """now, daily or never, for a kind of notice or for the daily mail."""
        return str(getattr(self, kind))

    @property
    def quiet(self) -> Quiet:
        return Quiet(self.quiet_first_hour, self.quiet_last_hour, self.quiet_weekends)
