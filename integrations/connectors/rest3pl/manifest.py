"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="rest3pl",
    label="REST 3PL",
    category="warehouse",
    summary="Orders, announced goods and products out; shipments, stock, receipts, returns in.",
    capabilities=frozenset({"poll", "deliver"}),
    auth="A bearer token, or OAuth 2.0, over TLS.",
    reads=frozenset({"shipment", "inventory", "receipt", "adjustment", "return"}),
    writes=frozenset({"order", "inbound_shipment", "product"}),
    quality={
        "a published shape that a warehouse can implement": "done: in the notes of the connector",
        "polling that resumes and cannot skip a changed row": "done",
        "a repeated delivery has one effect": "done: everything is put under its own number",
        "cancelling an order": "done: put once more as cancelled; the warehouse may refuse",
        "refusals in the warehouse's own words": "done",
        "rate limits": "done: Retry-After",
        "webhooks": "todo",
        "tried against a real warehouse": "todo: tried against a server of our tests with this shape",
    },
)
