"""Business Central's documents made ready for mapping. Pure."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors import json_object
from integrations.connectors.businesscentral import mappings
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.inbound import Native
from integrations.connectors.odata.amounts import amount, objects, text

MAPPINGS: Mappings = {
    ("shipment", "in"): mappings.SHIPMENT_IN,
    ("inventory", "in"): mappings.INVENTORY_IN,
    ("product", "in"): mappings.PRODUCT_IN,
    ("customer", "in"): mappings.CUSTOMER_IN,
    ("invoice", "in"): mappings.INVOICE_IN,
    ("order", "out"): mappings.ORDER_OUT,
}
STREAMS: Streams = {
    "shipments": "shipment",
    "stock": "inventory",
    "items": "product",
    "customers": "customer",
    "invoices": "invoice",
    "credit_memos": "invoice",
}
_ITEM: Final = "Item"
# How an empty choice is written where a name is wanted.
_BLANK: Final = frozenset({"", " ", "_x0020_"})

split = json_object.split


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one document and add `derived`, see `mappings`. None: it is no news to the hub, as services,
    drafts, and shipments of which no item left."""
    native = json_object.read(object_type, topic, body, connection)
    if native.problems:
        return native
    [document] = native.documents
    problems: list[Problem] = []
    found = _PREPARE[object_type](document, connection, problems)
    documents = [found] if found is not None and not problems else []
    return Native(object_type, documents, problems)


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """Their own id of a native document as `read` gave it."""
    found = document.get("id")
    return None if found in (None, "") else str(found)


def orders_of(shipment: dict[str, Any]) -> Iterator[str]:
    """The sales order that a posted shipment is for, by their number."""
    if shipment.get("orderNumber"):
        yield str(shipment["orderNumber"])


def _inner(document: dict[str, Any], name: str, problems: list[Problem]) -> dict[str, Any]:
    found = document.get(name)
    if isinstance(found, dict):
        return found
    problems.append(Problem("missing_field", name, "", f"{name} is missing."))
    return {}


def _shipment(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> dict[str, Any] | None:
    shipment = _inner(document, "shipment", problems)
    orders = document.get("orders")
    state = orders.get(str(shipment.get("orderNumber"))) if isinstance(orders, dict) else None
    lines = [
        {**line, "derived": {"shipped": text(quantity)}}
        for n, line in enumerate(objects(shipment, "salesShipmentLines", problems))
        if line.get("lineType", _ITEM) == _ITEM
        if (quantity := amount(line, "quantity", f"salesShipmentLines[{n}]", problems)) > 0
    ]
    derived = {
        "site": str(connection.settings["site"]),
        "order": shipment.get("externalDocumentNumber") or shipment.get("orderNumber"),
        # An order that is gone from their list is shipped and invoiced to the end.
        "status": "partial" if state is False else "complete",
    }
    return {**shipment, "salesShipmentLines": lines, "derived": derived} if lines else None


def _stock(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> dict[str, Any] | None:
    item = _inner(document, "row", problems)
    derived = {
        "site": str(connection.settings["site"]),
        "on_hand": text(amount(item, "inventory", "row", problems)),
        "read_at": document.get("read_at"),
    }
    return {**item, "derived": derived} if item.get("type", "Inventory") == "Inventory" else None


def _product(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> dict[str, Any] | None:
    gtin = document.get("gtin")
    plausible = isinstance(gtin, str) and gtin.isascii() and gtin.isdigit() and 8 <= len(gtin) <= 14
    document["derived"] = {"gtin": gtin if plausible else None}
    return None if document.get("type") == "Service" else document


def _customer(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> dict[str, Any] | None:
    whole = all(document.get(name) for name in ("addressLine1", "city", "country"))
    document["derived"] = {
        "addresses": [document.copy()] if whole else [],
        "is_blocked": str(document.get("blocked") or "") not in _BLANK,
    }
    return document


def _invoice(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> dict[str, Any] | None:
    is_credit = "creditMemoDate" in document
    total = amount(document, "totalAmountIncludingTax", "", problems)
    rest = amount(document, "remainingAmount", "", problems)
    lines = objects(
        document, "salesCreditMemoLines" if is_credit else "salesInvoiceLines", problems
    )
    for line in lines:
        is_item = line.get("lineType", _ITEM) == _ITEM
        line["derived"] = {"sku": line.get("lineObjectNumber") if is_item else None}
    counted = [line for line in lines if line.get("lineType") != "Comment"]
    has_rest = "remainingAmount" in document
    document["derived"] = {
        "type": "credit" if is_credit else "invoice",
        "issued_on": document.get("creditMemoDate" if is_credit else "invoiceDate"),
        "order": document.get("externalDocumentNumber") or document.get("orderNumber"),
        "paid": text(total - rest) if has_rest else None,
        "status": _status(str(document.get("status") or ""), paid=has_rest and rest < total),
        "lines": counted,
    }
    return document


def _status(native: str, *, paid: bool) -> str:
    known = {"Draft": "draft", "In Review": "draft", "Paid": "paid", "Canceled": "void"}
    if native == "Corrective":
        return "credited"
    return known.get(native, "partially_paid" if paid else "posted")


_PREPARE: Final[
    dict[str, Callable[[dict[str, Any], Connection, list[Problem]], dict[str, Any] | None]]
] = {
    "shipment": _shipment,
    "inventory": _stock,
    "product": _product,
    "customer": _customer,
    "invoice": _invoice,
}
