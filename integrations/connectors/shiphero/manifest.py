"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="shiphero",
    label="ShipHero",
    category="warehouse",
    summary="Orders and their cancellations out; shipments and stock in.",
    capabilities=frozenset({"poll", "deliver"}),
    auth="The refresh token of a third-party developer user, exchanged for access tokens of 28 days.",
    reads=frozenset({"shipment", "inventory"}),
    writes=frozenset({"order"}),
    quality={
        "polling that resumes and cannot skip a changed row": "done",
        "rate limits": "done: credits are waited for as long as the answers say",
        "look before a repeated delivery": "done",
        "holds and cancellations of orders": "done",
        "changed goods of an order that is there": "exempt: a person is told, who changes it in ShipHero",
        "signed webhooks": "todo: they do not tell whether all of an order was shipped",
        "returns": "todo",
        "tried against the real service": "todo: tried against golden payloads written from the vendor's"
        " published schema, not against the real service",
    },
)
