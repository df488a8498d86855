"""Orders and sites the routing tests speak of."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from integrations.routing import Decision, Quote, Site, compile_rules, decide

TUESDAY = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
RNO1 = Site("RNO1", order=1, region="NV")
ATL2 = Site("ATL2", order=2, region="GA", flags=frozenset({"hazmat"}))
DFW1 = Site("DFW1", order=3, region="TX", flags=frozenset({"hazmat"}))
SITES = (RNO1, ATL2, DFW1)
PLENTY = {(site.code, "TENT-2P"): Decimal(100) for site in SITES}


def order(
    *,
    lines: Sequence[tuple[str, str]] = (("TENT-2P", "10"),),
    region: str = "CA",
    postal_code: str = "94110",
    country: str = "US",
    channel: str = "webshop",
    total: str = "120.00",
    **more: Any,
) -> dict[str, Any]:
    """A canonical order body; `lines` are (SKU, quantity)."""
    return {
        "number": "1001",
        "channel": channel,
        "placed_at": "2026-03-02T13:58:04Z",
        "currency": "USD",
        "status": "open",
        "ship_to": {
            "name": "Ada Field",
            "lines": ["1 Pine Street"],
            "city": "San Francisco",
            "region": region,
            "postal_code": postal_code,
            "country": country,
        },
        "totals": {
            "lines": total,
            "discount": "0.00",
            "shipping": "0.00",
            "tax": "0.00",
            "total": total,
        },
        "lines": [
            {"line_no": str(n), "sku": sku, "quantity": quantity, "uom": "EA", "unit_price": "12"}
            for n, (sku, quantity) in enumerate(lines, start=1)
        ],
        **more,
    }


def route(
    body: Mapping[str, Any],
    rules: Sequence[Mapping[str, Any]] = (),
    *,
    sites: Sequence[Site] = SITES,
    stock: Mapping[tuple[str, str], Decimal] | None = None,
    hazmat_skus: frozenset[str] = frozenset(),
    now: datetime = TUESDAY,
    customer_group: str = "",
    item_tags: Mapping[str, frozenset[str]] | None = None,
    quotes: Mapping[str, Quote] | None = None,
) -> Decision:
    """The decision for `body`: on a Tuesday, with plenty of tents everywhere, unless told."""
    return decide(
        body,
        sites=sites,
        rules=compile_rules(list(rules)),
        stock=PLENTY if stock is None else stock,
        hazmat_skus=hazmat_skus,
        now=now,
        customer_group=customer_group,
        item_tags=item_tags,
        quotes=quotes,
    )
