"""Orders that are held before they are in the hub: documents whose order nobody knows yet."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from integrations.models import Message, Problem, Record
from integrations.queries import case_links
from integrations.queries.case_links import CaseLink


class OwnHeld(NamedTuple):
    """A held order as its customer may know it."""

    pk: UUID
    business_key: str
    came_at: datetime
    amount: Decimal | None
    currency: str


def held_orders() -> QuerySet[Message]:
    """Held documents of orders the hub does not have, each with its first open problem."""
    problem = Problem.objects.filter(message_id=OuterRef("pk"), closed_at=None).order_by("pk")
    return (
        unknown()
        .select_related("customer", "endpoint")
        .annotate(
            came_at=Coalesce("source_at", "created_at"),
            amount=Subquery(problem.values("amount")[:1]),
            currency=Subquery(problem.values("currency")[:1]),
            value=Subquery(problem.values("value")[:1]),
            cause=Subquery(problem.values("fingerprint")[:1]),
        )
    )


def unknown() -> QuerySet[Message]:
    """The documents alone."""
    known = Record.objects.filter(
        customer_id=OuterRef("customer_id"),
        object_type="order",
        business_key=OuterRef("business_key"),
    )
    held = Message.objects.filter(state="held", direction="in", object_type="order")
    return held.exclude(Exists(known))


def numbered(found: QuerySet[Message], text: str) -> QuerySet[Message]:
    """Those with this number, or with a problem about this value, such as an item."""
    wanted = text.strip()
    about = Problem.objects.filter(message_id=OuterRef("pk"), closed_at=None, value__iexact=wanted)
    return found.filter(
        Q(business_key__iexact=wanted) | Q(business_key__iendswith=f"/{wanted}") | Exists(about)
    )


def beginning(found: QuerySet[Message], text: str) -> QuerySet[Message]:
    """Those whose number begins so."""
    return found.filter(business_key__icontains=f"/{text.strip()}")


def cases(held: Collection[Message]) -> dict[UUID, CaseLink]:
    """The case of each cause that holds one of these."""
    return case_links.of_causes({m.cause for m in held if m.cause})  # type: ignore[attr-defined]


def own() -> list[OwnHeld]:
    """All of the customer whose rows this request may read; of nobody else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, business_key, came_at, amount, currency FROM own_held_orders()")
        return [OwnHeld(*row) for row in cursor.fetchall()]


def number(business_key: str) -> str:
    """The order's number, from the key of its document; blank where none could be read."""
    return business_key.partition("/")[2] or business_key
