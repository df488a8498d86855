"""Exports of partners, and how far each has come."""

from typing import Any, Final

from django.db import models

from portal.tenants.models import Partner


class Export(models.Model):
    """One file with everything of a partner. It is written a bounded piece at a time: `at_table`, `after` and
    `size` say where to go on, so that a killed worker loses a piece and not the export."""

    class State(models.TextChoices):
        RUNNING = "running", "being written"
        DONE = "done", "ready"
        FAILED = "failed", "failed"
        REMOVED = "removed", "removed"

    HELD: Final = (State.RUNNING, State.DONE)

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="exports")
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    of_state = models.CharField(max_length=9, help_text="The partner's, when it began.")
    asked_by = models.CharField(max_length=150)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    at_table = models.PositiveIntegerField(default=0, help_text="How many tables are written.")
    tables = models.PositiveIntegerField(default=0)
    after: Any = models.JSONField(default=None, null=True, help_text="The last key of this table.")
    parts: Any = models.JSONField(default=list, help_text="[{name, table, rows, sha256}] so far.")
    rows = models.BigIntegerField(default=0)
    payloads = models.BigIntegerField(default=0)
    size = models.BigIntegerField(default=0, help_text="Bytes of the file that count.")
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner"], condition=models.Q(state="running"), name="one_running_export"
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def file_name(self) -> str:
        return f"{self.partner.slug}-{self.begun_at:%Y%m%dT%H%M%SZ}-{self.pk}.tar"
