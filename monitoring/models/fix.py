"""A remedy on its way through a case: tried on everything, sent to a few, then to all, and undone."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from monitoring.models.case import ExceptionCase

UNDO_FOR = timedelta(minutes=10)


class Fix(models.Model):
    """One remedy with its terms, applied to the frozen list of its items."""

    class State(models.TextChoices):
        CHECKING = "checking", "being tried"
        CHECKED = "checked", "tried"
        CANARY = "canary", "canary on its way"
        PAUSED = "paused", "canary done"
        REPLAYING = "replaying", "replaying"
        DONE = "done", "done"
        CANCELLED = "cancelled", "cancelled"
        FAILED = "failed", "stopped"
        UNDOING = "undoing", "being undone"
        UNDONE = "undone", "undone"

    RUNNING = (State.CANARY, State.REPLAYING, State.UNDOING)
    LIVE = (State.CHECKING, State.CHECKED, State.PAUSED, *RUNNING)

    case = models.ForeignKey(ExceptionCase, models.CASCADE, related_name="fixes")
    remedy = models.CharField(max_length=20)
    terms = models.JSONField(default=dict, help_text="What the remedy was told: typed, no secrets.")
    words = models.CharField(max_length=300, help_text="The remedy in words.")
    state = models.CharField(max_length=9, choices=State, default=State.CHECKING)
    rule = models.ForeignKey(
        "monitoring.RemedyRule",
        models.SET_NULL,
        null=True,
        related_name="fixes",
        help_text="Which did it by itself.",
    )
    suggested_by = models.ForeignKey(
        "monitoring.RemedyRule", models.SET_NULL, null=True, related_name="accepted_fixes"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    person_name = models.CharField(max_length=80)
    documents = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the frozen list, in hex.")
    at_once = models.BooleanField(
        default=False, help_text="Goes on by itself when nothing would fail."
    )
    change = models.JSONField(null=True, help_text="What it changed beside documents, to undo it.")
    trouble = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    checked_at = models.DateTimeField(null=True)
    check_seconds = models.FloatField(default=0)
    applied_at = models.DateTimeField(null=True, help_text="When its change took effect.")
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    closed_case = models.BooleanField(default=False, help_text="Nothing was left of the case.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                name="one_fix_at_work_per_case",
                condition=models.Q(state__in=("canary", "paused", "replaying", "undoing")),
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The list's own name, from what is on it."""
        return f"#{self.digest[:4]}"

    @property
    def going(self) -> "models.QuerySet[FixItem]":
        """The items that are let go: what passes, and what belongs to another case from now on."""
        goes = (FixItem.Verdict.PASS, FixItem.Verdict.FAIL)
        return self.items.filter(verdict__in=goes).exclude(code=FixItem.SAME_CAUSE)


class FixItem(models.Model):
    """One document of a fix: what was foreseen, and what became of it."""

    class Verdict(models.TextChoices):
        PASS = "pass", "passes"
        FAIL = "fail", "fails"
        IMPOSSIBLE = "impossible", "cannot be replayed"

    class Outcome(models.TextChoices):
        MOVING = "moving", "on the way"
        PASSED = "passed", "passed"
        HELD = "held", "held again"
        LEFT = "left", "left as it was"
        TAKEN_BACK = "taken_back", "taken back"
        COMPENSATED = "compensated", "cancelled at its target"
        STAYS = "stays", "stays"

    SAME_CAUSE = "same"  # as `code`: it would be held in this very case, so it is left alone

    fix = models.ForeignKey(Fix, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    message_id = models.UUIDField()
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    code = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    fingerprint = models.UUIDField(null=True, help_text="The cause it would be held for.")
    targets = ArrayField(models.CharField(max_length=80), default=list)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    becomes = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, help_text="The amount it would have then."
    )
    currency = models.CharField(max_length=3, blank=True)
    revalued = models.BooleanField(
        default=False, help_text="It would be worth something else, or one of both is not known."
    )
    cutoff_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=11, choices=Outcome, blank=True)
    told = models.CharField(max_length=300, blank=True, help_text="The outcome in words.")

    class Meta:
        ordering = ["fix", "position"]
        constraints = [
            models.UniqueConstraint(fields=["fix", "position"], name="one_item_per_place"),
            models.UniqueConstraint(fields=["fix", "message_id"], name="one_item_per_document"),
        ]
        indexes = [
            models.Index(
                fields=["fix", "position"],
                name="item_moving",
                condition=models.Q(outcome="moving"),
            ),
            models.Index(fields=["message_id"], name="item_of_message"),
        ]

    @property
    def worth(self) -> Decimal | None:
        """What the document is worth by now: what has passed is worth what was foreseen."""
        passed = self.outcome == self.Outcome.PASSED and self.becomes is not None
        return self.becomes if passed else self.amount
