"""What moved, added up: exact sums of the events of messages, and how long their ways took.

Triggers write a small change (`…Delta`) in the transaction that writes the events, so that a sum is
never behind what it sums. A lane folds the changes into the sums; whoever asks adds what is not folded
yet. See `queries.volumes` for asking, `domain.rollup` for folding and making everything anew.
"""

from typing import Final

from django.db import models

# Counter → which events it counts.
COUNTERS: Final = {
    "received": "e.from_state = '' AND e.to_state = 'received'",
    "duplicate": "e.to_state = 'duplicate'",
    "applied": "e.to_state = 'applied'",
    "unchanged": "e.to_state = 'unchanged'",
    "split": "e.to_state = 'split'",
    "queued": "e.from_state = '' AND e.to_state = 'waiting'",
    "retried": "e.from_state = 'sending' AND e.to_state = 'waiting'",
    "replayed": "e.from_state NOT IN ('', 'sending') AND e.to_state IN ('received', 'waiting')",
    "sent": "e.from_state = 'sending' AND e.to_state IN ('delivered', 'confirmed')",
    "confirmed": "e.to_state = 'confirmed'",
    "held": "e.to_state = 'held'",
    "superseded": "e.to_state = 'superseded'",
    "skipped": "e.to_state = 'skipped'",
}
KEY: Final = ("customer_id", "endpoint_id", "flow_id", "object_type", "direction")
GROWTH: Final = 1.1  # of a bin over the one before: its middle is within 4.8 % of what is in it


class Level(models.IntegerChoices):
    """How long a sum is. Slots of five minutes fit the hours of every time zone."""

    SLOT = 0, "five minutes"
    HOUR = 1, "hour"
    DAY = 2, "day, UTC"


class Keyed(models.Model):
    """Whose documents. `flow_id` is 0 for what came in."""

    customer_id = models.BigIntegerField()
    endpoint_id = models.BigIntegerField()
    flow_id = models.BigIntegerField(default=0)
    object_type = models.CharField(max_length=20)
    direction = models.CharField(max_length=3)

    class Meta:
        abstract = True


class Counted(Keyed):
    """How often each thing happened to them; see `COUNTERS`."""

    received = models.IntegerField(default=0)
    duplicate = models.IntegerField(default=0)
    applied = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    split = models.IntegerField(default=0)
    queued = models.IntegerField(default=0)
    retried = models.IntegerField(default=0)
    replayed = models.IntegerField(default=0)
    sent = models.IntegerField(default=0)
    confirmed = models.IntegerField(default=0)
    held = models.IntegerField(default=0)
    superseded = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)

    class Meta:
        abstract = True


class Traffic(Counted):
    """The sums of one key over one slot, hour or day."""

    level = models.PositiveSmallIntegerField(choices=Level)
    at = models.DateTimeField(help_text="When it begins.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["level", "customer_id", "at", *KEY[1:]], name="one_sum_of_traffic"
            )
        ]
        indexes = [models.Index(fields=["level", "at"], name="traffic_at")]


class TrafficDelta(Counted):
    """What one statement added, not folded yet."""

    slot = models.DateTimeField()


class Delay(Keyed):
    """How many ways of one kind took how long, in one hour. Bin n holds (GROWTH^(n-1), GROWTH^n] ms."""

    class Kind(models.TextChoices):
        IN = "in", "from the door to the hub"
        OUT = "out", "from the hub to its target"
        ANSWER = "answer", "until a target answered"

    at = models.DateTimeField()
    kind = models.CharField(max_length=6, choices=Kind)
    bin = models.SmallIntegerField()
    count = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["at", *KEY, "kind", "bin"], name="one_sum_of_delays")
        ]


class DelayDelta(Keyed):
    """What one statement added, not folded yet."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=6, choices=Delay.Kind)
    bin = models.SmallIntegerField()
    count = models.IntegerField()


class NewByType(models.Model):
    """How many records of a customer were new in a slot of five minutes."""

    customer_id = models.BigIntegerField()
    object_type = models.CharField(max_length=20)
    slot = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        abstract = True


class NewRecords(NewByType):
    """The sum."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["object_type", "slot", "customer_id"], name="one_sum_of_new_records"
            )
        ]


class NewRecordsDelta(NewByType):
    """What one statement added, not folded yet."""
