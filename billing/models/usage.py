"""What was used: facts, each noted once and for ever, and the metrics that count them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from billing.models.account import Account


class Metric(models.Model):
    """What is counted of facts of which kind, and how."""

    class Aggregation(models.TextChoices):
        COUNT = "count", "count"
        SUM = "sum", "sum"
        MAX = "max", "highest"
        UNIQUE = "unique", "different values of a field"
        LATEST = "latest", "latest"
        TIME_WEIGHTED = "time_weighted", "average over time"

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    unit = models.CharField(max_length=30, help_text="One of it: document, minute, GB.")
    kinds = ArrayField(models.CharField(max_length=30), help_text="Of facts of these kinds.")
    aggregation = models.CharField(max_length=13, choices=Aggregation)
    field = models.CharField(max_length=40, blank=True, help_text="Whose values are counted.")
    filters = models.JSONField(
        default=dict, blank=True, help_text="{property: [values]}, all of them."
    )
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UsageFact(models.Model):
    """One thing that was used. Added to, never changed: the database refuses it.

    (kind, key, revision) is the idempotency key, for unlimited time. An amendment is a further revision
    with the whole of what should have been said; the highest one counts. `billed_in` is the month whose
    invoice is the first to know it: its own, or the first open one when that was closed already.
    No constraints on keys: there are many.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.DO_NOTHING, db_constraint=False, db_index=False)
    customer_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=160)
    revision = models.PositiveSmallIntegerField(default=0)
    happened_at = models.DateTimeField()
    day = models.DateField(help_text="On which it happened, by the account's clock.")
    billed_in = models.CharField(max_length=7)
    quantity = models.DecimalField(max_digits=26, decimal_places=8)
    times = models.IntegerField(default=1, help_text="How many events it stands for.")
    properties = models.JSONField(default=dict)
    free = models.CharField(max_length=60, blank=True, help_text="Why it is never billed.")
    source = models.UUIDField(null=True, help_text="The message it was.")
    reason = models.CharField(max_length=200, blank=True, help_text="Of an amendment.")
    noted_at = models.DateTimeField(db_default=Now())

    customer_may_read = "customer_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "revision"], name="one_usage_fact")
        ]
        indexes = [
            models.Index(fields=["account", "day", "kind"], name="usage_of_account"),
            models.Index(
                fields=["account", "kind", "key", "revision"], name="usage_amended",
                condition=models.Q(revision__gt=0),
            ),
            models.Index(fields=["account", "billed_in", "day"], name="usage_late"),
        ]  # fmt: skip


class ToMeter(models.Model):
    """A message that moved and is not metered yet: written by a trigger with its event, taken by a lane."""

    message_id = models.UUIDField()


class UsageSource(models.Model):
    """A system that may send usage. Its key is shown once and kept as a hash."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=80)
    hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8, help_text="The key's last characters.")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=80)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
