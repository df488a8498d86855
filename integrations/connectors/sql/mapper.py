"""Rows of an ERP made ready for mapping. Pure."""

from typing import Any, Final

from integrations.connectors import json_object
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.sql import mappings

MAPPINGS: Mappings = {
    ("product", "in"): mappings.PRODUCT_IN,
    ("customer", "in"): mappings.CUSTOMER_IN,
    ("price_list", "in"): mappings.PRICE_LIST_IN,
    ("inventory", "in"): mappings.INVENTORY_IN,
    ("invoice", "in"): mappings.INVOICE_IN,
    ("order", "out"): mappings.ORDER_OUT,
    ("shipment", "out"): mappings.SHIPMENT_OUT,
    ("adjustment", "out"): mappings.ADJUSTMENT_OUT,
}
STREAMS: Streams = {
    "products": "product",
    "customers": "customer",
    "prices": "price_list",
    "stock": "inventory",
    "invoices": "invoice",
}
_KEYS: Final = {
    "product": "item_no",
    "customer": "cust_no",
    "price_list": "list_code",
    "inventory": "stock_key",
    "invoice": "inv_no",
}

# A document is one row, with the rows below it.
split, read = json_object.split, json_object.read


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """The ERP's own key of a row, in the default layout."""
    found = document.get(_KEYS.get(object_type, ""))
    return None if found is None else str(found)
