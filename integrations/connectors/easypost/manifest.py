"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="easypost",
    label="EasyPost",
    category="shipping",
    summary="Shipments out to buy labels for; labels, tracking numbers, prices and tracking in.",
    capabilities=frozenset({"poll", "deliver", "webhook"}),
    auth="An API key of EasyPost, over TLS.",
    reads=frozenset({"shipment"}),
    writes=frozenset({"shipment"}),
    completes=frozenset({"shipment"}),
    quality={
        "rates, the choice of a service, and the label": "done: the cheapest of the services that are set",
        "a label is bought once": "done: looked for by id and reference before every purchase, and after a"
        " refused one",
        "polling that cannot miss a scan": "done: a month back each time, and webhooks of trackers",
        "signed webhooks": "done: X-Hmac-Signature",
        "refusals in the system's own words": "done: also those of carriers that gave no rate, and addresses"
        " that could not be verified",
        "rate limits": "done: 429",
        "several parcels in one shipment": "todo: refused with a problem; EasyPost has Orders for them",
        "shipments abroad": "todo: refused with a problem; customs papers want what a shipment does not say",
        "refunds of labels": "todo: a cancelled shipment with a label is a problem for a person",
        "tried against the real service": "todo: tried against golden payloads written from the vendor's"
        " published schema, not against the real service",
    },
)
