"""Where alerts go that are not for one person."""

from django.db import models
from django.db.models.functions import Now

from integrations.models.sealed import SealedField


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
    last_error = models.CharField(max_length=300, blank=True)
    last_good_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
