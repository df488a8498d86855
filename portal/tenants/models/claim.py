"""Host names that partners bring along, until they are proven and after."""

from datetime import datetime, timedelta
from typing import Final

from django.db import models

from portal.core import clock
from portal.tenants.models.partner import Partner

LAPSES_AFTER: Final = timedelta(days=7)


class DomainClaim(models.Model):
    """A partner says that a host is theirs. Several may say so; whoever proves it first has it. Only once
    `proven_at` is set a `Domain` exists for it, so that nothing else can lead to a site. `records` and
    `certificate` are what the last look saw."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting for DNS"
        FOUND = "found", "found"
        TLS = "tls", "TLS ready"
        LIVE = "live", "live"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="claims")
    domain = models.CharField(max_length=253)
    token = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    claimed_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=150)
    proven_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    records = models.JSONField(default=list)
    certificate = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "domain"], name="one_claim_of_a_host_each")
        ]

    def __str__(self) -> str:
        return self.domain

    @property
    def lapses_at(self) -> datetime | None:
        """Until when it can be proven; None once it is."""
        return None if self.proven_at else self.claimed_at + LAPSES_AFTER

    @property
    def is_lapsed(self) -> bool:
        return self.lapses_at is not None and self.lapses_at <= clock.now()
