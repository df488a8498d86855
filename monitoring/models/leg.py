"""The legs of a business object's way: what has to follow what, since when it is awaited, when it came."""

from django.db import models
from django.db.models.functions import Now

from portal.tenants.rows import OwnFunction

# How many of a customer's orders are on which leg of their way, and the one that is longest on it. Of an
# order that is held before the hub there is only its document.
OWN_MOTION = OwnFunction(
    name="own_motion",
    columns="customer_id bigint, kind text, orders bigint, oldest timestamptz, order_id uuid, number text",
    select="""
        SELECT customer_id, kind::text, count(DISTINCT coalesce(order_id, subject)), min(began_at),
            (array_agg(order_id ORDER BY began_at, id))[1],
            (array_agg(number::text ORDER BY began_at, id))[1]
        FROM monitoring_leg
        WHERE outcome = '' AND kind IN ('ingest', 'transmit', 'ship', 'confirm', 'invoice')
        GROUP BY customer_id, kind
    """,
)


class Leg(models.Model):
    """One leg of one object at one place: the evidence of promises and expectations.

    Made from what is recorded of its order, and made anew whenever anything of the order moves, see
    `domain.legs`; only `due_at` is set by others. No foreign-key constraints: a hot table.
    """

    class Kind(models.TextChoices):
        INGEST = "ingest", "placed → valid in the hub"
        TRANSMIT = "transmit", "released → accepted by the warehouse"
        ACKNOWLEDGE = "acknowledge", "sent → acknowledged"
        SHIP = "ship", "accepted by the warehouse → shipped"
        CONFIRM = "confirm", "shipment known → target told"
        INVOICE = "invoice", "shipped → invoiced"
        ANSWER = "answer", "file received → our acknowledgement sent"

    class Outcome(models.TextChoices):
        OPEN = "", "awaited"
        DONE = "done", "came"
        REFUSED = "refused", "was refused"
        MOOT = "moot", "not awaited any more"

    id = models.BigAutoField(primary_key=True)
    customer_id = models.BigIntegerField()
    kind = models.CharField(max_length=11, choices=Kind)
    subject = models.UUIDField(help_text="The record or message it is of.")
    endpoint_id = models.BigIntegerField(default=0, help_text="Whose turn it is; 0 for ours.")
    order_id = models.UUIDField(null=True)
    number = models.CharField(max_length=80, default="", help_text="As people know it.")
    began_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text="When it is expected at the latest.")
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=7, choices=Outcome, default="")
    message_id = models.UUIDField(null=True, help_text="The document that ended it.")
    changed_at = models.DateTimeField(db_default=Now())

    customer_may_call = OWN_MOTION

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "endpoint_id"], name="one_leg_per_subject_and_place"
            )
        ]
        indexes = [
            models.Index(fields=["customer_id", "kind", "began_at"], name="leg_of_customer"),
            models.Index(
                fields=["order_id"], name="leg_of_order", condition=models.Q(order_id__isnull=False)
            ),
            models.Index(
                fields=["customer_id", "kind", "began_at"],
                name="leg_open",
                condition=models.Q(outcome=""),
            ),
            # With those of which nobody has said yet when they are due: these are looked for, too.
            models.Index(fields=["due_at"], name="leg_due", condition=models.Q(outcome="")),
        ]


class LegMark(models.Model):
    """How far the events of messages have been made into legs: one row.

    Ids are given out before their rows can be seen. So a mark is only passed once every transaction
    that ran when it was set has ended: until then what lies behind it is looked at again.
    """

    passed = models.BigIntegerField(default=0, help_text="No event up to here is missing.")
    marked = models.BigIntegerField(default=0, help_text="The newest event that was seen.")
    behind = models.BigIntegerField(
        default=0, help_text="When no older transaction runs, `marked` is passed."
    )
