"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="walmart",
    label="Walmart Marketplace",
    category="marketplace",
    summary="Orders that the seller ships in, acknowledged when they ship; shipments and stock out.",
    capabilities=frozenset({"poll", "deliver"}),
    auth="OAuth 2.0 client credentials: the client ID and secret of an API key.",
    reads=frozenset({"order"}),
    writes=frozenset({"shipment", "availability"}),
    quality={
        "polling that resumes and cannot skip a changed row": "done",
        "charges and tax by line": "done",
        "partly cancelled orders": "done: what is left of each line",
        "acknowledge before shipping": "done, where a line is not acknowledged yet",
        "acknowledge on receipt": "todo: an order that is not shipped within hours counts as late there",
        "several shipments of one order": "done",
        "look before a repeated delivery": "done, by the tracking number on the order's lines",
        "rate limits": "done: x-current-token-count for each operation, and 429",
        "refusals in the system's own words": "done",
        "orders that Walmart ships (WFS)": "exempt: they are not ours to ship and are not asked for",
        "several tracking numbers of one shipment": "todo: the first goes out",
        "stock by ship node": "todo: the default node is written",
        "carriers that Walmart does not know": "todo: they want an address for tracking",
        "prices, items and returns": "todo",
        "tried against the real service": "todo: tried against golden payloads written from the vendor's"
        " published schema, not against the real service",
    },
)
