"""The hub: canonical objects, their history, and what the systems call them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import TransactionNow
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

# What people ask after. The indexes of the search know of nothing else.
ASKED_AFTER = models.Q(
    object_type__in=["order", "shipment", "return", "invoice", "product", "inventory"]
)


class Record(models.Model):
    """The current canonical object under its business key.

    `version` grows with the content; `state` is where it stands in the business and is not content.
    """

    id = models.UUIDField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", models.CASCADE, db_index=False)
    object_type = models.CharField(max_length=20)
    business_key = models.CharField(max_length=160)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=30, default="")
    body = models.JSONField()
    content_hash = models.BinaryField(max_length=32)
    source = models.ForeignKey(
        "integrations.Endpoint", models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    source_updated_at = models.DateTimeField(null=True)
    order = models.ForeignKey(
        "self",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="parts",
    )
    number = models.CharField(max_length=80, default="")
    party = models.CharField(max_length=120, default="")
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, default="")
    happened_at = models.DateTimeField(null=True)
    numbers = ArrayField(models.TextField(), default=list, help_text="Every number it is known by.")
    handle = models.CharField(
        max_length=80, default="", db_collation="C", help_text="Its own number, squeezed."
    )
    handles = ArrayField(
        models.TextField(), default=list, help_text="What people ask after it by, squeezed."
    )
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=TransactionNow())

    customer_may_read = "customer_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "object_type", "business_key"], name="one_record_per_key"
            )
        ]
        indexes = [
            models.Index(fields=["object_type", "-id"], name="record_newest"),
            models.Index(
                fields=["customer", "object_type", "-id"], name="record_newest_of_customer"
            ),
            models.Index(
                fields=["order"], name="record_of_order", condition=models.Q(order__isnull=False)
            ),
            models.Index(fields=["customer", "object_type", "number"], name="record_number"),
            GinIndex(fields=["numbers"], name="record_numbers"),
            models.Index(
                fields=["customer", "handle"], name="record_handle", condition=ASKED_AFTER
            ),
            GinIndex(fields=["handles"], name="record_handles", condition=ASKED_AFTER),
        ]


class RecordVersion(models.Model):
    """What a record said before its latest change."""

    record = models.ForeignKey(
        Record, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="versions"
    )
    version = models.PositiveIntegerField()
    body = models.JSONField()
    replaced_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "version"], name="one_record_version")
        ]


class RecordEvent(models.Model):
    """A milestone of a record in the business, in words both sides understand."""

    record = models.ForeignKey(
        Record, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="events"
    )
    customer = models.ForeignKey(
        "customers.Customer", models.DO_NOTHING, db_constraint=False, db_index=False
    )
    at = models.DateTimeField(db_default=Now())
    from_state = models.CharField(max_length=30, default="")
    to_state = models.CharField(max_length=30)
    cause = models.CharField(max_length=200, default="")
    message_id = models.UUIDField(null=True)

    customer_may_read = "customer_id"

    class Meta:
        indexes = [models.Index(fields=["record", "id"], name="event_of_record")]


class Binding(models.Model):
    """The link between a record and an endpoint's own id for it."""

    endpoint = models.ForeignKey("integrations.Endpoint", models.CASCADE, db_index=False)
    object_type = models.CharField(max_length=20)
    record = models.ForeignKey(
        Record, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="bindings"
    )
    remote_id = models.CharField(max_length=120)
    detail = models.JSONField(default=dict, help_text="E.g. the ids of lines.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "object_type", "remote_id"], name="one_binding_per_remote_id"
            ),
            models.UniqueConstraint(fields=["record", "endpoint"], name="one_binding_per_record"),
        ]


class RouteDecision(models.Model):
    """Which target was chosen for a record and why; the newest row holds."""

    record = models.ForeignKey(
        Record, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="decisions"
    )
    record_version = models.PositiveIntegerField()
    at = models.DateTimeField(db_default=Now())
    chosen = models.CharField(max_length=20, default="", help_text="Site code; empty: none.")
    rules_version = models.PositiveIntegerField(null=True)
    explanation = models.JSONField()
    actor = models.CharField(max_length=80, default="")

    class Meta:
        indexes = [models.Index(fields=["record", "-id"], name="decision_of_record")]
