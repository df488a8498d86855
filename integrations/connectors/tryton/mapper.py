"""Tryton's documents made ready for mapping. Pure."""

from typing import Any, Final

from integrations.connectors import json_object
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.inbound import Native
from integrations.connectors.tryton import mappings, wire

MAPPINGS: Mappings = {
    ("shipment", "in"): mappings.SHIPMENT_IN,
    ("inventory", "in"): mappings.INVENTORY_IN,
    ("invoice", "in"): mappings.INVOICE_IN,
    ("product", "in"): mappings.PRODUCT_IN,
    ("customer", "in"): mappings.CUSTOMER_IN,
    ("order", "out"): mappings.ORDER_OUT,
    ("shipment", "out"): mappings.SHIPMENT_OUT,
}
STREAMS: Streams = {
    "shipments": "shipment",
    "stock": "inventory",
    "invoices": "invoice",
    "products": "product",
    "customers": "customer",
}
_LINES: Final = {"shipment": "outgoing_moves", "invoice": "lines"}

split = json_object.split


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one document: decimals and times as text. A shipment of several sales is several documents.

    No document: it is no news to the hub. That is so for shipments with a reference: Tryton calls it the
    external identifier of a shipment, and this connector gives it to those that a warehouse told us of.
    """
    native = json_object.read(object_type, topic, body, connection)
    if native.problems:
        return native
    document = wire.plain(native.documents[0])
    name = _LINES.get(object_type)
    if name and not isinstance(document.get(name) or [], list):
        return native
    if object_type == "shipment":
        return Native(object_type, _of_each_sale(document), [])
    return Native(object_type, [document], [])


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """Tryton's own id of a native document; of a shipment of several sales with the sale's."""
    if object_type == "inventory":
        return None
    found = document.get("id")
    if found is None:
        return None
    part = document.get("part")
    return f"{found}:{part}" if part else str(found)


def _of_each_sale(shipment: dict[str, Any]) -> list[dict[str, Any]]:
    if shipment.get("reference"):
        return []
    by_sale: dict[Any, list[dict[str, Any]]] = {}
    for move in shipment.get("outgoing_moves") or []:
        sale = move.get("sale") if isinstance(move, dict) else None
        if isinstance(sale, dict):
            by_sale.setdefault(sale.get("id"), []).append(move)
    documents = [
        {**shipment, "sale": moves[0]["sale"], "outgoing_moves": moves}
        for moves in by_sale.values()
    ]
    if len(documents) > 1:
        documents = [{**one, "part": one["sale"].get("id")} for one in documents]
    return documents
