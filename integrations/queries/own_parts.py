"""A customer's own shipments, returns and invoices. Reads only what the customer's role may read."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet

from integrations.models import Record

_LIST = ("number", "state", "body", "amount", "currency", "happened_at", "created_at", "order_id",
         "object_type")  # fmt: skip


def parts(customer_id: int, object_type: str) -> QuerySet[Record]:
    """All of a kind, for a list page to take its rows from."""
    return Record.objects.filter(customer_id=customer_id, object_type=object_type).only(*_LIST)


def part(customer_id: int, object_type: str, pk: UUID) -> Record | None:
    """One of a kind; None for another kind's, and for another customer's."""
    return parts(customer_id, object_type).filter(pk=pk).first()


def of_order(order_id: UUID | None, *, but: UUID) -> list[Record]:
    """What else belongs to the same order, oldest first."""
    if order_id is None:
        return []
    return list(
        Record.objects.filter(order_id=order_id).exclude(pk=but).only(*_LIST).order_by("pk")
    )


def orders(found: Collection[Record]) -> dict[UUID, Record]:
    """By id the orders these belong to."""
    wanted = {one.order_id for one in found if one.order_id}
    return Record.objects.only("number", "currency", "object_type").in_bulk(wanted)


def titles(customer_id: int, skus: Collection[str]) -> dict[str, str]:
    """What the items are called, where their names are known."""
    if not skus:
        return {}
    known = Record.objects.filter(
        customer_id=customer_id, object_type="product", number__in=set(skus)
    )
    return {sku: title for sku, title in known.values_list("number", "body__title") if title}
