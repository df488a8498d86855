"""Erasures of persons' data, from the search to the certificate."""

from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Erasure(models.Model):
    """One person's. `terms` are forgotten with the end; what stays is the pseudonym and how much of what was
    changed. `found`: {label: {rows, fate, why}}."""

    class State(models.TextChoices):
        LOOKING = "looking", "being looked for"
        FOUND = "found", "found"
        ERASING = "erasing", "being erased"
        DONE = "done", "erased"
        PARTLY = "partly", "partly erased"
        DROPPED = "dropped", "not erased"

    UNDER_WAY: Final = (State.LOOKING, State.ERASING)

    state = models.CharField(max_length=8, choices=State, default=State.LOOKING)
    terms = ArrayField(models.CharField(max_length=254))
    pseudonym = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)
    asked_by = models.CharField(max_length=150)
    asker_id = models.BigIntegerField(
        help_text="Of the person; somebody else agrees where there is one."
    )
    asked_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=150, blank=True)
    finished_at = models.DateTimeField(null=True)
    at_step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    after = models.BinaryField(null=True, help_text="The last document that was looked at.")
    found: Any = models.JSONField(default=dict)
    customers = ArrayField(models.BigIntegerField(), default=list, help_text="Whose rows they are.")
    open_documents = models.PositiveIntegerField(default=0)
    certificate: Any = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.pseudonym
