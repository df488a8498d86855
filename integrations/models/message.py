"""The message store. Rows are narrow, bytes live apart.

No foreign-key constraints here: these tables take hundreds of rows a second, and months of them shall
be able to become partitions.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Value
from django.db.models.functions import Now, Upper

from portal.tenants.rows import OwnFunction

# What a customer is told of its orders that are held before they are in the hub.
OWN_HELD_ORDERS = OwnFunction(
    name="own_held_orders",
    columns="customer_id bigint, id uuid, business_key text, came_at timestamptz, amount numeric,"
    " currency text",
    select="""
        SELECT m.customer_id, m.id, m.business_key::text, coalesce(m.source_at, m.created_at),
            p.amount, p.currency::text
        FROM integrations_message m LEFT JOIN LATERAL (
            SELECT max(amount) AS amount, max(currency) AS currency FROM integrations_problem
            WHERE message_id = m.id AND closed_at IS NULL) AS p ON true
        WHERE m.state = 'held' AND m.direction = 'in' AND m.object_type = 'order'
            AND NOT EXISTS (SELECT 1 FROM integrations_record r WHERE r.customer_id = m.customer_id
                AND r.object_type = 'order' AND r.business_key = m.business_key)
    """,
)


class Payload(models.Model):
    """Bytes as a system sent or got them, once per content (claim check)."""

    sha256 = models.BinaryField(primary_key=True, max_length=32)
    body = models.BinaryField()
    content_type = models.CharField(max_length=80, default="application/json")
    stored_at = models.DateTimeField(db_default=Now())


class RemovedPayload(models.Model):
    """Bytes that are gone on purpose, by their hash: they were old enough, or a person's."""

    class Why(models.TextChoices):
        AGE = "age", "they were old enough"
        ERASED = "erased", "they held a person’s data"

    sha256 = models.BinaryField(primary_key=True, max_length=32)
    removed_at = models.DateTimeField()
    why = models.CharField(max_length=6, choices=Why)


class Message(models.Model):
    """One document at one endpoint in one direction, with its state.

    In: received → applied, unchanged, split, held, superseded or skipped.
    Out: waiting → sending → delivered → confirmed; or held, superseded, skipped.
    """

    class Direction(models.TextChoices):
        IN = "in", "in"
        OUT = "out", "out"

    class State(models.TextChoices):
        RECEIVED = "received", "received"
        APPLIED = "applied", "in the hub"
        UNCHANGED = "unchanged", "nothing new"
        SPLIT = "split", "split into its documents"
        WAITING = "waiting", "waiting"
        SENDING = "sending", "being sent"
        DELIVERED = "delivered", "delivered"
        CONFIRMED = "confirmed", "confirmed"
        HELD = "held", "held"
        SUPERSEDED = "superseded", "superseded"
        SKIPPED = "skipped", "skipped"

    id = models.UUIDField(primary_key=True)
    direction = models.CharField(max_length=3, choices=Direction)
    endpoint = models.ForeignKey(
        "integrations.Endpoint", models.DO_NOTHING, db_constraint=False, db_index=False
    )
    customer = models.ForeignKey(
        "customers.Customer", models.DO_NOTHING, db_constraint=False, db_index=False
    )
    object_type = models.CharField(max_length=20)
    topic = models.CharField(max_length=60, default="", help_text="The system's own name for it.")
    state = models.CharField(max_length=10, choices=State)
    dedup_key = models.CharField(max_length=120, null=True)
    business_key = models.CharField(max_length=160, default="")
    payload = models.ForeignKey(
        Payload, models.DO_NOTHING, null=True, db_constraint=False, db_index=False
    )
    parent = models.ForeignKey(
        "self", models.DO_NOTHING, null=True, db_constraint=False, db_index=False
    )
    part = models.PositiveIntegerField(default=0)
    flow = models.ForeignKey(
        "integrations.Flow", models.DO_NOTHING, null=True, db_constraint=False, db_index=False
    )
    record = models.ForeignKey(
        "integrations.Record", models.DO_NOTHING, null=True, db_constraint=False, db_index=False
    )
    record_version = models.PositiveIntegerField(null=True)
    order = models.ForeignKey(
        "integrations.Record",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        help_text="The order this belongs to: the thread of its journey.",
    )
    mapping = models.CharField(max_length=80, default="", help_text="Mapping and version used.")
    configuration = models.PositiveBigIntegerField(
        null=True, help_text="The newest Version that was live when it was translated."
    )
    interchange = models.ForeignKey(
        "integrations.Interchange",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
    )
    source_at = models.DateTimeField(null=True, help_text="When its source says it is from.")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, help_text="Not before; null means at once.")
    lease_until = models.DateTimeField(null=True)
    lane = models.PositiveSmallIntegerField(default=5, help_text="0 is served first.")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    customer_may_call = OWN_HELD_ORDERS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "dedup_key"],
                name="one_message_per_dedup_key",
                condition=models.Q(dedup_key__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["flow", "record", "record_version"],
                name="one_message_per_record_version_and_flow",
                condition=models.Q(direction="out"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["customer", "id"],
                name="message_received",
                condition=models.Q(state="received"),
            ),
            models.Index(
                fields=["endpoint", "lane", "id"],
                name="message_to_send",
                condition=models.Q(direction="out", state__in=("waiting", "sending")),
            ),
            models.Index(
                fields=["endpoint"],
                name="message_sending",
                condition=models.Q(direction="out", state="sending"),
            ),
            models.Index(  # whose held documents are is counted from it alone
                fields=["state", "id"],
                include=["endpoint", "customer", "object_type", "flow"],
                name="message_held",
                condition=models.Q(state="held"),
            ),
            models.Index(
                fields=["order", "id"],
                name="message_of_order",
                condition=models.Q(order__isnull=False),
            ),
            models.Index(fields=["record", "record_version"], name="message_of_record"),
            models.Index(fields=["endpoint", "id"], name="message_of_endpoint"),
            models.Index(
                fields=["interchange"],
                name="message_of_interchange",
                condition=models.Q(interchange__isnull=False),
            ),
            models.Index(
                fields=["endpoint", "updated_at"],
                name="message_unacknowledged",
                condition=models.Q(direction="out", state="delivered", interchange__isnull=False),
            ),
            models.Index(
                fields=["endpoint", "business_key"],
                name="message_open_per_key",
                condition=models.Q(direction="in", state__in=("received", "held")),
            ),
            GinIndex(
                Func(Upper("business_key"), Value("/"), function="string_to_array"),
                name="message_held_by_number",
                condition=models.Q(state="held"),
            ),
        ]


