"""EasyPost's shipments, and trackers from its webhooks, made ready for mapping. Pure."""

from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors import json_object, parcels
from integrations.connectors.amounts import objects
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.easypost import mappings
from integrations.connectors.inbound import Native

MAPPINGS: Mappings = {
    ("shipment", "in"): mappings.SHIPMENT_IN,
    ("shipment", "out"): mappings.SHIPMENT_OUT,
}
STREAMS: Streams = {"shipments": "shipment"}

_STATES: Final = {
    "unknown": None,  # the carrier has not seen it yet
    "pre_transit": "label_created",
    "in_transit": "in_transit",
    "out_for_delivery": "out_for_delivery",
    "available_for_pickup": "out_for_delivery",
    "delivered": "delivered",
    "return_to_sender": "returned_to_sender",
    "failure": "exception",
    "error": "exception",
    "cancelled": "cancelled",
}

split = json_object.split


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one document and add `derived`, see `mappings`. None: not our shipment, or without a label."""
    native = json_object.read(object_type, topic, body, connection)
    if native.problems:
        return native
    [document] = native.documents
    problems: list[Problem] = []
    if isinstance(document.get("result"), dict):
        document = _of_tracker(document["result"])
    elif not document.get("postage_label"):
        return Native(object_type, [], [])
    named = parcels.read_reference(document.get("reference"))
    if named is None and not document.get("tracked"):
        return Native(object_type, [], [])
    if not document.get("id"):
        return Native(object_type, [], [])
    site, number = named or (connection.slug, str(document["id"]))
    document["derived"] = {
        "site": site,
        "number": number,
        "order_number": _part(document, "options").get("invoice_number") or number,
        "shipped_at": _part(document, "postage_label").get("label_date")
        or document.get("created_at"),
        "state": _state(document, problems),
        "scac": _scac(document),
        "items": _items(document, problems),
    }
    return Native(object_type, [] if problems else [document], problems)


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """EasyPost's id of the shipment, of a tracker that of the shipment it follows."""
    found = document.get("id")
    return None if found is None else str(found)


def _of_tracker(tracker: dict[str, Any]) -> dict[str, Any]:
    """A tracker told as its shipment: only how far it is. One without a shipment is none of ours."""
    return {
        "id": tracker.get("shipment_id"),
        "tracked": True,
        "tracking_code": tracker.get("tracking_code"),
        "created_at": tracker.get("created_at"),
        "status": tracker.get("status"),
    }


def _state(document: dict[str, Any], problems: list[Problem]) -> str | None:
    tracker = _part(document, "tracker")
    status = tracker.get("status") or document.get("status") or "unknown"
    if status not in _STATES:
        text = f"The status of the parcel is {shorten(status)}, which is none we know."
        problems.append(Problem("schema_drift", "status", shorten(status), text))
    return _STATES.get(str(status))


def _scac(document: dict[str, Any]) -> str | None:
    carrier = str(_part(document, "selected_rate").get("carrier") or "")
    return parcels.SCACS.get(carrier.lower())


def _items(document: dict[str, Any], problems: list[Problem]) -> list[dict[str, Any]]:
    """What customs papers, where somebody wrote them, say is inside."""
    items = objects(_part(document, "customs_info"), "customs_items", problems)
    return [one for one in items if one.get("code")]


def _part(document: dict[str, Any], name: str) -> dict[str, Any]:
    found = document.get(name)
    return found if isinstance(found, dict) else {}
