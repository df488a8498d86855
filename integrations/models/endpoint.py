"""One customer's instance of a connector."""

from django.db import models

from integrations.models.sealed import SealedField
from portal.customers.models import Customer
from portal.tenants.models import PARTNER_SLUG


class Endpoint(models.Model):
    """A system of a customer: how to reach it, what it may be asked, and how it is doing."""

    class State(models.TextChoices):
        ACTIVE = "active", "active"
        PAUSED = "paused", "paused"
        TESTING = "testing", "being onboarded"  # takes part in test orders only

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="endpoints")
    slug = models.CharField(max_length=41, unique=True, validators=[PARTNER_SLUG])
    label = models.CharField(max_length=80)
    connector = models.CharField(max_length=40)
    settings = models.JSONField(default=dict)
    secrets = SealedField(null=True, help_text="Encrypted; see portal.core.secrets.")
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    site = models.CharField(max_length=20, blank=True, help_text="Warehouse site code, e.g. RNO1.")
    pickup = models.JSONField(
        default=dict,
        blank=True,
        help_text="When the truck leaves the site: {time, zone, days, transit_days}.",
    )
    channel = models.JSONField(
        null=True,
        blank=True,
        help_text="For a sales channel: {share, buffer, cap} of availability.",
    )
    rate_per_second = models.FloatField(default=50.0)
    concurrency = models.PositiveSmallIntegerField(default=4)
    breaker = models.JSONField(default=dict, blank=True)
    last_good_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    last_error_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label

    @property
    def bills_us(self) -> bool:
        """Whether its invoices are a supplier's to us, and not the customer's own."""
        return bool(self.settings.get("partner_is") == "supplier")


class PollCursor(models.Model):
    """Where a poll of one stream of an endpoint goes on, and when."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="cursors")
    stream = models.CharField(max_length=40)
    cursor = models.JSONField(default=dict)
    every_seconds = models.PositiveIntegerField(default=60)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_run_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "stream"], name="one_cursor")]


class DoorRefusal(models.Model):
    """Documents refused at the door, counted per endpoint, hour and reason."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE)
    hour = models.DateTimeField()
    reason = models.CharField(max_length=30)
    count = models.PositiveIntegerField(default=0)
    said = models.CharField(max_length=300, default="", help_text="What exactly, of the last one.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "hour", "reason"], name="one_refusal_count")
        ]
