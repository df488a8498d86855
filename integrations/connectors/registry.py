"""The connectors there are. A new one adds its line here."""

from functools import cache
from importlib import import_module

from integrations.connectors.connector import Connector

SLUGS = ("woocommerce", "x12", "sql", "http", "rest", "application")


@cache
def get(slug: str) -> Connector:
    """The connector `slug`. KeyError if there is none."""
    if slug not in SLUGS:
        raise KeyError(f"There is no connector {slug!r}. There are: {', '.join(SLUGS)}.")
    return import_module(f"integrations.connectors.{slug}").CONNECTOR


def everyone() -> list[Connector]:
    """All connectors, in the order of the catalogue."""
    return [get(slug) for slug in SLUGS]
