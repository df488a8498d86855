"""The names there will be once a file is applied: those stored, overlaid with those in the file."""

from dataclasses import dataclass
from typing import NamedTuple

from integrations.configfile.stored import Stored
from integrations.connectors import registry
from integrations.connectors.connector import Connector
from integrations.yaml_source import Entry, Source


class Place(NamedTuple):
    """An endpoint as the rest of the file sees it. `connector` None: there is no such connector."""

    customer: str
    connector: Connector | None
    site: str
    is_channel: bool


@dataclass
class Outlook:
    """Customers and endpoints by slug, stored or in the file."""

    customers: set[str]
    endpoints: dict[str, Place]

    def sites_of(self, customer: str) -> set[str]:
        places = self.endpoints.values()
        return {place.site for place in places if place.customer == customer and place.site}


def outlook(source: Source, stored: Stored) -> Outlook:
    """How things will stand. The file has its shape; its references may still lead nowhere."""
    customers = {entry["slug"] for _, entry in source.entries("customers")}
    endpoints = {
        row.slug: Place(
            row.customer.slug, find_connector(row.connector), row.site, row.channel is not None
        )
        for row in stored.endpoints.values()
    }
    for _, entry in source.entries("endpoints"):
        endpoints[entry["slug"]] = _place(entry, endpoints.get(entry["slug"]))
    return Outlook(customers | set(stored.customers), endpoints)


def _place(entry: Entry, before: Place | None) -> Place:
    return Place(
        entry["customer"],
        find_connector(entry["connector"]),
        entry.get("site", before.site if before else ""),
        entry["channel"] is not None if "channel" in entry else bool(before and before.is_channel),
    )


def find_connector(slug: str) -> Connector | None:
    """The connector `slug`, None if there is none."""
    return registry.get(slug) if slug in registry.SLUGS else None
