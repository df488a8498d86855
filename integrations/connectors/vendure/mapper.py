"""Vendure's documents made ready for mapping. Pure."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors import json_object
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.inbound import Native
from integrations.connectors.vendure import mappings, states
from integrations.connectors.vendure.amounts import ZERO, amount, count, text
from integrations.connectors.vendure.settings import digits

MAPPINGS: Mappings = {
    ("order", "in"): mappings.ORDER_IN,
    ("product", "in"): mappings.PRODUCT_IN,
    ("customer", "in"): mappings.CUSTOMER_IN,
    ("order", "out"): mappings.ORDER_OUT,
    ("shipment", "out"): mappings.SHIPMENT_OUT,
    ("availability", "out"): mappings.AVAILABILITY_OUT,
    ("price_list", "out"): mappings.PRICE_LIST_OUT,
}
STREAMS: Streams = {"orders": "order", "products": "product", "customers": "customer"}
_PAID: Final = ("Settled", "Authorized")

split = json_object.split


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one document and add `derived`, see `mappings`. No document: it is no news to the hub.

    That is so for carts and drafts, for orders that are shipped, which are an echo, and for variants
    without a SKU.
    """
    native = json_object.read(object_type, topic, body, connection)
    if native.problems:
        return native
    [document] = native.documents
    problems: list[Problem] = []
    found = _PREPARE[object_type](document, connection, problems)
    return Native(object_type, [] if problems else found, problems)


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """The shop's own id of a document."""
    found = document.get("id")
    return str(found) if found not in (None, "") else None


def _order(document: dict[str, Any], connection: Connection, problems: list[Problem]) -> list[Any]:
    if not states.is_news(document):
        return []
    places = digits(connection)
    nodes = _rows(document, "lines", problems)
    left = [
        count(node.get("quantity"), f"lines[{n}].quantity", problems)
        for n, node in enumerate(nodes)
    ]
    # A cancelled order keeps its lines with nothing left in them, and amounts of nothing.
    is_emptied = bool(nodes) and not any(left)
    lines = [
        line
        for n, node in enumerate(nodes)
        if is_emptied or left[n]
        for line in [_line(node, n, places, is_emptied, problems)]
    ]
    surcharges = sum(
        (
            amount(one.get("price"), f"surcharges[{n}].price", places, problems)
            for n, one in enumerate(_optional(document, "surcharges"))
        ),
        ZERO,
    )
    totals = {
        name: amount(document.get(name), name, places, problems)
        for name in ("shipping", "total", "totalWithTax")
    }
    before = sum((line["before"] for line in lines), ZERO)
    discount = sum((line["off"] for line in lines), ZERO)
    tax = totals["totalWithTax"] - totals["total"]
    total = totals["totalWithTax"]
    if is_emptied:
        tax = sum((line["taxed"] for line in lines), ZERO)
        total = before + tax + totals["shipping"] + surcharges
    shipping, billing = (_address(document, name) for name in ("shippingAddress", "billingAddress"))
    customer = _known(document.get("customer"))
    document["customer"] = customer
    document["derived"] = {
        "channel": connection.slug,
        "status": "cancelled" if is_emptied else states.status_of(document, connection),
        "customer": _name(customer),
        "ship_to": _whole(shipping if shipping.get("streetLine1") else billing, customer),
        "bill_to": _whole(billing, customer) if billing.get("streetLine1") else None,
        "service": _service(document),
        "payment": _payment(document),
        "lines": [{name: line[name] for name in line["shown"]} for line in lines],
        "lines_total": text(before),
        "discount": text(discount),
        "shipping": text(totals["shipping"]),
        "tax": text(tax),
        "fees": text(surcharges) if surcharges else None,
        "total": text(total),
    }
    return [document] if lines or problems else []


