"""What goes where, and which target is chosen."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.functions import Now

from integrations.models.endpoint import Endpoint
from portal.customers.models import Customer


class Flows(models.QuerySet["Flow"]):
    """Many flows at once. What is changed here is noted as changed too."""

    def update(self, **values: Any) -> int:
        return super().update(**{"changed_at": Now(), **values})


class Flow(models.Model):
    """Records of one type from one endpoint to another, with a latency class."""

    class Latency(models.TextChoices):
        REALTIME = "realtime", "real time"
        NEAR_REAL_TIME = "near_real_time", "every few minutes"
        BATCH = "batch", "at a time of day"

    class Drift(models.TextChoices):
        IGNORE = "ignore", "ignore it"
        WARN = "warn", "open a case, go on"
        PAUSE = "pause", "open a case, hold the documents"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="flows")
    slug = models.CharField(max_length=60, unique=True)
    object_type = models.CharField(max_length=20)
    source = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="flows_out")
    target = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="flows_in")
    latency = models.CharField(max_length=14, choices=Latency, default=Latency.REALTIME)
    every_minutes = models.PositiveSmallIntegerField(default=5)
    at_time = models.TimeField(null=True, blank=True, help_text="In the customer's time zone.")
    routed = models.BooleanField(
        default=False, help_text="The routing rules decide whether this target is chosen."
    )
    enabled = models.BooleanField(default=True)
    drift = models.CharField(
        max_length=6,
        choices=Drift,
        default=Drift.WARN,
        help_text="What happens when a document is not as its contract says.",
    )
    changed_at = models.DateTimeField(
        db_default=Now(), editable=False, help_text="What passed before is not owed to it."
    )

    objects = Flows.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target", "object_type"], name="one_flow_per_pair_and_type"
            )
        ]

    def __str__(self) -> str:
        return self.slug

    def save(self, *, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Save, and note that it changed, by the clock of the database."""
        if not self._state.adding:
            self.changed_at = Now()
            update_fields = update_fields and {*update_fields, "changed_at"}
        super().save(update_fields=update_fields, **options)
        if isinstance(self.changed_at, Now):
            del self.changed_at  # asked for again when somebody wants to know


class RoutingRules(models.Model):
    """One version of a customer's routing rules. The newest active one decides."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="routing_rules")
    version = models.PositiveIntegerField()
    rules = models.JSONField(help_text="Ordered list of {n, if, then}; see docs/routing.md.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "version"], name="one_rule_set")]

    def __str__(self) -> str:
        return f"version {self.version}"
