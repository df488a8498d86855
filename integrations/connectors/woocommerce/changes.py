"""What a shipment changes at an order. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from integrations.connectors.woocommerce.settings import TRACKING_ITEMS

# The list that WooCommerce's own shipment tracking extension and its kin read.
ITEMS_KEY: Final = "_wc_shipment_tracking_items"
_STATUS_SETTING: Final = {"complete": "shipped_status", "partial": "partial_status"}


def of_shipment(
    document: Mapping[str, Any], meta: list[dict[str, Any]], settings: Mapping[str, Any]
) -> dict[str, Any]:
    """The body of the PUT: status by the settings, and the shipment in the order's meta data.

    An entry is written by its key, so the same shipment twice leaves one entry, and each shipment
    has a key of its own, so two of them at the same time both stay. The plug-in's list is one entry
    for all: it is extended from `meta`, what the order says now.
    """
    if settings["tracking_style"] == TRACKING_ITEMS:
        entry: dict[str, Any] = {
            "key": ITEMS_KEY,
            "value": _listed(meta) + _tracking_items(document),
        }
    else:
        entry = {"key": entry_key(document), "value": _entry(document)}
    change: dict[str, Any] = {"meta_data": [entry]}
    status = settings.get(_STATUS_SETTING.get(str(document.get("shipped")), ""))
    return {"status": status, **change} if status else change


def is_noted(document: Mapping[str, Any], meta: list[dict[str, Any]]) -> bool:
    """Whether the order's meta data already tells of this shipment."""
    if any(entry.get("key") == entry_key(document) for entry in meta):
        return True
    known = {item.get("tracking_number") for item in _listed(meta)}
    return bool(numbers := _tracking(document)) and known >= set(numbers)


def entry_key(document: Mapping[str, Any]) -> str:
    return f"_shipment_{document.get('shipment_number')}"


def _entry(document: Mapping[str, Any]) -> dict[str, Any]:
    parts = {
        "number": document.get("shipment_number"),
        "tracking": _tracking(document),
        "provider": document.get("provider"),
        "shipped_at": document.get("shipped_at"),
        "status": document.get("shipped"),
    }
    return {name: value for name, value in parts.items() if value}


def _tracking_items(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "tracking_provider": document.get("provider") or "",
            "tracking_number": number,
            "date_shipped": str(document.get("shipped_at") or "")[:10],
            "tracking_id": f"{document.get('shipment_number')}-{position}",
        }
        for position, number in enumerate(_tracking(document), start=1)
    ]


def _tracking(document: Mapping[str, Any]) -> list[str]:
    tracking = document.get("tracking") or []
    return [str(number) for number in ([tracking] if isinstance(tracking, str) else tracking)]


def _listed(meta: list[dict[str, Any]]) -> list[dict[str, Any]]:
    value = next((entry.get("value") for entry in meta if entry.get("key") == ITEMS_KEY), None)
    items = value.values() if isinstance(value, dict) else value or []
    return [item for item in items if isinstance(item, dict)]
