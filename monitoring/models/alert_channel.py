"""Where alerts go that are not for one person."""

from uuid import UUID, uuid5

from django.db import models
from django.db.models.functions import Now

from integrations.models.sealed import SealedField

_CHANNEL_CASES = UUID("7c1f6b52-9c0a-5d3e-9b1e-4e0d8f2a6c33")
SILENT_AFTER = 5


def channel_fingerprint(channel_id: int) -> UUID:
    """The cause "this channel takes nothing"."""
    return uuid5(_CHANNEL_CASES, str(channel_id))


class AlertChannel(models.Model):
    """A room, a service or a list of addresses. What opens it is encrypted and never shown."""

    class Kind(models.TextChoices):
        MAIL = "mail", "Mail"
        SLACK = "slack", "Slack"
        TEAMS = "teams", "Microsoft Teams"
        PAGERDUTY = "pagerduty", "PagerDuty"
        WEBHOOK = "webhook", "Webhook"

    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=9, choices=Kind)
    settings = models.JSONField(
        default=dict, help_text="What may be shown: {host}, {region} or {addresses: [text]}."
    )
    secrets = SealedField(null=True, help_text="Encrypted; see portal.core.secrets.")
    time_zone = models.CharField(
        max_length=40, blank=True, help_text="Of who reads it; blank: the partner's."
    )
    is_on = models.BooleanField(default=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(
        default=0, help_text="Tries in a row that were not taken, of whatever messages."
    )
    last_error = models.CharField(max_length=300, blank=True)
    last_good_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_silent(self) -> bool:
        """So much in a row was not taken that it is not tried for what is about a channel."""
        return self.failures >= SILENT_AFTER
