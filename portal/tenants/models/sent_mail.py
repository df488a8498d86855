"""What was sent to whom, and what became of it."""

from datetime import timedelta
from typing import Final

from django.db import models

from portal.tenants.models.partner import Partner

KEPT_FOR: Final = timedelta(days=90)


class SentMail(models.Model):
    """One mail that was handed to a server, or was meant to be. Never its words."""

    class Via(models.TextChoices):
        OWN = "own", "own server"
        SHARED = "shared", "shared server"
        NONE = "none", "no server"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    to = models.CharField(max_length=500)
    at = models.DateTimeField()
    via = models.CharField(max_length=6, choices=Via)
    was_taken = models.BooleanField()
    said = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = (models.Index(fields=["partner", "-at"], name="sent_mail_of_partner"),)

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"
