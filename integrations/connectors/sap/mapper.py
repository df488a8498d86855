"""SAP's documents made ready for mapping. Pure."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors import json_object
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.inbound import Native
from integrations.connectors.odata import values
from integrations.connectors.odata.amounts import ZERO, amount, each, objects, text
from integrations.connectors.sap import mappings

MAPPINGS: Mappings = {
    ("shipment", "in"): mappings.SHIPMENT_IN,
    ("inventory", "in"): mappings.INVENTORY_IN,
    ("product", "in"): mappings.PRODUCT_IN,
    ("customer", "in"): mappings.CUSTOMER_IN,
    ("invoice", "in"): mappings.INVOICE_IN,
    ("order", "out"): mappings.ORDER_OUT,
}
STREAMS: Streams = {
    "deliveries": "shipment",
    "stock": "inventory",
    "products": "product",
    "customers": "customer",
    "billing_documents": "invoice",
}
_ISSUED: Final = "C"
_DELIVERED: Final = "C"
_QUALITY: Final = "02"
_BLOCKED: Final = "07"
# What lies there, whether it may be sold or not. The other types are on their way or somebody else's.
_THERE: Final = frozenset({"01", _QUALITY, _BLOCKED})

split = json_object.split


def read(object_type: str, topic: str, body: bytes, connection: Connection) -> Native:
    """Decode one document and add `derived`, see `mappings`. One delivery may be for several orders, one
    material's stock in several plants: each is a document. None: it is no news to the hub."""
    native = json_object.read(object_type, topic, body, connection)
    if native.problems:
        return native
    [sent] = native.documents
    if values.is_cut(sent):
        told = "SAP sent only a part of a list inside the document, and the rest stands elsewhere."
        return Native(object_type, [], [Problem("malformed_document", "", "", told)])
    try:
        document = values.plain(sent)
    except ValueError as error:
        return Native(object_type, [], [Problem("malformed_document", "", "", str(error))])
    problems: list[Problem] = []
    found = _PREPARE[object_type](document, connection, problems)
    return Native(object_type, [] if problems else found, problems)


def remote_id(object_type: str, document: dict[str, Any]) -> str | None:
    """SAP's own id of a native document as `read` gave it."""
    if object_type in {"shipment", "inventory"}:
        return document.get("derived", {}).get("id")
    name = {"product": "Product", "customer": "Customer", "invoice": "BillingDocument"}[object_type]
    found = document.get(name)
    return None if found in (None, "") else str(found)


def orders_of(delivery: dict[str, Any]) -> Iterator[str]:
    """The sales orders that a delivery is for, by SAP's numbers."""
    for item in delivery.get("to_DeliveryDocumentItem") or []:
        if isinstance(item, dict) and item.get("ReferenceSDDocument"):
            yield str(item["ReferenceSDDocument"])


