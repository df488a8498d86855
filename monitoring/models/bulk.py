"""One thing done to many cases at once."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from monitoring.models.case import ExceptionCase


class BulkAction(models.Model):
    """A frozen list of cases, as it was shown, and what was done to exactly those."""

    class State(models.TextChoices):
        SHOWN = "shown", "shown"
        DONE = "done", "done"
        UNDONE = "undone", "undone"

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    person_name = models.CharField(max_length=80)
    verb = models.CharField(max_length=20, blank=True)
    terms = models.JSONField(default=dict)
    query = models.CharField(max_length=500, blank=True, help_text="The filters it was chosen by.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the list with its editions.")
    state = models.CharField(max_length=6, choices=State, default=State.SHOWN)
    made_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    @property
    def label(self) -> str:
        return f"#{self.digest[:4]}"


class BulkItem(models.Model):
    """One case of the list: as it was shown, what became of it, and what it was before."""

    bulk = models.ForeignKey(BulkAction, models.CASCADE, related_name="items")
    case = models.ForeignKey(ExceptionCase, models.CASCADE)
    edition = models.PositiveIntegerField()
    documents = models.PositiveIntegerField()
    done = models.BooleanField(null=True)
    told = models.CharField(max_length=300, blank=True)
    before = models.JSONField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["bulk", "case"], name="a_case_once_in_a_list")
        ]
