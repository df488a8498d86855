"""Magento's documents made ready for mapping. Pure."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors import json_object
from integrations.connectors.amounts import amount, objects, text
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.inbound import Native
from integrations.connectors.magento import mappings
from integrations.connectors.magento.order_items import to_ship
from integrations.connectors.magento.settings import released

MAPPINGS: Mappings = {
    ("order", "in"): mappings.ORDER_IN,
    ("product", "in"): mappings.PRODUCT_IN,
    ("customer", "in"): mappings.CUSTOMER_IN,
    ("return", "in"): mappings.RETURN_IN,
    ("shipment", "out"): mappings.SHIPMENT_OUT,
    ("availability", "out"): mappings.AVAILABILITY_OUT,
    ("price_list", "out"): mappings.PRICE_LIST_OUT,
}
STREAMS: Streams = {
    "orders": "order",
    "products": "product",
    "customers": "customer",
    "creditmemos": "return",
}

# Products that are only a roof over others, and such as nobody ships.
_ROOFS: Final = frozenset({"configurable", "bundle", "grouped"})
_CANCELLED: Final = frozenset({"canceled", "closed"})
_DONE: Final = "complete"

split = json_object.split
_Problems = list[Problem]


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one document and add `derived`, see `mappings`. No document: it is no news to the hub, as are
    orders that have shipped, roofs over other products, and credit memos without goods."""
    native = json_object.read(object_type, topic, body, connection)
    if native.problems:
        return native
    [document] = native.documents
    problems: _Problems = []
    document["derived"] = {
        "channel": connection.slug,
        "updated_at": _moment(document, "updated_at", problems),
    }
    is_news = _PREPARE[object_type](document, connection, problems)
    return Native(object_type, [document] if is_news and not problems else [], problems)


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """The shop's own id of a native document."""
    found = document.get("entity_id") or document.get("id")
    return None if found is None else str(found)


def _order(document: dict[str, Any], connection: Connection, problems: _Problems) -> bool:
    state = document.get("state")
    if state == _DONE and document.get("status") not in released(connection):
        return False
    derived = document["derived"]
    billing = _object(document.get("billing_address"))
    shipping = _object(_shipping(document, problems).get("address"))
    lines = to_ship(objects(document, "items", problems))
    for number, line in enumerate(lines):
        _line(line, f"items[{number}]", problems)
    paid = amount(document, "total_paid", "", problems)
    total = amount(document, "grand_total", "", problems)
    # Where prices include tax, a part of it is hidden in the discount.
    hidden = amount(document, "discount_tax_compensation_amount", "", problems)
    derived |= {
        "status": status_of(document, connection),
        "placed_at": _moment(document, "created_at", problems),
        "bill_to": billing,
        "ship_to": shipping or billing,
        "lines": lines,
        "lines_total": text(amount(document, "subtotal", "", problems), places=6),
        "discount": text(abs(amount(document, "discount_amount", "", problems)) - hidden, places=6),
        "shipping": text(amount(document, "shipping_amount", "", problems), places=6),
        "tax": text(amount(document, "tax_amount", "", problems), places=6),
        "total": text(total, places=6),
        "payment_status": "paid" if paid and paid >= total else "unpaid",
        "references": _references(document),
    }
    return True


def status_of(document: dict[str, Any], connection: Connection) -> str:
    """What state and status mean for an order of ours: open, on_hold or cancelled."""
    if document.get("status") in released(connection):
        return "open"
    return "cancelled" if document.get("state") in _CANCELLED else "on_hold"


def _shipping(document: dict[str, Any], problems: _Problems) -> dict[str, Any]:
    more = _object(document.get("extension_attributes"))
    assigned = objects(more, "shipping_assignments", problems)
    return _object(assigned[0].get("shipping")) if assigned else {}


def _line(line: dict[str, Any], path: str, problems: _Problems) -> None:
    discount = abs(amount(line, "discount_amount", path, problems))
    total = amount(line, "row_total", path, problems) - discount
    line["derived"] = {
        "quantity": text(amount(line, "qty_ordered", path, problems), places=6),
        "unit_price": text(amount(line, "price", path, problems), places=6),
        "total": text(total, places=6),
        "tax": text(amount(line, "tax_amount", path, problems), places=6),
    }
    if discount:
        line["derived"]["discount"] = text(discount, places=6)


def _references(document: dict[str, Any]) -> list[dict[str, str]]:
    payment = _object(document.get("payment"))
    pairs = (("magento_id", document.get("entity_id")), ("payment", payment.get("last_trans_id")))
    return [{"kind": kind, "value": str(value)} for kind, value in pairs if value]


def _product(document: dict[str, Any], connection: Connection, problems: _Problems) -> bool:
    if document.get("price") is not None:
        document["derived"]["price"] = text(amount(document, "price", "", problems), places=6)
    return str(document.get("type_id")) not in _ROOFS


def _customer(document: dict[str, Any], connection: Connection, problems: _Problems) -> bool:
    name = f"{document.get('firstname') or ''} {document.get('lastname') or ''}".strip()
    addresses = objects(document, "addresses", problems)
    document["derived"] |= {
        "name": name or document.get("email"),
        "addresses": [address for address in addresses if address.get("street")],
    }
    return True


def _creditmemo(document: dict[str, Any], connection: Connection, problems: _Problems) -> bool:
    sold = to_ship(objects(_object(document.get("order")), "items", problems))
    known = {item.get("item_id") for item in sold}
    lines = []
    for number, item in enumerate(objects(document, "items", problems)):
        quantity = amount(item, "qty", f"items[{number}]", problems)
        # A product with options stands here twice, too.
        if quantity and (not known or item.get("order_item_id") in known):
            lines.append({**item, "derived": {"quantity": text(quantity, places=6)}})
    document["derived"] |= {
        "refunded": text(amount(document, "grand_total", "", problems), places=6),
        "lines": lines,
    }
    return bool(lines)


def _moment(document: dict[str, Any], name: str, problems: _Problems) -> str | None:
    """A time, which Magento writes in UTC without saying so."""
    said = document.get(name)
    if not said:
        return None
    try:
        at = datetime.fromisoformat(str(said))
    except ValueError:
        told = f"{name} is “{shorten(said)}”; a time such as 2026-03-02 13:58:04 is needed."
        problems.append(Problem("wrong_format", name, shorten(said), told))
        return None
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return aware.strftime("%Y-%m-%dT%H:%M:%SZ")


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


_PREPARE: Final[dict[str, Callable[[dict[str, Any], Connection, _Problems], bool]]] = {
    "order": _order,
    "product": _product,
    "customer": _customer,
    "return": _creditmemo,
}
