"""Who wants to hear of what, and how that goes."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from integrations.models.sealed import SealedField


class Webhook(models.Model):
    """One receiver. Its secrets are encrypted and never shown again: {current} and, for a day after they
    were exchanged, {previous}."""

    name = models.CharField(max_length=60, unique=True)
    url = models.CharField(max_length=500)
    types = ArrayField(
        models.CharField(max_length=40), default=list, help_text="Of events; empty means every one."
    )
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, null=True, help_text="Only theirs; null means all."
    )
    secrets = SealedField(help_text="Encrypted; see portal.core.secrets.")
    previous_until = models.DateTimeField(
        null=True, help_text="So long the earlier secret signs, too."
    )
    is_on = models.BooleanField(default=True)
    off_since = models.DateTimeField(null=True)
    off_reason = models.CharField(
        max_length=300,
        blank=True,
        help_text="Why it was switched off by itself; blank: by a person.",
    )
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(
        default=0, help_text="Rounds in a row of which nothing was taken."
    )
    last_error = models.CharField(max_length=300, blank=True)
    last_error_at = models.DateTimeField(null=True)
    last_good_at = models.DateTimeField(null=True)
    rest_until = models.DateTimeField(null=True, help_text="Nothing is sent before.")
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def has_two_secrets(self, now: datetime) -> bool:
        """Whether what is sent `now` is signed with the earlier secret as well."""
        return self.previous_until is not None and now < self.previous_until


class WebhookHour(models.Model):
    """How many tries of one receiver went well in one hour."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, db_index=False, related_name="hours")
    hour = models.DateTimeField()
    good = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "hour"], name="one_webhook_hour")]


class WebhookReplay(models.Model):
    """What a person had sent again: how many of what was kept, from when on, of which type."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="replays")
    since = models.DateTimeField()
    type = models.CharField(max_length=40, blank=True, help_text="Blank: every type it wants.")
    total = models.PositiveIntegerField(default=0)
    left_out = models.BooleanField(default=False, help_text="There were more than go at once.")
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
