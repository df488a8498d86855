"""The prices of a list, by item. Pure."""

from collections.abc import Mapping
from typing import Any

from integrations.canonical.problem import Problem

Line = Mapping[str, Any]


def by_item(document: Mapping[str, Any]) -> list[list[Line]]:
    """The prices of each item, in the order of the list; those of one item are for several quantities."""
    found: dict[str, list[Line]] = {}
    for price in document.get("prices") or []:
        found.setdefault(str(price.get("sku")), []).append(price)
    return list(found.values())


def nothing_sold(document: Mapping[str, Any]) -> list[Problem]:
    """A problem where a list has no price."""
    if document.get("prices"):
        return []
    text = "The price list has no prices, and a catalogue is about items."
    return [Problem("missing_field", "prices", "", text)]
