"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="shopify",
    label="Shopify",
    category="storefront",
    summary="Orders, products, customers, refunds and stock levels in; fulfilments, stock, prices"
    " and cancellations out.",
    capabilities=frozenset({"webhook", "poll", "deliver", "snapshot"}),
    auth="An app of the shop's own: client ID and secret, exchanged for tokens of a day, or the"
    " access token of an older custom app.",
    reads=frozenset({"order", "product", "customer", "return", "inventory"}),
    writes=frozenset({"order", "shipment", "availability", "price_list"}),
    quality={
        "every query and change checked against the published Admin schema": "done",
        "signed webhooks": "done",
        "two webhook secrets during rotation": "done",
        "polling that resumes and cannot skip a changed row": "done",
        "rate limits": "done: the bucket of points is waited for as long as the answers say",
        "refusals in a good answer (errors, userErrors)": "done",
        "look before every fulfilment": "done",
        "stock by compare and set, with idempotency keys": "done",
        "orders held while the shop's risk analysis says so": "done",
        "several variants of one product": "done",
        "test orders placed by us": "todo",
        "tried against the real service": "todo: tried against golden payloads written from the"
        " published schema, and a server that runs that schema",
    },
)