class Bite(models.Model):
    """Documents that are being translated: what a worker that died leaves behind says which.

    The table is not logged: where PostgreSQL itself dies, no document is to blame.
    """

    id = models.UUIDField(primary_key=True)
    customer = models.ForeignKey("customers.Customer", models.DO_NOTHING, db_constraint=False)
    message_ids = ArrayField(models.UUIDField())
    begun = models.PositiveSmallIntegerField(
        default=1,
        help_text="How often these were begun and not finished, the running time included.",
    )
    begun_at = models.DateTimeField(db_default=Now())


class MessageEvent(models.Model):
    """A state change or a try: when, from, to, who, why, and what went over the wire."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(
        Message, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="events"
    )
    at = models.DateTimeField(db_default=Now())
    from_state = models.CharField(max_length=10, default="")
    to_state = models.CharField(max_length=10)
    actor = models.CharField(max_length=80, default="", help_text="Empty: the pipeline itself.")
    cause = models.CharField(max_length=300, default="")
    payload = models.ForeignKey(
        Payload, models.DO_NOTHING, null=True, db_constraint=False, db_index=False
    )
    answer = models.JSONField(null=True, help_text="{status, ms, body} of a try.")

    class Meta:
        indexes = [models.Index(fields=["message", "id"], name="event_of_message")]


class Problem(models.Model):
    """One thing wrong with one message. Open until `closed_at`; its fingerprint names its case."""

    message = models.ForeignKey(
        Message, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="problems"
    )
    customer = models.ForeignKey("customers.Customer", models.CASCADE)
    endpoint = models.ForeignKey("integrations.Endpoint", models.CASCADE)
    code = models.CharField(max_length=40)
    path = models.CharField(max_length=200)
    value = models.CharField(max_length=200)
    text = models.CharField(max_length=500)
    fingerprint = models.UUIDField()
    amount = models.DecimalField(
        max_digits=18,
        decimal_places=4,
        null=True,
        help_text="What the document is worth, if it says.",
    )
    currency = models.CharField(max_length=3, default="")
    cutoff_at = models.DateTimeField(null=True, help_text="When it is too late for its order.")
    cutoff_kind = models.CharField(max_length=12, default="", help_text="See integrations.cutoffs.")
    cutoff_site = models.CharField(max_length=20, default="", help_text="Whose truck that is.")
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, default="")

    class Meta:
        indexes = [
            models.Index(fields=["message"], name="problem_of_message"),
            models.Index(
                fields=["fingerprint", "id"],
                name="problem_open",
                condition=models.Q(closed_at__isnull=True),
            ),
            models.Index(fields=["opened_at"], name="problem_by_time"),
        ]
