"""Shopify's documents made ready for mapping, whichever way they came. Pure."""

from collections.abc import Callable
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors import json_object
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.inbound import Native
from integrations.connectors.shopify import mappings, order_lines, rest_shapes, states
from integrations.connectors.shopify.amounts import ZERO, amount, shop_money, text
from integrations.connectors.shopify.ids import number_of

MAPPINGS: Mappings = {
    ("order", "in"): mappings.ORDER_IN,
    ("product", "in"): mappings.PRODUCT_IN,
    ("customer", "in"): mappings.CUSTOMER_IN,
    ("return", "in"): mappings.RETURN_IN,
    ("inventory", "in"): mappings.INVENTORY_IN,
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
    "stock": "inventory",
}

_UNITS: Final = {"GRAMS": "GR", "KILOGRAMS": "KG", "OUNCES": "OZ", "POUNDS": "LB"}
# Shopify's names of quantities, and the canonical ones.
_QUANTITIES: Final = {
    "on_hand": "on_hand",
    "available": "available",
    "committed": "committed",
    "reserved": "reserved",
    "damaged": "damaged",
    "quality_control": "quality_hold",
    "safety_stock": "safety_stock",
    "incoming": "incoming",
}

split = json_object.split


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one document, in GraphQL's shape, and add `derived`, see `mappings`. No document: it is no news
    to the hub.

    That is so for orders that are shipped (they are an echo, and what they say afterwards must not send them
    out again), for orders and refunds with nothing to ship in them, for stock without a SKU, and for orders
    by webhook while it is the poll that knows their risk.
    """
    native = json_object.read(object_type, topic, body, connection)
    if native.problems:
        return native
    [document] = native.documents
    problems: list[Problem] = []
    shaped = rest_shapes.to_graphql(object_type, document)
    found = _PREPARE[object_type](shaped, connection, problems)
    return Native(object_type, [] if problems else found, problems)


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """The number in the shop's own id of a document as `read` gave it; of a product, its variant's."""
    holder = document.get("variant") if object_type == "product" else document
    number = number_of(holder.get("id")) if isinstance(holder, dict) else ""
    return number or None


def _order(document: dict[str, Any], connection: Connection, problems: list[Problem]) -> list[Any]:
    if states.is_undecided(document, connection):
        return []
    if document.get("displayFulfillmentStatus") in states.SHIPPED and not document.get(
        "cancelledAt"
    ):
        return []
    nodes = _nodes(document, "lineItems", problems)
    found = order_lines.read(nodes, problems)
    if not found.lines and not problems and nodes:
        return []
    names = ("totalTipReceivedSet", "currentTotalDutiesSet", "currentTotalAdditionalFeesSet")
    fees = found.unshipped + sum((shop_money(document, name, "", problems) for name in names), ZERO)
    shipping, billing = (_address(document, name) for name in ("shippingAddress", "billingAddress"))
    status = "cancelled" if found.is_emptied else states.status_of(document, connection)
    document["derived"] = {
        "channel": connection.slug,
        "status": status,
        "ship_to": _whole(shipping if shipping.get("address1") else billing, document),
        "bill_to": _whole(billing, document) if billing.get("address1") else None,
        "lines": found.lines,
        "lines_total": text(found.subtotal),
        "discount": text(found.discount),
        "shipping": text(shop_money(document, "currentShippingPriceSet", "", problems)),
        "tax": text(shop_money(document, "currentTotalTaxSet", "", problems)),
        "fees": text(fees) if fees else None,
        "total": text(shop_money(document, "currentTotalPriceSet", "", problems)),
        "number": str(document.get("name") or "").removeprefix("#"),
        "id": number_of(document.get("id")),
        "customer": number_of((document.get("customer") or {}).get("id")),
    }
    return [document]


def _whole(address: dict[str, Any], order: dict[str, Any]) -> dict[str, Any]:
    """The address, with the order's e-mail address: Shopify's have none."""
    return address | ({"email": order["email"]} if order.get("email") else {})


def _product(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[Any]:
    """One document for each variant: a SKU is a variant's."""
    variants = _nodes(document, "variants", problems)
    plain = {name: value for name, value in document.items() if name != "variants"}
    return [
        plain
        | {"variant": variant, "derived": _of_variant(document, variant, len(variants), problems)}
        for variant in variants
        if variant.get("sku")
    ]