def _line(
    node: dict[str, Any], n: int, places: int, as_placed: bool, problems: list[Problem]
) -> dict[str, Any]:
    """A line before tax: with what is left of it, or as it was placed."""

    def money(name: str) -> Decimal:
        return amount(node.get(name), f"lines[{n}].{name}", places, problems)

    name = "orderPlacedQuantity" if as_placed else "quantity"
    quantity = count(node.get(name), f"lines[{n}].{name}", problems)
    price, variant = money("unitPrice"), _known(node.get("productVariant"))
    before, after, tax = money("linePrice"), money("proratedLinePrice"), money("lineTax")
    if as_placed:
        before = after = price * quantity
        tax = (money("unitPriceWithTax") - price) * quantity
    off = before - after
    line: dict[str, Any] = {
        "line_no": str(node.get("id") or ""),
        "sku": variant.get("sku"),
        "description": variant.get("name"),
        "quantity": text(quantity),
        "unit_price": text(price),
        "discount": text(off) if off else None,
        "total": text(after),
        "tax": text(tax),
    }
    return {**line, "shown": list(line), "before": before, "off": off, "taxed": tax}


def _product(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[Any]:
    product = _known(document.get("product"))
    price = amount(document.get("price"), "price", digits(connection), problems)
    document["derived"] = {
        "enabled": document.get("enabled") is not False and product.get("enabled") is not False,
        "price": text(price) if document.get("price") is not None else None,
    }
    return [document] if document.get("sku") else []


def _customer(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[Any]:
    addresses: list[dict[str, Any]] = []
    for entry in _optional(document, "addresses"):
        address = _known(entry)
        code = _known(address.get("country")).get("code")
        if address.get("streetLine1") and address.get("city") and code:
            shaped = _whole(address | {"countryCode": code}, document, email=False)
            addresses.append({"role": _role(address), "address": shaped})
    companies = [one["address"].get("company") for one in addresses]
    document["derived"] = {
        "channel": connection.slug,
        "name": _name(document) or document.get("emailAddress"),
        "addresses": addresses,
        "company": next((company for company in companies if company), None),
    }
    return [document]


_PREPARE: Final[dict[str, Callable[[dict[str, Any], Connection, list[Problem]], list[Any]]]] = {
    "order": _order,
    "product": _product,
    "customer": _customer,
}


def _role(address: dict[str, Any]) -> str:
    if address.get("defaultShippingAddress"):
        return "ship_to"
    return "bill_to" if address.get("defaultBillingAddress") else "other"


def _service(order: dict[str, Any]) -> str | None:
    methods = [
        _known(_known(one).get("shippingMethod")) for one in _optional(order, "shippingLines")
    ]
    return next((str(one["name"]) for one in methods if one.get("name")), None)


def _payment(order: dict[str, Any]) -> dict[str, Any]:
    """The payment that counts: one that is settled, else authorised, else the last one tried."""
    payments = [_known(one) for one in _optional(order, "payments")]
    for state in _PAID:
        for payment in payments:
            if payment.get("state") == state:
                return payment
    return payments[-1] if payments else {}


def _name(holder: dict[str, Any]) -> str:
    names = (holder.get("firstName"), holder.get("lastName"))
    return " ".join(str(name) for name in names if name).strip()


def _whole(
    address: dict[str, Any], customer: dict[str, Any], *, email: bool = True
) -> dict[str, Any]:
    """The address, with the customer's e-mail address and, where it has none, name."""
    more = {"email": customer.get("emailAddress")} if email else {}
    if not (address.get("fullName") or address.get("company")):
        more["fullName"] = _name(customer)
    return address | {name: value for name, value in more.items() if value}


def _address(document: dict[str, Any], name: str) -> dict[str, Any]:
    return _known(document.get(name))


def _known(value: Any) -> dict[str, Any]:
    """An object without the fields that say nothing."""
    found = value if isinstance(value, dict) else {}
    return {key: entry for key, entry in found.items() if entry not in (None, "")}


def _optional(document: dict[str, Any], name: str) -> list[Any]:
    found = document.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _rows(document: dict[str, Any], name: str, problems: list[Problem]) -> list[dict[str, Any]]:
    found = document.get(name)
    if isinstance(found, list) and all(isinstance(node, dict) for node in found):
        return found
    problem = Problem("wrong_type", name, shorten(found), f"{name} must be a list of objects.")
    problems.append(problem)
    return []
