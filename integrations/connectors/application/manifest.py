"""Who the connector is and what it can do."""

from integrations.connectors.manifest import Manifest

MANIFEST = Manifest(
    slug="application",
    label="Application on the hub's API",
    category="storefront",
    summary="A modern application that puts orders, reads stock and takes shipment events over the API"
    " of this site, and so never talks to the ERP.",
    capabilities=frozenset({"api"}),
    auth="An API token made for the application, with scopes and an end. Nothing is entered here.",
    reads=frozenset({"order"}),
    writes=frozenset(),
    quality={
        "canonical schema checked before anything is stored": "done",
        "the same order again has one effect": "done",
        "orders of other systems out of reach": "done",
        "events in one order, at least once": "done",
        "live connection test": "exempt: the application calls the hub, never the other way round",
        "returns": "todo",
    },
)
