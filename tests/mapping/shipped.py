"""The rows of the shipped connectors' own mappings."""

from integrations.connectors import registry
from integrations.mapping import Row

# Those that speak the hub's own shapes map one to one, as `http` does.
ONE_TO_ONE = {"application", "rest"}
CONNECTORS = {slug: registry.get(slug).mapper for slug in registry.SLUGS if slug not in ONE_TO_ONE}


def shipped_rows(*names: str) -> list[Row]:
    return [
        row
        for name in names or CONNECTORS
        for rows in CONNECTORS[name].MAPPINGS.values()
        for row in rows
    ]
