"""Where the receipts of an endpoint over AS2 stand."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Min, Q

from integrations.models import As2Came, As2Went


class Receipts(NamedTuple):
    """How many wait: for the partner's, since when; and for ours to be posted. `lost`: those of ours that the
    partner did not take, with what its server last said."""

    awaited: int
    since: datetime | None
    to_post: int
    lost: int
    said: str


def receipts(endpoint_id: int) -> Receipts:
    """Of messages both ways."""
    waiting = As2Went.objects.filter(endpoint=endpoint_id, state=As2Went.State.AWAITED)
    came = As2Came.objects.filter(endpoint=endpoint_id).exclude(deliver_to="")
    lost = Q(due_at__isnull=True, posted_at__isnull=True)
    theirs = waiting.aggregate(n=Count("pk"), first=Min("at"))
    ours = came.aggregate(
        due=Count("pk", filter=Q(due_at__isnull=False)), lost=Count("pk", filter=lost)
    )
    last = came.filter(lost).order_by("-pk").values_list("said", flat=True).first()
    return Receipts(theirs["n"], theirs["first"], ours["due"], ours["lost"], last or "")
