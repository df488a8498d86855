"""Stock as applications read it: item by item, with what each site has and what the channel may sell.

Reads only what the customer's database role may read.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from integrations.domain.applications import Application
from integrations.models import Record, Reservation
from integrations.queries import own_stock
from integrations.queries.own_stock import Stock


class Item(NamedTuple):
    """One item. `available` is what a new order could take at all sites together; `sellable` what this
    application may sell of it, None where its channel has no share of stock."""

    sku: str
    available: Decimal
    sellable: int | None
    sites: list[Stock]


def items(
    customer_id: int, *, sku: str = "", site: str = "", changed_since: datetime | None = None
) -> QuerySet[Record]:
    """A stock record of every item that sites report, one for each: of `sku`, at `site`, or of which a
    report or an order changed something since then."""
    found = Record.objects.filter(customer_id=customer_id, object_type="inventory")
    found = found.filter(number=sku) if sku else found
    found = found.filter(party=site) if site else found
    if changed_since:
        claimed = Reservation.objects.filter(
            customer_id=customer_id, sku=OuterRef("number"), changed_at__gte=changed_since
        )
        found = found.filter(Q(updated_at__gte=changed_since) | Exists(claimed))
    return found.only("number").distinct("number")


def of(application: Application, skus: Sequence[str], *, site: str = "") -> list[Item]:
    """These items by their numbers, in a few queries however many they are."""
    rows = own_stock.of(application.customer_id, skus, site=site)
    at: dict[str, list[Stock]] = {}
    for row in rows:
        at.setdefault(row.sku, []).append(row)
    sellable = _sellable(application, skus)
    return [
        Item(sku, sum((one.available for one in found), Decimal(0)), sellable.get(sku), found)
        for sku, found in at.items()
    ]


def _sellable(application: Application, skus: Sequence[str]) -> dict[str, int]:
    """What the application's channel was last told that it may sell."""
    told = Record.objects.filter(
        customer_id=application.customer_id, object_type="availability",
        business_key__in=[f"{application.slug}/{sku}" for sku in skus],
    )  # fmt: skip
    return {body["sku"]: int(body["quantity"]) for body in told.values_list("body", flat=True)}