def _of_variant(
    product: dict[str, Any], variant: dict[str, Any], count: int, problems: list[Problem]
) -> dict[str, Any]:
    titles = [product.get("title"), variant.get("title") if count > 1 else None]
    derived: dict[str, Any] = {
        "title": " - ".join(str(title) for title in titles if title),
        "gtin": _gtin(variant.get("barcode")),
    }
    item = variant.get("inventoryItem")
    measured = item.get("measurement") if isinstance(item, dict) else None
    weight = measured.get("weight") if isinstance(measured, dict) else None
    if isinstance(weight, dict) and weight.get("unit") in _UNITS:
        value = amount(weight.get("value"), "variant.weight", problems)
        derived["weight"] = {"value": text(value), "uom": _UNITS[weight["unit"]]} if value else None
    return derived


def _gtin(barcode: Any) -> str | None:
    """A barcode that can be a GTIN."""
    plausible = isinstance(barcode, str) and barcode.isascii() and barcode.isdigit()
    return barcode if plausible and 8 <= len(barcode) <= 14 else None


def _customer(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[Any]:
    address = _address(document, "defaultAddress")
    document["derived"] = {
        "channel": connection.slug,
        "id": number_of(document.get("id")),
        "addresses": [{"role": "other", "address": address}] if address.get("address1") else [],
        "company": address.get("company"),
    }
    return [document]


def _refund(document: dict[str, Any], connection: Connection, problems: list[Problem]) -> list[Any]:
    order = document.get("order") if isinstance(document.get("order"), dict) else {}
    lines = [line for line in _nodes(document, "refundLineItems", problems) if _is_goods(line)]
    document["derived"] = {
        "id": number_of(document.get("id")),
        "order": str(order.get("name") or "").removeprefix("#"),  # type: ignore[union-attr]
        "order_id": number_of(order.get("id")),  # type: ignore[union-attr]
        "lines": [
            {
                "sku": (line.get("lineItem") or {}).get("sku"),
                "quantity": text(
                    amount(line.get("quantity"), f"refundLineItems[{n}].quantity", problems)
                ),
                "disposition": str(line.get("restockType") or "").lower() or None,
            }
            for n, line in enumerate(lines)
        ],
    }
    return [document] if lines else []


def _is_goods(line: dict[str, Any]) -> bool:
    """Whether a line of a refund speaks of goods that come back: not of what is cancelled before it ships."""
    item = line.get("lineItem")
    if not isinstance(item, dict) or item.get("requiresShipping") is False:
        return False
    return line.get("restockType") != "CANCEL" and line.get("quantity") not in (0, "0", None)


def _stock(document: dict[str, Any], connection: Connection, problems: list[Problem]) -> list[Any]:
    item, place = document.get("item"), document.get("location")
    sku = item.get("sku") if isinstance(item, dict) else None
    if not sku or not isinstance(place, dict):
        return []
    quantities = {
        _QUANTITIES[str(one["name"])]: text(amount(one.get("quantity"), "quantities", problems))
        for one in document.get("quantities") or []
        if isinstance(one, dict) and one.get("name") in _QUANTITIES
    }
    document["derived"] = {"sku": sku, "location": str(place.get("name") or ""), **quantities}
    return [document]


_PREPARE: Final[dict[str, Callable[[dict[str, Any], Connection, list[Problem]], list[Any]]]] = {
    "order": _order,
    "product": _product,
    "customer": _customer,
    "return": _refund,
    "inventory": _stock,
}


def _address(document: dict[str, Any], name: str) -> dict[str, Any]:
    """An address without the fields that say nothing."""
    address = document.get(name)
    found = address if isinstance(address, dict) else {}
    return {key: value for key, value in found.items() if value not in (None, "")}


def _nodes(document: dict[str, Any], name: str, problems: list[Problem]) -> list[dict[str, Any]]:
    holder = document.get(name)
    found = holder.get("nodes") if isinstance(holder, dict) else None
    if isinstance(found, list) and all(isinstance(node, dict) for node in found):
        return found
    problem = Problem("wrong_type", name, shorten(found), f"{name} must be a list of objects.")
    problems.append(problem)
    return []
