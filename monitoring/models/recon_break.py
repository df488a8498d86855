"""A difference that lasts from run to run, and what people did about it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from monitoring.models.recon_run import ReconRun
from monitoring.models.reconciliation import Reconciliation


class Break(models.Model):
    """One thing two systems say differently, from the first run that saw it to the one that does not."""

    class Status(models.TextChoices):
        SEEN = "seen", "seen, not sure yet"
        OPEN = "open", "open"
        CORRECTED = "corrected", "corrected"
        ACCEPTED = "accepted", "accepted"
        CLOSED = "closed", "closed"

    TOLD = (Status.OPEN, Status.CORRECTED)

    reconciliation = models.ForeignKey(
        Reconciliation, models.CASCADE, related_name="breaks", db_index=False
    )
    customer = models.ForeignKey("customers.Customer", models.CASCADE, db_index=False)
    endpoint = models.ForeignKey("integrations.Endpoint", models.CASCADE, related_name="+")
    key = models.CharField(max_length=400, help_text="What it is about, the same in every run.")
    fingerprint = models.UUIDField(unique=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.SEEN)
    code = models.CharField(max_length=40, help_text="The kind of its case.")
    state = models.CharField(max_length=20)
    location = models.CharField(max_length=100, blank=True)
    sku = models.CharField(max_length=100, blank=True)
    subject = models.CharField(max_length=100, blank=True)
    line_no = models.CharField(max_length=100, blank=True)
    left = models.CharField(max_length=60, blank=True)
    right = models.CharField(max_length=60, blank=True)
    gap = models.CharField(max_length=130)
    value = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    sentence = models.CharField(max_length=300)
    cause = models.CharField(max_length=30, blank=True, help_text="The most probable one's code.")
    causes = models.JSONField(default=list)
    movements = models.JSONField(default=list)
    detail = models.JSONField(default=dict, help_text="What corrections need, e.g. {remote_id}.")
    trail = models.JSONField(default=list, help_text="[[at, gap]], one of each run.")
    runs = models.PositiveIntegerField(default=1)
    is_back = models.BooleanField(default=False, help_text="The same gap was corrected before.")
    under_way = models.BooleanField(
        default=False,
        help_text="The last run that looked found documents under way that explain it.",
    )
    corrected_gap = models.CharField(max_length=130, blank=True)
    accepted_gap = models.CharField(max_length=130, blank=True)
    first_run = models.ForeignKey(ReconRun, models.SET_NULL, null=True, related_name="+")
    first_seen = models.DateTimeField()
    seen_runs = models.PositiveIntegerField(default=1, help_text="How many saw it since then.")
    last_run = models.ForeignKey(ReconRun, models.SET_NULL, null=True, related_name="+")
    last_seen = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    closed_run = models.ForeignKey(ReconRun, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reconciliation", "key"], name="one_break_per_key")
        ]
        indexes = [
            models.Index(
                fields=["reconciliation", "status"],
                name="break_standing",
                condition=~models.Q(status="closed"),
            ),
            models.Index(fields=["customer", "-id"], name="break_of_customer"),
        ]

    @property
    def label(self) -> str:
        return f"B-{self.pk}"


class Correction(models.Model):
    """What somebody does about a break: who, what, why, and what came of it."""

    class Kind(models.TextChoices):
        ADJUST = "adjust", "post an adjustment"
        RESEND = "resend", "send again"
        REINGEST = "reingest", "fetch again"
        PAIR = "pair", "pair by hand"
        ACCEPT = "accept", "accept"

    class State(models.TextChoices):
        ASKED = "asked", "waits for approval"
        DONE = "done", "done"
        FAILED = "failed", "not done"
        REFUSED = "refused", "refused"

    difference = models.ForeignKey(Break, models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=7, choices=State, default=State.ASKED)
    quantity = models.CharField(
        max_length=60, blank=True, help_text="Of an adjustment, with its sign."
    )
    gap = models.CharField(max_length=130, help_text="The gap it is meant for.")
    value = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    reason = models.CharField(max_length=300)
    reference = models.CharField(max_length=60, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    actor_name = models.CharField(max_length=80)
    at = models.DateTimeField(db_default=Now())
    approver_name = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True)
    record_id = models.UUIDField(null=True, help_text="Of the adjustment in the hub.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["difference"],
                name="one_asked_correction",
                condition=models.Q(state="asked"),
            )
        ]
        indexes = [
            models.Index(
                fields=["record_id"],
                name="correction_of_record",
                condition=models.Q(record_id__isnull=False),
            )
        ]
