"""Where the receipts of an endpoint over AS2 stand."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Min, Q, QuerySet

from integrations.models import As2Came, As2Went


class Receipts(NamedTuple):
    """How many wait: for the partner's, since when; and for ours to be posted, with why the last try failed.
    `lost`: those of ours that could not be posted, with why the last one could not."""

    awaited: int
    since: datetime | None
    to_post: int
    why_waiting: str
    lost: int
    said: str


def receipts(endpoint_id: int) -> Receipts:
    """Of messages both ways."""
    waiting = As2Went.objects.filter(endpoint=endpoint_id, state=As2Went.State.AWAITED)
    came = As2Came.objects.filter(endpoint=endpoint_id).exclude(deliver_to="")
    due, lost = Q(due_at__isnull=False), Q(due_at__isnull=True, posted_at__isnull=True)
    theirs = waiting.aggregate(n=Count("pk"), first=Min("at"))
    ours = came.aggregate(due=Count("pk", filter=due), lost=Count("pk", filter=lost))
    return Receipts(
        theirs["n"], theirs["first"], ours["due"], _last(came.filter(due)), ours["lost"],
        _last(came.filter(lost)),
    )  # fmt: skip


def _last(came: QuerySet[As2Came]) -> str:
    """What the newest of those that failed says."""
    return came.exclude(said="").order_by("-pk").values_list("said", flat=True).first() or ""
