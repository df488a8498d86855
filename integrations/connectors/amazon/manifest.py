"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="amazon",
    label="Amazon Selling Partner",
    category="marketplace",
    summary="Orders that the merchant ships in; shipments and listed quantities out.",
    capabilities=frozenset({"poll", "deliver"}),
    auth="Login with Amazon: an application's client ID and secret, and a seller's refresh token.",
    reads=frozenset({"order"}),
    writes=frozenset({"shipment", "availability"}),
    quality={
        "polling that resumes and cannot skip a changed row": "done",
        "orders with items, address and amounts in one call": "done: Orders API 2026-01-01, which"
        " wants no restricted data token",
        "pending orders are never released": "done: they are no news until they have an address",
        "orders that Amazon ships": "done: left out, or on hold where they are wanted",
        "several marketplaces of one region": "done",
        "several shipments of one order": "done",
        "look before a repeated delivery": "done, by the package reference; the same reference changes its"
        " package and makes no second one",
        "rate limits": "done: a bucket for each operation and process, x-amzn-RateLimit-Limit and 429",
        "refusals in the system's own words": "done, those that come with a good status too",
        "cancelled orders": "done: what Amazon leaves out of them is said to be withheld",
        "several tracking numbers of one shipment": "todo: the first goes out",
        "notifications (SQS, EventBridge)": "todo: orders are polled",
        "listings and FBA stock in": "todo",
        "returns and refunds": "todo: they are reports",
        "tried against the real service": "todo: tried against golden payloads written from the vendor's"
        " published schema, not against the real service",
    },
)
