"""How much goes through some flows: what a change of theirs would reach."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Count, Q

from integrations.models import Message
from integrations.queries.endpoint_health import first_id
from portal.core import clock

WEEK = timedelta(days=7)


class Blast(NamedTuple):
    """Documents of the last seven days, and those that are held now."""

    documents: int
    held: int


def through(flow_ids: Sequence[int]) -> dict[int, Blast]:
    """What each of the flows carried in a week."""
    since = clock.now() - WEEK
    recent = Q(pk__gte=first_id(since), created_at__gte=since)
    rows = (
        Message.objects.filter(flow_id__in=flow_ids, direction="out")
        .filter(recent | Q(state="held"))
        .values_list("flow_id")
        .annotate(documents=Count("pk", filter=recent), held=Count("pk", filter=Q(state="held")))
    )
    return {flow_id: Blast(documents, held) for flow_id, documents, held in rows}
