"""How the partners do, and which failures they share. Reads the platform's counters only."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from django.db.models import Count, Max, Sum

from portal.console.models import Failure
from portal.core import clock
from portal.tenants.models import Partner

DAYS: Final = 7
SHOWN: Final = 50


class Shared(NamedTuple):
    """One failure that happened at several partners."""

    fingerprint: str
    code: str
    connector: str
    object_type: str
    partners: int
    times: int
    last_at: object


def partners() -> Sequence[Partner]:
    """All that are not deleted, with what was counted of them last."""
    return list(Partner.living().select_related("pulse", "tier").order_by("name"))


def shared(*, least: int = 2) -> list[Shared]:
    """Failures of the last seven days at `least` partners or more, the widest first."""
    since = clock.now().date() - timedelta(days=DAYS)
    found = (
        Failure.objects.filter(day__gt=since, partner__state=Partner.State.OPEN)
        .values("fingerprint", "code", "connector", "object_type")
        .annotate(at=Count("partner", distinct=True), n=Sum("times"), last=Max("last_at"))
        .filter(at__gte=least)
        .order_by("-at", "-n", "fingerprint")[:SHOWN]
    )
    return [
        Shared(
            row["fingerprint"], row["code"], row["connector"], row["object_type"], row["at"],
            row["n"], row["last"],
        )
        for row in found
    ]  # fmt: skip


def where(fingerprint: str) -> list[dict[str, object]]:
    """At which partners one failure happened in the last seven days: {partner, times, last}."""
    since = clock.now().date() - timedelta(days=DAYS)
    found = (
        Failure.objects.filter(day__gt=since, fingerprint=fingerprint)
        .values("partner__name", "partner__schema_name", "code", "connector", "object_type")
        .annotate(n=Sum("times"), last=Max("last_at"))
        .order_by("-n", "partner__name")
    )
    return [dict(row) for row in found]