def _shipments(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[dict[str, Any]]:
    delivery = document.get("shipment")
    if not isinstance(delivery, dict):
        problems.append(Problem("missing_field", "shipment", "", "shipment is missing."))
        return []
    if delivery.get("OverallGoodsMovementStatus") != _ISSUED:
        return []
    states = document.get("orders")
    states = states if isinstance(states, dict) else {}
    by_order: dict[str, list[dict[str, Any]]] = {}
    for position, item in enumerate(objects(delivery, "to_DeliveryDocumentItem", problems)):
        name = "ActualDeliveryQuantity"
        if name not in item:
            name = "ActualDeliveredQtyInOrderQtyUnit"
        quantity = amount(item, name, f"to_DeliveryDocumentItem[{position}]", problems)
        # The item that was split over batches stays, with a quantity of zero.
        if quantity > 0:
            line = {**item, "derived": {"shipped": text(quantity), "uom": _unit(item)}}
            by_order.setdefault(str(item.get("ReferenceSDDocument") or ""), []).append(line)
    return [
        _shipment(delivery, order, lines, states.get(order), is_alone=len(by_order) == 1)
        for order, lines in by_order.items()
    ]


def _unit(item: dict[str, Any]) -> Any:
    by_name = "DeliveryQuantityUnit" if "ActualDeliveryQuantity" in item else "OrderQuantityUnit"
    return item.get(by_name) or item.get("BaseUnit")


def _shipment(
    delivery: dict[str, Any],
    order: str,
    lines: list[dict[str, Any]],
    state: Any,
    *,
    is_alone: bool,
) -> dict[str, Any]:
    number = str(delivery.get("DeliveryDocument") or "")
    number = number if is_alone else f"{number}-{order}"
    weight = delivery.get("HeaderGrossWeight")
    derived = {
        "id": number or None,
        "number": number,
        "order": order or None,
        "plant": lines[0].get("Plant") or delivery.get("ShippingPoint"),
        "status": "complete" if state == _DELIVERED else "partial",
        "weight": weight if is_alone and weight not in (None, "") and Decimal(weight) else None,
    }
    return {**delivery, "to_DeliveryDocumentItem": lines, "derived": derived}


def _stock(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[dict[str, Any]]:
    row = document.get("row")
    if not isinstance(row, dict) or not row.get("Material"):
        problems.append(Problem("missing_field", "row.Material", "", "Material is missing."))
        return []
    plants = connection.lines("plants")
    sums: dict[tuple[str, str], dict[str, Decimal]] = {(plant, ""): {} for plant in plants}
    for position, one in enumerate(objects(row, "to_MatlStkInAcctMod", problems)):
        plant, kind = str(one.get("Plant") or ""), str(one.get("InventoryStockType") or "")
        # Special stock is a customer's or a supplier's, or promised to one order.
        if one.get("InventorySpecialStockType") or kind not in _THERE:
            continue
        if not plants or plant in plants:
            path = f"row.to_MatlStkInAcctMod[{position}]"
            found = amount(one, "MatlWrhsStkQtyInMatlBaseUnit", path, problems)
            held = sums.setdefault((plant, str(one.get("Batch") or "")), {})
            held[kind] = held.get(kind, ZERO) + found
    return [
        _level(row, document.get("read_at"), plant, lot, held)
        for (plant, lot), held in sums.items()
    ]


def _level(
    row: dict[str, Any], read_at: Any, plant: str, lot: str, held: dict[str, Decimal]
) -> dict[str, Any]:
    derived = {
        "id": "/".join(filter(None, (str(row["Material"]), plant, lot))),
        "plant": plant,
        "lot": lot or None,
        "on_hand": text(sum(held.values(), ZERO)),
        "quality_hold": text(held.get(_QUALITY, ZERO)),
        "damaged": text(held.get(_BLOCKED, ZERO)),
        "read_at": read_at,
    }
    return {
        "Material": row["Material"],
        "MaterialBaseUnit": row.get("MaterialBaseUnit"),
        "derived": derived,
    }


def _product(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[dict[str, Any]]:
    language = str(connection.settings["language"]).upper()
    texts = objects(document, "to_Description", problems)
    named = {str(one.get("Language") or "").upper(): one.get("ProductDescription") for one in texts}
    gtin = document.get("ProductStandardID")
    plausible = isinstance(gtin, str) and gtin.isascii() and gtin.isdigit() and 8 <= len(gtin) <= 14
    weight = amount(document, "GrossWeight", "", problems)
    document["derived"] = {
        "title": named.get(language) or next(filter(None, named.values()), None),
        "gtin": gtin if plausible else None,
        "weight": text(weight) if weight > 0 and document.get("WeightUnit") else None,
    }
    return [document]


def _customer(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[dict[str, Any]]:
    person = f"{document.get('FirstName') or ''} {document.get('LastName') or ''}".strip()
    names = ("BusinessPartnerFullName", "BusinessPartnerName", "OrganizationBPName1")
    addresses = objects(document, "to_BusinessPartnerAddress", problems)
    document["derived"] = {
        "name": next(filter(None, (document.get(name) for name in names)), None) or person or None,
        "addresses": [_address(one, problems) for one in addresses if _is_whole(one)],
        "email": _first(addresses, "to_EmailAddress", "EmailAddress", problems),
        "phone": _first(addresses, "to_PhoneNumber", "PhoneNumber", problems),
    }
    return [document] if document.get("Customer") or problems else _nobody(problems)


def _nobody(problems: list[Problem]) -> list[dict[str, Any]]:
    problems.append(Problem("missing_field", "Customer", "", "Customer is missing."))
    return []


def _is_whole(address: dict[str, Any]) -> bool:
    return all(address.get(name) for name in ("StreetName", "CityName", "Country"))


def _address(address: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    street = f"{address.get('StreetName')} {address.get('HouseNumber') or ''}".strip()
    return {**address, "street": street}


def _first(addresses: list[dict[str, Any]], inner: str, name: str, problems: list[Problem]) -> Any:
    for address in addresses:
        for holder in (*objects(address, inner, problems), address):
            if holder.get(name):
                return holder[name]
    return None


def _invoice(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[dict[str, Any]]:
    net, tax = (
        amount(document, name, "", problems) for name in ("TotalNetAmount", "TotalTaxAmount")
    )
    gross = document.get("TotalGrossAmount")
    total = amount(document, "TotalGrossAmount", "", problems) if gross else net + tax
    lines = objects(document, "to_Item", problems)
    for position, line in enumerate(lines):
        path = f"to_Item[{position}]"
        quantity = amount(line, "BillingQuantity", path, problems)
        line["derived"] = {"unit_price": each(amount(line, "NetAmount", path, problems), quantity)}
    orders = [line.get("SalesDocument") for line in lines if line.get("SalesDocument")]
    document["derived"] = {"total": text(total), "order": orders[0] if orders else None}
    return [document]


_PREPARE: Final[
    dict[str, Callable[[dict[str, Any], Connection, list[Problem]], list[dict[str, Any]]]]
] = {
    "shipment": _shipments,
    "inventory": _stock,
    "product": _product,
    "customer": _customer,
    "invoice": _invoice,
}
