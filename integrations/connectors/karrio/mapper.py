"""Karrio's shipments, polled and from its webhooks, made ready for mapping. Pure."""

from typing import Any, Final
from urllib.parse import urljoin

from integrations.canonical.problem import Problem, shorten
from integrations.connectors import json_object, parcels
from integrations.connectors.amounts import objects
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.inbound import Native
from integrations.connectors.karrio import mappings

MAPPINGS: Mappings = {
    ("shipment", "in"): mappings.SHIPMENT_IN,
    ("shipment", "out"): mappings.SHIPMENT_OUT,
}
STREAMS: Streams = {"shipments": "shipment"}

_STATES: Final = {
    "created": "label_created",
    "purchased": "label_created",
    "shipped": "in_transit",
    "in_transit": "in_transit",
    "out_for_delivery": "out_for_delivery",
    "delivered": "delivered",
    "needs_attention": "exception",
    "delivery_failed": "exception",
    "cancelled": "cancelled",
}

split = json_object.split


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one document and add `derived`, see `mappings`. None: not our shipment, or without a label."""
    native = json_object.read(object_type, topic, body, connection)
    if native.problems:
        return native
    [document] = native.documents
    if isinstance(document.get("data"), dict):
        document = document["data"]
    named = parcels.read_reference(document.get("reference"))
    # A draft has no label yet, and one that was cancelled as a draft never had.
    if named is None or not document.get("id") or not document.get("tracking_number"):
        return Native(object_type, [], [])
    problems: list[Problem] = []
    status = str(document.get("status") or "")
    if status not in _STATES:
        text = f"The status of the shipment is {shorten(status) or 'empty'}, which is none we know."
        problems.append(Problem("schema_drift", "status", shorten(status), text))
    items = [
        item
        for parcel in objects(document, "parcels", problems)
        for item in _items(parcel, problems)
    ]
    # The rate names the carrier; the shipment itself, for a carrier made there, only its kind.
    rate = document.get("selected_rate")
    carrier = rate.get("carrier_name") if isinstance(rate, dict) else None
    carrier = str(carrier or document.get("carrier_name") or "")
    document["derived"] = {
        "site": named[0],
        "number": named[1],
        "state": _STATES.get(status),
        "scac": parcels.SCACS.get(carrier.lower()),
        "carrier": carrier,
        "label": _label(document, connection),
        "items": items,
    }
    return Native(object_type, [] if problems else [document], problems)


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """Karrio's id of the shipment."""
    found = document.get("id")
    return None if found is None else str(found)


def _items(parcel: dict[str, Any], problems: list[Problem]) -> list[dict[str, Any]]:
    return [one for one in objects(parcel, "items", problems) if one.get("sku")]


def _label(document: dict[str, Any], connection: Connection) -> str | None:
    """The label's address; the server tells only its path."""
    said = document.get("label_url")
    if not isinstance(said, str) or not said:
        return None
    try:
        return urljoin(str(connection.settings.get("url") or ""), said)
    except ValueError:
        return None
