"""The lane that looks whether what should have come has come. One pass reads only what may be late."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Min

from monitoring.domain import expecting_feeds, expecting_legs, silences
from monitoring.models import Expectation, Leg

SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(minutes=5)


def look(now: datetime) -> datetime:
    """One look at a partner's expectations. Returns when the next is due: one to five minutes on."""
    found, ended = expecting_feeds.look(now)
    missing, met = expecting_legs.look(now)
    if found or ended or missing or met:
        silences.keep([*found, *missing], [*ended, *met], now)
    return min(max(_next(now), now + SHORTEST), now + LONGEST)


def _next(now: datetime) -> datetime:
    feeds = (Expectation.Kind.FEED, Expectation.Kind.FLOW)
    look_at = Expectation.objects.filter(kind__in=feeds).aggregate(at=Min("look_at"))["at"]
    due = Leg.objects.filter(outcome="", due_at__gt=now).aggregate(at=Min("due_at"))["at"]
    return min((at for at in (look_at, due) if at), default=now + LONGEST)
