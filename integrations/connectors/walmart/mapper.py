"""Walmart's orders made ready for mapping. Pure."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors import json_object
from integrations.connectors.amounts import ZERO, text
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.inbound import Native
from integrations.connectors.walmart import mappings
from integrations.connectors.walmart.orderlines import OrderLine, group, lines_of

MAPPINGS: Mappings = {
    ("order", "in"): mappings.ORDER_IN,
    ("shipment", "out"): mappings.SHIPMENT_OUT,
    ("availability", "out"): mappings.AVAILABILITY_OUT,
}
STREAMS: Streams = {"orders": "order"}

# Walmart writes ISO 3166-1 alpha-3, and ships within the United States and their territories.
_COUNTRIES: Final = {
    "USA": "US",
    "PRI": "PR",
    "GUM": "GU",
    "VIR": "VI",
    "ASM": "AS",
    "MNP": "MP",
}
_MOST_NOTES: Final = 100
_LATEST: Final = 253_402_300_799_000  # the last millisecond that a date of ours can tell

split = json_object.split
_Problems = list[Problem]


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one order and add `derived`, see `mappings`. No document: it is no news to the hub."""
    native = json_object.read(object_type, topic, body, connection)
    if native.problems:
        return native
    problems: _Problems = []
    documents = _orders(native.documents[0], connection, problems)
    return Native(object_type, [] if problems else documents, problems)


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    found = document.get("purchaseOrderId")
    return None if found is None else str(found)


def _orders(document: dict[str, Any], connection: Connection, problems: _Problems) -> list[Any]:
    lines = lines_of(document, problems)
    node = str(group(document, "shipNode").get("type") or "SellerFulfilled")
    # What Walmart ships is not ours; what has shipped is what our own shipments did.
    if node == "WFSFulfilled" or any(line.shipped for line in lines):
        return []
    kept = [line for line in lines if line.left] or lines
    gone = bool(lines) and not any(line.left for line in lines)
    shipping = group(document, "shippingInfo")
    document["derived"] = {
        "channel": connection.slug,
        "status": "cancelled" if gone else "open",
        "currency": next((line.currency for line in lines if line.currency), None),
        "placed_at": _moment(document, "orderDate", problems),
        "updated_at": _updated(document, problems),
        "ship_by": _moment(shipping, "estimatedShipDate", problems),
        "deliver_by": _moment(shipping, "estimatedDeliveryDate", problems),
        "ship_to": _address(shipping),
        "notes": _notes(kept),
        "references": _references(document),
        "lines": [_line(line) for line in kept],
        **_totals(kept),
    }
    return [document]


def _line(line: OrderLine) -> dict[str, str]:
    # A cancelled line has none left, and an order needs what it had.
    quantity = line.left or line.ordered
    unit = line.worth / quantity if quantity else line.worth
    found = {
        "line_no": line.number,
        "sku": line.sku,
        "description": line.title,
        "quantity": text(quantity),
        "unit_price": text(unit, places=6),
        "total": text(line.worth - line.discount, places=6),
        "tax": text(line.tax, places=6),
        "discount": text(line.discount, places=6) if line.discount else "",
    }
    return {name: value for name, value in found.items() if value}


def _totals(lines: list[OrderLine]) -> dict[str, str | None]:
    worth = sum((line.worth for line in lines), ZERO)
    discount = sum((line.discount for line in lines), ZERO)
    shipping = sum((line.shipping for line in lines), ZERO)
    fees = sum((line.fees for line in lines), ZERO)
    tax = sum((line.tax for line in lines), ZERO)
    total: Decimal = worth - discount + shipping + fees + tax
    return {
        "lines_total": text(worth, places=6),
        "discount": text(discount, places=6),
        "shipping": text(shipping, places=6),
        "tax": text(tax, places=6),
        "fees": text(fees, places=6) if fees else None,
        "total": text(total, places=6),
    }


def _address(shipping: dict[str, Any]) -> dict[str, Any]:
    address = group(shipping, "postalAddress")
    lines = [str(address.get(name) or "").strip() for name in ("address1", "address2")]
    country = str(address.get("country") or "")
    return {
        **address,
        "lines": [line for line in lines if line],
        "country": _COUNTRIES.get(country.upper(), country),
        "phone": shipping.get("phone"),
    }


def _notes(lines: list[OrderLine]) -> list[dict[str, str]]:
    notes = [
        {"audience": "warehouse", "text": f"{line.sku}: the buyer asks for a cancel."}
        for line in lines
        if line.wants_cancel
    ]
    return notes[:_MOST_NOTES]


def _references(document: dict[str, Any]) -> list[dict[str, str]]:
    found = [{"kind": "walmart.purchase_order", "value": str(document.get("purchaseOrderId"))}]
    if known := document.get("customerOrderId"):
        found.append({"kind": "walmart.customer_order", "value": str(known)})
    return found


def _updated(document: dict[str, Any], problems: _Problems) -> str | None:
    """The latest change of a line: the order itself tells none."""
    lines = group(document, "orderLines").get("orderLine")
    changes = [
        _moment(one, "statusDate", problems)
        for one in (lines if isinstance(lines, list) else [])
        if isinstance(one, dict)
    ]
    return max((change for change in changes if change), default=None)


def _moment(thing: dict[str, Any], name: str, problems: _Problems) -> str | None:
    """Milliseconds since 1970 as a time in UTC."""
    said = thing.get(name)
    if said is None or said == "":
        return None
    digits = str(said)
    if digits.isascii() and digits.isdigit() and len(digits) < 16 and int(digits) <= _LATEST:
        at = datetime.fromtimestamp(int(digits) // 1000, UTC)
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")
    told = f"{name} is “{shorten(said)}”; milliseconds since 1970 are needed."
    problems.append(Problem("wrong_format", name, shorten(said), told))
    return None
