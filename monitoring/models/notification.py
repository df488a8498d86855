"""Which mails a person of a customer wants, and what waits to be told to them."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

DAILY_AT = 7  # o'clock, in the person's zone, until they say otherwise


class NotificationChoice(models.Model):
    """What a person chose. Without a row, or of a kind that `how` does not name, the usual holds."""

    class How(models.TextChoices):
        OFF = "off", "no mail"
        AT_ONCE = "at_once", "at once"
        DAILY = "daily", "once a day"

    class Kind(models.TextChoices):
        QUESTION = "question", "a question for you"
        TROUBLE = "trouble", "an order is held or late"
        SHIPMENT = "shipment", "a shipment was sent"
        STATEMENT = "statement", "a statement is ready"
        BILL = "bill", "a bill was sent"
        DIGEST = "digest", "the day in figures"

    USUAL = {
        Kind.QUESTION: How.AT_ONCE,
        Kind.TROUBLE: How.OFF,
        Kind.SHIPMENT: How.OFF,
        Kind.STATEMENT: How.AT_ONCE,
        Kind.BILL: How.AT_ONCE,
        Kind.DIGEST: How.OFF,
    }

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    customer = models.ForeignKey("customers.Customer", models.CASCADE)
    how = models.JSONField(default=dict, help_text="Kind → how.")
    hour = models.PositiveSmallIntegerField(
        default=DAILY_AT, help_text="When the mail of the day comes, in the person's zone."
    )
    paused_until = models.DateField(null=True, help_text="Up to this day nothing is sent.")
    digest_on = models.DateField(null=True, help_text="The last day whose figures were sent.")
    actor = models.CharField(max_length=80, help_text="Who changed it last.")
    changed_at = models.DateTimeField(db_default=Now())

    customer_may_read = "customer_id"


class NoticeMail(models.Model):
    """A mail that was made of notices. Its link switches its kinds off; of the link only a hash is kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kinds = models.JSONField(help_text="What it tells of, and what its link switches off.")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, in hex.")
    sent_at = models.DateTimeField(db_default=Now())


class Notice(models.Model):
    """One thing to tell one person: alone at once, or with the others of the day."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SENT = "sent", "sent"
        DROPPED = "dropped", "not sent"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=NotificationChoice.Kind)
    is_daily = models.BooleanField(default=False)
    said = models.JSONField(help_text="{headline, lines: [[text, path]], more}.")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    made_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=200, blank=True)
    mail = models.ForeignKey(NoticeMail, models.SET_NULL, null=True, related_name="notices")

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], name="notice_waiting", condition=models.Q(state="waiting")
            )
        ]


class NoticeMark(models.Model):
    """Up to when shipments and cases have been made into notices: one row."""

    passed = models.DateTimeField()
