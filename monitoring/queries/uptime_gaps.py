"""When we were down ourselves."""

from itertools import pairwise

from monitoring import slo
from monitoring.models import Uptime


def gaps(reach: slo.Interval) -> list[slo.Hold]:
    """When we were not at work, within a span of time. Before the first beat nothing is known."""
    before = Uptime.objects.filter(last_at__lt=reach.begins).order_by("-last_at").first()
    within = Uptime.objects.filter(last_at__gte=reach.begins, began_at__lt=reach.ends)
    after = Uptime.objects.filter(began_at__gte=reach.ends).order_by("began_at").first()
    known = [one for one in (before, *within.order_by("began_at"), after) if one]
    return [
        slo.Hold("us", "We were down", one.last_at, following.began_at, f"uptime-{following.pk}")
        for one, following in pairwise(known)
    ]
