"""Where a customer's orders are on their way, as the legs of their orders say. Reads only what the
customer's database role may read."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Avg, Count, F, Max, Q, Sum
from django.db.models.functions import Greatest

from monitoring.models import ExceptionCase


class Motion(NamedTuple):
    """Orders on one leg of their way, `kind` as in `Leg.Kind`; the order that is longest on it, None for
    one that the hub does not have yet."""

    kind: str
    orders: int
    oldest: datetime
    order_id: UUID | None
    number: str


class Cause(NamedTuple):
    """What went wrong since a moment, in the customer's words: how often, what it held, what is open, the
    mean time until it was over (None while nothing is)."""

    title: str
    cases: int
    documents: int
    open: int
    seconds: float | None
    last: datetime


def motion() -> dict[str, Motion]:
    """By kind of leg, of the customer whose rows this request may read; of nobody else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, orders, oldest, order_id, number FROM own_motion()")
        return {row[0]: Motion(*row) for row in cursor.fetchall()}


def causes(customer_id: int, *, since: datetime, most: int = 5) -> list[Cause]:
    """The causes that held the most documents of all cases that were open since then."""
    found = (
        ExceptionCase.objects.filter(customer_id=customer_id, merged_into=None)
        .filter(Q(closed_at=None) | Q(closed_at__gte=since))
        .exclude(origin__in=ExceptionCase.NO_TROUBLE)
        .values("customer_title")
        .annotate(
            cases=Count("pk"),
            held=Sum(Greatest("documents", "most_documents")),
            still=Count("pk", filter=Q(closed_at=None)),
            took=Avg(F("closed_at") - F("opened_at")),
            last=Max("opened_at"),
        )
        .order_by("-held", "customer_title")[:most]
    )
    return [
        Cause(
            row["customer_title"], row["cases"], row["held"], row["still"],
            row["took"].total_seconds() if row["took"] else None, row["last"],
        )
        for row in found
    ]  # fmt: skip
