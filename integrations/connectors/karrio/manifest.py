"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="karrio",
    label="Karrio",
    category="shipping",
    summary="Shipments out to buy labels for; labels, tracking numbers, prices and tracking in.",
    capabilities=frozenset({"poll", "deliver", "webhook"}),
    auth="An API token of a Karrio server, over TLS.",
    reads=frozenset({"shipment"}),
    writes=frozenset({"shipment"}),
    completes=frozenset({"shipment"}),
    quality={
        "rates, the choice of a service, and the label": "done: the cheapest of the services that are set",
        "a label is bought once": "done: looked for by id and reference before every purchase, and after a"
        " refused one",
        "several parcels in one shipment": "done",
        "polling that cannot miss a scan": "done: a month back each time, and webhooks of shipments",
        "webhooks": "done: X-Event-Id holds the webhook's secret; the body is not signed",
        "refusals in the system's own words": "done: also those of carriers",
        "rate limits": "done: 429",
        "trackers of their own": "todo: a shipment's status follows its tracker, with fewer words",
        "shipments abroad": "todo: refused with a problem; customs papers want what a shipment does not say",
        "refunds of labels": "todo: a cancelled shipment with a label is a problem for a person",
        "tried against the real service": "done: with a Karrio server 2026.1 and its own carrier `generic`:"
        " rates, purchase, repeats, list and refusals",
        "tried with a carrier's own account": "todo: tracking and webhooks by golden payloads only",
    },
)
