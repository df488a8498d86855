"""EDI envelopes: what was exchanged under which control number, and how it was acknowledged."""

from django.db import models
from django.db.models.functions import Now


class ControlNumber(models.Model):
    """The last control number used per endpoint, own id, partner id and level. Wraps at 999999999."""

    endpoint = models.ForeignKey("integrations.Endpoint", models.CASCADE)
    own_id = models.CharField(max_length=35)
    partner_id = models.CharField(max_length=35)
    level = models.CharField(max_length=8)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "own_id", "partner_id", "level"], name="one_control_counter"
            )
        ]


class Interchange(models.Model):
    """One interchange in or out. Outgoing bytes are kept, so that a retransmission is the same file."""

    id = models.UUIDField(primary_key=True)
    endpoint = models.ForeignKey("integrations.Endpoint", models.CASCADE)
    direction = models.CharField(max_length=3)
    sender = models.CharField(max_length=35)
    receiver = models.CharField(max_length=35)
    control = models.CharField(max_length=14)
    group_control = models.CharField(max_length=14)
    functional_id = models.CharField(max_length=3)
    file_name = models.CharField(max_length=160)
    payload = models.ForeignKey("integrations.Payload", models.DO_NOTHING, db_constraint=False)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledgement = models.CharField(max_length=1, blank=True, help_text="A, E, P or R.")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(
                fields=["endpoint", "direction", "functional_id", "group_control"],
                name="by_control",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "endpoint",
                    "direction",
                    "sender",
                    "receiver",
                    "control",
                    "group_control",
                    "payload",
                ],
                name="one_interchange",
            )
        ]
