"""Which items of an order are lines: a product with options stands there twice. Pure."""

from collections.abc import Sequence
from typing import Any


def to_ship(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The items that are sold and shipped as such. Of a configurable product that is the parent, which has
    the price and already bears the SKU of the chosen one; of a bundle they are its parts."""
    bundles = {item.get("item_id") for item in items if item.get("product_type") == "bundle"}
    return [
        item
        for item in items
        if item.get("item_id") not in bundles
        and (not item.get("parent_item_id") or item.get("parent_item_id") in bundles)
    ]
