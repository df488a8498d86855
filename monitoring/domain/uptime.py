"""Writing down that we are at work, so that the time in which we were not is known."""

from datetime import timedelta
from typing import Final

from monitoring.models import Uptime
from portal.core import clock

LONGEST_GAP: Final = timedelta(minutes=2)


def beat() -> None:
    """We are at work now. After a longer gap a new stretch begins."""
    now = clock.now()
    going_on = Uptime.objects.filter(last_at__gte=now - LONGEST_GAP)
    newest = going_on.order_by("-last_at").values("pk")[:1]
    if not Uptime.objects.filter(pk__in=newest).update(last_at=now):
        Uptime.objects.create(began_at=now, last_at=now)
