"""Who works on a case right now, and how long people worked."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models

from monitoring.models.case import ExceptionCase


class Lease(models.Model):
    """The right of one person to act on a case. It ends by itself when no sign of life comes.

    `beat_at` is the last sign of life: what was worked is from `began_at` to `ended_at`, and of an
    abandoned lease to `beat_at`.
    """

    class Ending(models.TextChoices):
        RELEASED = "released", "released"
        CLOSED = "closed", "closed with the case"
        ABANDONED = "abandoned", "abandoned"

    case = models.ForeignKey(ExceptionCase, models.CASCADE, related_name="leases")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    person_name = models.CharField(max_length=80)
    token = models.UUIDField(default=uuid4)
    began_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=9, choices=Ending, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                name="one_lease_per_case",
                condition=models.Q(ended_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(
                fields=["until"], name="lease_running", condition=models.Q(ended_at__isnull=True)
            )
        ]

    @property
    def worked(self) -> timedelta:
        """How long somebody worked, as far as the signs of life tell."""
        return max((self.ended_at or self.beat_at) - self.began_at, timedelta(0))
