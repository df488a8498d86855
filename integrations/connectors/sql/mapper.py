"""Rows of an ERP made ready for mapping. Pure."""

from datetime import datetime
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.base import Connection, Native, Split
from integrations.connectors.sql import mappings
from integrations.mapping.decode import DecodeError, loads

MAPPINGS = {
    ("product", "in"): mappings.PRODUCT_IN,
    ("customer", "in"): mappings.CUSTOMER_IN,
    ("price_list", "in"): mappings.PRICE_LIST_IN,
    ("inventory", "in"): mappings.INVENTORY_IN,
    ("invoice", "in"): mappings.INVOICE_IN,
    ("order", "out"): mappings.ORDER_OUT,
    ("shipment", "out"): mappings.SHIPMENT_OUT,
}
STREAMS = {
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


def split(body: bytes, connection: Connection, *, received: datetime) -> Split | None:
    """None: a body is always one row, with the rows below it."""
    return None


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one row."""
    try:
        document = loads(body)
    except DecodeError as error:
        return Native(object_type, [], [error.problem])
    if isinstance(document, dict):
        return Native(object_type, [document], [])
    problem = Problem("wrong_type", "", shorten(document), "The document must be one JSON object.")
    return Native(object_type, [], [problem])


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """The ERP's own key of a row, in the default layout."""
    found = document.get(_KEYS.get(object_type, ""))
    return None if found is None else str(found)
