"""The facts of one order that rules look at, read once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NOTHING: frozenset[str] = frozenset()


class Case(NamedTuple):
    """Facts with several values are sets; a fact the order does not give is the empty set."""

    region: frozenset[str]
    country: frozenset[str]
    postal: str
    channel: frozenset[str]
    customer_group: frozenset[str]
    service_level: frozenset[str]
    weekday: frozenset[str]
    tags: frozenset[str]
    skus: frozenset[str]
    item_tags: frozenset[str]
    hazmat: bool
    value: Decimal
    needs: Mapping[str, Decimal]
    promised: str


def place_code(text: str) -> str:
    """A region, country or postal code as it is compared: upper case, without spaces."""
    return text.replace(" ", "").upper()


def read_case(
    order: Mapping[str, Any],
    *,
    hazmat_skus: Collection[str],
    item_tags: Mapping[str, Collection[str]],
    customer_group: str,
    now: datetime,
) -> Case:
    """The facts of a canonical order; `needs` is the quantity per SKU over all its lines."""
    ship_to = order["ship_to"]
    needs = _needs(order["lines"])
    return Case(
        region=_one(place_code(ship_to.get("region", ""))),
        country=_one(place_code(ship_to["country"])),
        postal=place_code(ship_to.get("postal_code", "")),
        channel=_one(order["channel"]),
        customer_group=_one(customer_group),
        service_level=_one(order.get("service_level", "")),
        weekday=_one(WEEKDAYS[now.weekday()]),
        tags=frozenset(order.get("tags", ())),
        skus=frozenset(needs),
        item_tags=frozenset(tag for sku in needs for tag in item_tags.get(sku, ()))
        if item_tags
        else _NOTHING,
        hazmat=any(sku in hazmat_skus for sku in needs),
        value=Decimal(order["totals"]["total"]),
        needs=needs,
        promised=order.get("requested_delivery", "")[:10],
    )


def _one(value: str) -> frozenset[str]:
    return frozenset((value,)) if value else _NOTHING


def _needs(lines: list[Mapping[str, Any]]) -> dict[str, Decimal]:
    needs: dict[str, Decimal] = {}
    for line in lines:
        sku, quantity = line["sku"], Decimal(line["quantity"])
        needs[sku] = needs[sku] + quantity if sku in needs else quantity
    return needs
