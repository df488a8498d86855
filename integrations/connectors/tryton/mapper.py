"""Tryton's documents made ready for mapping. Pure."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
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

_MOST_LINES: Final = 4

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
    document["derived"] = _DERIVED.get(object_type, _nothing)(document)
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


def _of_shipment(shipment: dict[str, Any]) -> dict[str, Any]:
    name = _dict(shipment.get("customer")).get("name")
    return {"ship_to": _address(_dict(shipment.get("delivery_address")), name)}


def _of_customer(party: dict[str, Any]) -> dict[str, Any]:
    found = []
    for one in _dicts(party.get("addresses")):
        if address := _address(one, party.get("name")):
            found.append({"role": "ship_to" if one.get("delivery") else "bill_to", **address})
    return {"addresses": found}


def _of_stock(level: dict[str, Any]) -> dict[str, Any]:
    """What Tryton has planned to go, as far as nothing is planned to come that covers it: Tryton counts
    pieces that orders wait for as lying there."""
    product = _dict(level.get("product"))
    try:
        there, left = (
            Decimal(str(product.get(name))) for name in ("quantity", "forecast_quantity")
        )
        return {"committed": str(max(Decimal(0), there - left))}
    except InvalidOperation:
        return {}


def _nothing(document: dict[str, Any]) -> dict[str, Any]:
    return {}


_DERIVED: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "shipment": _of_shipment,
    "inventory": _of_stock,
    "customer": _of_customer,
}


def _address(native: dict[str, Any], name: Any) -> dict[str, Any] | None:
    """One address; None where it is no more than a part of one, as Tryton allows."""
    lines = [line for line in str(native.get("street") or "").splitlines() if line.strip()]
    country = _dict(native.get("country")).get("code")
    whole = {
        "name": native.get("party_name") or name,
        "city": native.get("city"),
        "country": country,
    }
    if not lines or not all(whole.values()):
        return None
    # Tryton counts subdivisions as ISO 3166-2 does: US-NV.
    region = str(_dict(native.get("subdivision")).get("code") or "").partition("-")[2]
    more = {"region": region, "postal_code": native.get("postal_code")}
    return {**whole, "lines": lines[:_MOST_LINES], **{k: v for k, v in more.items() if v}}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _of_each_sale(shipment: dict[str, Any]) -> list[dict[str, Any]]:
    if shipment.get("reference"):
        return []
    by_sale: dict[Any, list[dict[str, Any]]] = {}
    for move in _dicts(shipment.get("outgoing_moves")):
        if sale := _dict(move.get("sale")):
            by_sale.setdefault(str(sale.get("id")), []).append(move)
    documents = [
        {**shipment, "sale": moves[0]["sale"], "outgoing_moves": moves}
        for moves in by_sale.values()
    ]
    if len(documents) > 1:
        documents = [{**one, "part": str(one["sale"].get("id"))} for one in documents]
    return documents
