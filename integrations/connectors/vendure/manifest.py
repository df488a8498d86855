"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="vendure",
    label="Vendure",
    category="storefront",
    summary="Orders, products and customers in; fulfilments, stock, prices and cancellations out.",
    capabilities=frozenset({"webhook", "poll", "deliver"}),
    auth="An administrator's API key (Vendure 3.6 or later), or user name and password, which give a"
    " session.",
    reads=frozenset({"order", "product", "customer"}),
    writes=frozenset({"order", "shipment", "availability", "price_list"}),
    quality={
        "polling that resumes and cannot skip a changed row": "done",
        "refusals in a good answer (typed error results, errors)": "done",
        "look before every fulfilment, cancellation and stock change": "done",
        "partial fulfilments, each with its tracking number": "done",
        "exact amounts from the smallest unit": "done",
        "a session that ends early is renewed": "done",
        "channels and stock locations": "done",
        "signed webhooks": "done: by the plugin in the README, for Vendure has none of its own",
        "two webhook secrets during rotation": "done",
        "refunds": "exempt: a refund changes no order's time of change, so that polls cannot see it",
        "orders of several sellers": "todo: parts of one are read where the channel token is a seller's",
        "tried against the real system": "done: against Vendure 3.7.3 on SQLite, 30 November 2026",
    },
)
