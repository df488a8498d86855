"""One comparison as it was made, with everything it was made from."""

from django.db import models
from django.db.models.functions import Now

from monitoring.models.case import ExceptionCase
from monitoring.models.reconciliation import Reconciliation


class ReconRun(models.Model):
    """A run: what it looked at is kept, so that it can be made again to the same bytes."""

    class State(models.TextChoices):
        QUEUED = "queued", "waiting"
        RUNNING = "running", "under way"
        DONE = "done", "done"
        REFUSED = "refused", "refused a report"
        FAILED = "failed", "failed"

    class Trigger(models.TextChoices):
        HOURLY = "hourly", "every hour"
        NIGHTLY = "nightly", "every day"
        COUNT = "count", "after a count"
        PERSON = "person", "by hand"
        REPEAT = "repeat", "made again"

    LIVE = (State.QUEUED, State.RUNNING)

    reconciliation = models.ForeignKey(
        Reconciliation, models.CASCADE, related_name="runs", db_index=False
    )
    version = models.PositiveIntegerField()
    trigger = models.CharField(max_length=7, choices=Trigger)
    light = models.BooleanField(default=False)
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    step = models.PositiveSmallIntegerField(default=0, help_text="How many steps are done.")
    at = models.DateTimeField(null=True, help_text="The instant both sides are rolled to.")
    queued_at = models.DateTimeField(db_default=Now())
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    trouble = models.CharField(
        max_length=500, blank=True, help_text="Why it was refused or failed."
    )
    explained_by = models.ForeignKey(
        ExceptionCase,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Why a side was unread.",
    )
    counts = models.JSONField(default=dict, help_text="Rows by state, the matches too.")
    figures = models.JSONField(default=dict, help_text="See monitoring.domain.reconcile_figures.")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of what it found.")
    of = models.ForeignKey("self", models.CASCADE, null=True, related_name="repeats")
    actor = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["reconciliation", "-id"], name="run_of_reconciliation")]
        constraints = [
            models.UniqueConstraint(
                fields=["reconciliation"],
                name="one_live_run",
                condition=models.Q(state__in=("queued", "running")),
            )
        ]

    @property
    def label(self) -> str:
        return f"Run {self.pk}"

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE


class ReconSnapshot(models.Model):
    """One thing a run was made from: what a side said, movements, items, earlier gaps."""

    run = models.ForeignKey(ReconRun, models.CASCADE, related_name="snapshots", db_index=False)
    name = models.CharField(max_length=50)
    source = models.CharField(
        max_length=200, blank=True, help_text="Where it comes from, in words."
    )
    as_of = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)
    head = models.JSONField(default=dict, help_text="What counts besides the rows.")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "name"], name="one_snapshot_per_name")
        ]


class ReconPart(models.Model):
    """Some thousand rows of a snapshot, in its order; `first` and `last` are their SKUs."""

    snapshot = models.ForeignKey(
        ReconSnapshot, models.CASCADE, related_name="parts", db_index=False
    )
    position = models.PositiveIntegerField()
    # Compared as Python sorts them, which only this collation does.
    first = models.CharField(max_length=100, blank=True, db_collation="C")
    last = models.CharField(max_length=100, blank=True, db_collation="C")
    body = models.BinaryField(help_text="JSON, deflated.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "position"], name="one_part")]


class ReconRow(models.Model):
    """One thing a run found that is not a match. Quantities as exact text."""

    run = models.ForeignKey(ReconRun, models.CASCADE, related_name="rows", db_index=False)
    position = models.PositiveIntegerField()
    state = models.CharField(
        max_length=20, help_text="Of stock its state, else the code of the break."
    )
    location = models.CharField(max_length=100, blank=True)
    sku = models.CharField(max_length=100, blank=True)
    lot = models.CharField(max_length=100, blank=True)
    condition = models.CharField(max_length=20, blank=True)
    subject = models.CharField(
        max_length=100, blank=True, help_text="Number of the order or document."
    )
    line_no = models.CharField(max_length=100, blank=True)
    left = models.CharField(max_length=60, blank=True)
    right = models.CharField(max_length=60, blank=True)
    left_at = models.CharField(max_length=60, blank=True)
    right_at = models.CharField(max_length=60, blank=True)
    gap = models.CharField(max_length=60, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    runs = models.PositiveIntegerField(default=1, help_text="How many in a row say so.")
    told = models.BooleanField(default=False)
    causes = models.JSONField(default=list, help_text="[{code, sentence, confidence, evidence}]")
    movements = models.JSONField(
        default=list, help_text="[[kind, reference, quantity, at, posted]]"
    )
    note = models.CharField(max_length=300, blank=True)
    difference = models.ForeignKey(
        "monitoring.Break", models.SET_NULL, null=True, related_name="rows"
    )

    class Meta:
        ordering = ["run", "position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="one_row")]
        indexes = [models.Index(fields=["run", "state", "position"], name="row_of_state")]
