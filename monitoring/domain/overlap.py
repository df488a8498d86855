"""Measure what the sum over the cases counts more than once; see `queries.risk`."""

from datetime import timedelta

from django.db.models import Sum

from monitoring.models import ExceptionCase, Overlap
from monitoring.queries import risk
from portal.core import clock

_SHARE = 30  # one part in thirty of the time may go into measuring


def measure() -> bool:
    """Measure it when the desk is too large to have it counted for each look. False: not needed yet."""
    open_now = ExceptionCase.objects.filter(closed_at=None)
    documents = open_now.aggregate(n=Sum("documents", default=0))["n"]
    last = Overlap.objects.first()
    if documents <= risk.COUNTED_AT_ONCE or (last and _is_fresh(last)):
        return False
    began = clock.monotonic()
    found = {currency: str(amount) for currency, amount in risk.overlap().items()}
    Overlap.objects.update_or_create(
        pk=1,
        defaults={
            "amounts": found,
            "measured_at": clock.now(),
            "seconds": clock.monotonic() - began,
        },
    )
    return True


def _is_fresh(last: Overlap) -> bool:
    return clock.now() < last.measured_at + timedelta(seconds=_SHARE * last.seconds)
