"""What is compared with what, as a person defined it, version by version."""

from django.db import models
from django.db.models.functions import Now


class Reconciliation(models.Model):
    """One comparison of a customer's systems, and when it runs."""

    class Kind(models.TextChoices):
        INVENTORY = "inventory", "stock"
        ORDERS = "orders", "orders"
        SHIPMENTS = "shipments", "shipments"
        FINANCIAL = "financial", "invoices"

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="reconciliations"
    )
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=9, choices=Kind)
    enabled = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    hourly = models.BooleanField(default=True, help_text="A light run every hour.")
    nightly_at = models.TimeField(
        null=True, blank=True, help_text="Of the full run, in the customer's time zone."
    )
    light_due_at = models.DateTimeField(null=True)
    full_due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["customer", "label"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "label"], name="one_reconciliation_per_label"
            )
        ]

    def __str__(self) -> str:
        return self.label


class ReconVersion(models.Model):
    """What a reconciliation compared from some day on; see `monitoring.reconcile.definition_json`."""

    reconciliation = models.ForeignKey(Reconciliation, models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=80)

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["reconciliation", "version"], name="one_reconciliation_version"
            )
        ]
