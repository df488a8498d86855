"""WooCommerce's documents made ready for mapping. Pure."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors import json_object
from integrations.connectors.amounts import ZERO, amount, objects, text
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.inbound import Native
from integrations.connectors.woocommerce import mappings
from integrations.connectors.woocommerce.settings import released, set_by_us

MAPPINGS: Mappings = {
    ("order", "in"): mappings.ORDER_IN,
    ("product", "in"): mappings.PRODUCT_IN,
    ("customer", "in"): mappings.CUSTOMER_IN,
    ("return", "in"): mappings.RETURN_IN,
    ("order", "out"): mappings.ORDER_OUT,
    ("shipment", "out"): mappings.SHIPMENT_OUT,
    ("availability", "out"): mappings.AVAILABILITY_OUT,
    ("price_list", "out"): mappings.PRICE_LIST_OUT,
}
STREAMS: Streams = {
    "orders": "order",
    "products": "product",
    "customers": "customer",
    "refunds": "return",
}

# Carts that were never placed, and products that are only the roof over their variations.
DRAFTS: Final = frozenset({"checkout-draft", "auto-draft", "new"})
_ROOFS: Final = frozenset({"variable", "grouped"})
_CANCELLED: Final = frozenset({"cancelled", "refunded", "failed", "trash"})

split = json_object.split


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one document and add `derived`, see `mappings`. No document: it is no news to the hub.

    That is so for carts, for products that only hold variations, for refunds of money without
    goods, and for orders in a status that our own shipments set: they are an echo, and what an
    order says after it has shipped must not send it out again.
    """
    native = json_object.read(object_type, topic, body, connection)
    if native.problems:
        return native
    [document] = native.documents
    problems: list[Problem] = []
    is_news = _PREPARE[object_type](document, connection, problems)
    return Native(object_type, [document] if is_news and not problems else [], problems)


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """The store's own id of a native document as `read` gave it."""
    found = document.get("refund", {}).get("id") if object_type == "return" else document.get("id")
    return None if found is None else str(found)


def _prepare_order(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> bool:
    native = document.get("status")
    if native in DRAFTS or native in set_by_us(connection) - released(connection):
        return False
    lines = objects(document, "line_items", problems)
    subtotals = [_prepare_line(line, f"line_items[{n}]", problems) for n, line in enumerate(lines)]
    fees = [
        amount(fee, "total", f"fee_lines[{n}]", problems)
        for n, fee in enumerate(objects(document, "fee_lines", problems))
    ]
    billing, shipping = _address(document, "billing"), _address(document, "shipping")
    document["derived"] = {
        "channel": connection.slug,
        "status": status_of(native, connection),
        "bill_to": billing if billing.get("address_1") else None,
        "ship_to": _ship_to(shipping, billing),
        "lines_total": text(sum(subtotals, ZERO)),
        "fees_total": text(sum(fees, ZERO)) if fees else None,
        "references": _references(document),
    }
    return True


def status_of(native: Any, connection: Connection) -> str:
    """What a status of the store means for an order of ours: open, on_hold or cancelled."""
    if native in _CANCELLED:
        return "cancelled"
    return "open" if native in released(connection) else "on_hold"


def _references(document: dict[str, Any]) -> list[dict[str, str]]:
    pairs = (("woocommerce_id", document.get("id")), ("payment", document.get("transaction_id")))
    return [{"kind": kind, "value": str(value)} for kind, value in pairs if value]


def _address(document: dict[str, Any], name: str) -> dict[str, Any]:
    address = document.get(name)
    return address if isinstance(address, dict) else {}


def _ship_to(shipping: dict[str, Any], billing: dict[str, Any]) -> dict[str, Any]:
    """An order without a shipping address of its own goes to the billing address."""
    if not shipping.get("address_1"):
        return billing
    contact = {name: billing[name] for name in ("phone", "email") if billing.get(name)}
    return contact | {name: value for name, value in shipping.items() if value}


def _prepare_line(line: dict[str, Any], path: str, problems: list[Problem]) -> Decimal:
    """Add what the line costs before discounts; returns its subtotal."""
    total = amount(line, "total", path, problems)
    subtotal = amount(line, "subtotal", path, problems) if "subtotal" in line else total
    quantity = amount(line, "quantity", path, problems)
    derived = _gtin(line)
    if "total" in line or "subtotal" in line:
        derived["unit_price"] = text((subtotal / quantity if quantity else subtotal), places=6)
    elif "price" in line:
        derived["unit_price"] = text(amount(line, "price", path, problems), places=6)
    if subtotal != total:
        derived["discount"] = text(subtotal - total)
    line["derived"] = derived
    return subtotal


def _gtin(thing: dict[str, Any]) -> dict[str, Any]:
    gtin = thing.get("global_unique_id")
    plausible = isinstance(gtin, str) and gtin.isascii() and gtin.isdigit() and 8 <= len(gtin) <= 14
    return {"gtin": gtin} if plausible else {}


def _prepare_product(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> bool:
    document["derived"] = _gtin(document)
    return str(document.get("type")) not in _ROOFS


def _prepare_customer(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> bool:
    billing = _address(document, "billing")
    named = (
        f"{who.get('first_name', '')} {who.get('last_name', '')}" for who in (document, billing)
    )
    names = [billing.get("company"), *named, document.get("username"), document.get("email")]
    kinds = (("bill_to", billing), ("ship_to", _address(document, "shipping")))
    document["derived"] = {
        "channel": connection.slug,
        "name": next((name.strip() for name in names if name and name.strip()), None),
        "addresses": [
            {"role": role, "address": address}
            for role, address in kinds
            if address.get("address_1")
        ],
    }
    return True


def _prepare_refund(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> bool:
    refund = document.get("refund")
    if not isinstance(refund, dict):
        problems.append(Problem("missing_field", "refund", "", "refund is missing."))
        return False
    lines = objects(refund, "line_items", problems)
    # WooCommerce lists untouched lines too, with a quantity of zero.
    returned = [
        line
        for n, line in enumerate(lines)
        if amount(line, "quantity", f"line_items[{n}]", problems)
    ]
    refund["line_items"] = returned
    return bool(returned)


_PREPARE: Final[dict[str, Callable[[dict[str, Any], Connection, list[Problem]], bool]]] = {
    "order": _prepare_order,
    "product": _prepare_product,
    "customer": _prepare_customer,
    "return": _prepare_refund,
}
