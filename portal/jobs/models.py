"""Wake-ups: who has work waiting, and when. The work itself lives in the partners' schemas."""

from django.db import models
from django.db.models.functions import Now


class Wake(models.Model):
    """One lane of work: a kind of one schema, for one key. At most one runner has it at a time.

    Idle: no token. Queued: token and lease. Running: also `running`, and the runner's database session
    holds the lane's advisory lock, so that a killed runner is known by its missing lock.
    """

    schema = models.CharField(max_length=63)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=40, default="")
    due_at = models.DateTimeField(null=True)
    token = models.UUIDField(null=True)
    running = models.BooleanField(default=False)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schema", "kind", "key"], name="one_lane")]
        indexes = [
            models.Index(fields=["due_at"], name="lane_due", condition=models.Q(token__isnull=True))
        ]


class Run(models.Model):
    """What one run of a lane did: our own history, kept for a day."""

    schema = models.CharField(max_length=63)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=40, default="")
    started_at = models.DateTimeField(db_default=Now(), db_index=True)
    seconds = models.FloatField()
    done = models.IntegerField(help_text="Pieces of work done in this run.")
    error = models.TextField(blank=True)
