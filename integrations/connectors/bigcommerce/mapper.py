"""BigCommerce's documents made ready for mapping. Pure."""

from collections.abc import Callable
from datetime import UTC
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors import json_object
from integrations.connectors.amounts import ZERO, amount, objects, text
from integrations.connectors.bigcommerce import mappings
from integrations.connectors.bigcommerce.settings import released
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.inbound import Native

MAPPINGS: Mappings = {
    ("order", "in"): mappings.ORDER_IN,
    ("product", "in"): mappings.PRODUCT_IN,
    ("customer", "in"): mappings.CUSTOMER_IN,
    ("shipment", "out"): mappings.SHIPMENT_OUT,
    ("availability", "out"): mappings.AVAILABILITY_OUT,
    ("price_list", "out"): mappings.PRICE_LIST_OUT,
}
STREAMS: Streams = {"orders": "order", "products": "product", "customers": "customer"}

# Shipped, Partially Shipped, Completed, Partially Refunded: what an order says after it was released for
# shipping, often because of a shipment of ours. Incomplete: a cart.
_NO_NEWS: Final = frozenset({"0", "2", "3", "10", "14"})
_CANCELLED: Final = frozenset({"4", "5", "6"})  # Refunded, Cancelled, Declined

split = json_object.split
_Problems = list[Problem]


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one document and add `derived`, see `mappings`. A product gives a document for each of its
    variants. No document: it is no news to the hub."""
    native = json_object.read(object_type, topic, body, connection)
    if native.problems:
        return native
    problems: _Problems = []
    documents = _PREPARE[object_type](native.documents[0], connection, problems)
    return Native(object_type, [] if problems else documents, problems)


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """The store's own id of a native document as `read` gave it; of a product that of its variant."""
    found = document.get("id")
    return None if found is None else str(found)


def _orders(document: dict[str, Any], connection: Connection, problems: _Problems) -> list[Any]:
    status = str(document.get("status_id"))
    if status in _NO_NEWS - released(connection) or document.get("is_deleted") is True:
        return []
    for number, line in enumerate(objects(document, "order_products", problems)):
        line["derived"] = _line(line, f"order_products[{number}]", problems)
    addresses = objects(document, "order_addresses", problems)
    if len(addresses) > 1:
        said = f"The order goes to {len(addresses)} addresses; one order can go to one."
        problems.append(Problem("change_not_supported", "order_addresses", "", said))
    billing = document.get("billing_address")
    billing = billing if isinstance(billing, dict) else {}
    document["derived"] = {
        "channel": connection.slug,
        "status": status_of(status, connection),
        "placed_at": _moment(document, "date_created", problems),
        "updated_at": _moment(document, "date_modified", problems),
        # What is downloaded has no shipping address.
        "ship_to": addresses[0] if addresses else billing,
        "bill_to": billing if billing.get("street_1") else None,
        "references": _references(document),
        **_totals(document, problems),
    }
    return [document]


def status_of(status: str, connection: Connection) -> str:
    """What the id of a status means for an order of ours: open, on_hold or cancelled."""
    if status in released(connection):
        return "open"
    return "cancelled" if status in _CANCELLED else "on_hold"


def _totals(document: dict[str, Any], problems: _Problems) -> dict[str, str | None]:
    def sum_of(*names: str) -> Decimal:
        return sum((amount(document, name, "", problems) for name in names), ZERO)

    fees = sum_of("handling_cost_ex_tax", "wrapping_cost_ex_tax")
    return {
        "lines_total": text(sum_of("subtotal_ex_tax"), places=6),
        "discount": text(sum_of("discount_amount", "coupon_discount"), places=6),
        "shipping": text(sum_of("shipping_cost_ex_tax"), places=6),
        "tax": text(sum_of("total_tax"), places=6),
        "fees": text(fees, places=6) if fees else None,
        "total": text(sum_of("total_inc_tax"), places=6),
    }


def _line(line: dict[str, Any], path: str, problems: _Problems) -> dict[str, str]:
    """What a line costs: each before its discounts, all of it after them."""
    discounts = objects(line, "applied_discounts", problems)
    discount = sum((amount(one, "amount", path, problems) for one in discounts), ZERO)
    total = amount(line, "total_ex_tax", path, problems) - discount
    derived = {
        "unit_price": text(amount(line, "price_ex_tax", path, problems), places=6),
        "total": text(total, places=6),
        "tax": text(amount(line, "total_tax", path, problems), places=6),
        **_gtin(line.get("upc")),
    }
    return derived | ({"discount": text(discount, places=6)} if discount else {})


def _gtin(code: Any) -> dict[str, str]:
    plausible = isinstance(code, str) and code.isascii() and code.isdigit() and 8 <= len(code) <= 14
    return {"gtin": code} if plausible else {}


def _moment(document: dict[str, Any], name: str, problems: _Problems) -> str | None:
    """A date of V2 (RFC 2822) in UTC."""
    said = document.get(name)
    if not said:
        return None
    try:
        at = parsedate_to_datetime(str(said))
    except ValueError:
        told = f"{name} is “{shorten(said)}”; a date such as Mon, 02 Mar 2026 13:58:04 +0000 is needed."
        problems.append(Problem("wrong_format", name, shorten(said), told))
        return None
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return aware.strftime("%Y-%m-%dT%H:%M:%SZ")


def _references(document: dict[str, Any]) -> list[dict[str, str]]:
    pairs = (
        ("payment", document.get("payment_provider_id")),
        ("external", document.get("external_id")),
    )
    return [{"kind": kind, "value": str(value)} for kind, value in pairs if value]


def _variants(document: dict[str, Any], connection: Connection, problems: _Problems) -> list[Any]:
    """A document for each variant that can be bought; a product without options has one."""
    name = str(document.get("name") or "")
    found = []
    for variant in objects(document, "variants", problems) or [document]:
        options = objects(variant, "option_values", problems)
        labels = ", ".join(str(one.get("label")) for one in options if one.get("label"))
        price = variant.get("price")
        found.append(
            {
                "id": variant.get("id"),
                "sku": variant.get("sku") or (None if options else document.get("sku")),
                "title": f"{name} ({labels})" if labels else name,
                "price": document.get("price") if price is None else price,
                "is_blocked": bool(variant.get("purchasing_disabled")),
                "date_modified": document.get("date_modified"),
                **_gtin(variant.get("gtin") or variant.get("upc")),
            }
        )
    return found


def _customers(document: dict[str, Any], connection: Connection, problems: _Problems) -> list[Any]:
    addresses = objects(document, "addresses", problems)
    for address in addresses:
        address["name"] = _name(address) or str(address.get("company") or "")
    document["derived"] = {
        "channel": connection.slug,
        "name": document.get("company") or _name(document) or document.get("email"),
        "addresses": [address for address in addresses if address.get("address1")],
    }
    return [document]


def _name(thing: dict[str, Any]) -> str:
    return f"{thing.get('first_name') or ''} {thing.get('last_name') or ''}".strip()


_PREPARE: Final[dict[str, Callable[[dict[str, Any], Connection, _Problems], list[Any]]]] = {
    "order": _orders,
    "product": _variants,
    "customer": _customers,
}
