"""One thing done to many cases at once."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from monitoring.models.case import ExceptionCase

UNDO_FOR = timedelta(minutes=10)


class BulkAction(models.Model):
    """A frozen list of cases, as it was shown, and what was done to exactly those.

    A verb that moves documents is tried in every case first: `acting` ends in `tried`, and somebody
    lets go what passes.
    """

    class State(models.TextChoices):
        SHOWN = "shown", "shown"
        ACTING = "acting", "being done"
        TRIED = "tried", "tried"
        GOING = "going", "being let go"
        DONE = "done", "done"
        UNDOING = "undoing", "being undone"
        UNDONE = "undone", "undone"

    WORKING = (State.ACTING, State.GOING, State.UNDOING)

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    person_name = models.CharField(max_length=80)
    verb = models.CharField(max_length=20, blank=True)
    terms = models.JSONField(default=dict)
    query = models.CharField(max_length=500, blank=True, help_text="The filters it was chosen by.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the list with its editions.")
    up_to = models.BigIntegerField(
        default=0, help_text="The last problem there was: later documents are not of the list."
    )
    state = models.CharField(max_length=7, choices=State, default=State.SHOWN)
    made_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"#{self.digest[:4]}"

    @property
    def undo_until(self) -> datetime | None:
        """Until when it can be undone; None when there is nothing to undo."""
        if self.state != self.State.DONE or self.done_at is None:
            return None
        return self.done_at + UNDO_FOR


class BulkItem(models.Model):
    """One case of the list: as it was shown, what became of it, and what it was before."""

    class Outcome(models.TextChoices):
        DONE = "done", "done"
        GONE = "gone", "let go"
        CHANGED = "changed", "changed meanwhile"
        CLOSED = "closed", "closed meanwhile"
        HELD = "held", "held by another"
        REFUSED = "refused", "not possible"
        UNDONE = "undone", "undone"
        STAYS = "stays", "stays as it is"

    TOOK_EFFECT = (Outcome.DONE, Outcome.GONE)

    bulk = models.ForeignKey(BulkAction, models.CASCADE, related_name="items")
    case = models.ForeignKey(ExceptionCase, models.CASCADE)
    edition = models.PositiveIntegerField(
        help_text="As it was shown; of what was done, as that left it."
    )
    documents = models.PositiveIntegerField()
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True)
    told = models.CharField(max_length=300, blank=True, help_text="The outcome in words.")
    before = models.JSONField(null=True)
    fix = models.ForeignKey(
        "monitoring.Fix", models.SET_NULL, null=True, related_name="+", help_text="What it began."
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["bulk", "case"], name="a_case_once_in_a_list")
        ]
