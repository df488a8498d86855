"""Amazon's orders made ready for mapping. Pure."""

from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors import json_object
from integrations.connectors.amazon import mappings
from integrations.connectors.amazon.marketplaces import Marketplace, marketplace
from integrations.connectors.amazon.settings import with_amazons
from integrations.connectors.amounts import ZERO, amount, objects, text
from integrations.connectors.connection import Connection
from integrations.connectors.connector import Mappings, Streams
from integrations.connectors.inbound import Native

MAPPINGS: Mappings = {
    ("order", "in"): mappings.ORDER_IN,
    ("shipment", "out"): mappings.SHIPMENT_OUT,
    ("availability", "out"): mappings.AVAILABILITY_OUT,
}
STREAMS: Streams = {"orders": "order"}

# Before it is paid an order has no address and is not to be released; after it was released it says what our
# own shipments did.
_NO_NEWS: Final = frozenset({"PENDING", "PENDING_AVAILABILITY", "PARTIALLY_SHIPPED", "SHIPPED"})
# Gift wrap, cash on delivery, tips and what is new are fees.
_PARTS: Final = frozenset({"ITEM", "SHIPPING", "TAX", "DISCOUNT"})
_WITHHELD: Final = "withheld by Amazon"
_LONGEST: Final = 200  # characters of a line of an address
_MOST_NOTES: Final = 100
_CENT: Final = Decimal("0.01")

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
    found = document.get("orderId")
    return None if found is None else str(found)


def _orders(document: dict[str, Any], connection: Connection, problems: _Problems) -> list[Any]:
    fulfilment = _group(document, "fulfillment")
    by_amazon = fulfilment.get("fulfilledBy") == "AMAZON"
    status = str(fulfilment.get("fulfillmentStatus") or "")
    if status in _NO_NEWS or (by_amazon and not with_amazons(connection)):
        return []
    gone = status == "CANCELLED"
    items = objects(document, "orderItems", problems)
    for number, item in enumerate(items):
        item["derived"] = _line(item, f"orderItems[{number}]", problems, gone=gone)
    address = _group(_group(document, "recipient"), "deliveryAddress")
    document["derived"] = {
        "channel": connection.slug,
        "status": status_of(status, by_amazon=by_amazon),
        "type": "b2b" if "AMAZON_BUSINESS" in _words(document, "programs") else "b2c",
        "currency": _currency(document, items),
        "ship_to": _address(document, address, gone=gone),
        "notes": _notes(document, items),
        "references": _references(document),
        **_totals(document, items, problems),
    }
    return [document]


def status_of(status: str, *, by_amazon: bool) -> str:
    """What Amazon's status means for an order of ours: open, on_hold or cancelled. What Amazon ships itself
    is never open."""
    if status == "CANCELLED":
        return "cancelled"
    return "open" if status == "UNSHIPPED" and not by_amazon else "on_hold"


def _line(item: dict[str, Any], path: str, problems: _Problems, *, gone: bool) -> dict[str, Any]:
    ordered = amount(item, "quantityOrdered", path, problems)
    if gone and not ordered:
        ordered = Decimal(1)  # a cancelled item has none left, and a line needs one
    parts = _parts(_group(item, "proceeds"), path, problems)
    price = amount(
        _group(_group(_group(item, "product"), "price"), "unitPrice"), "amount", path, problems
    )
    worth = parts.get("ITEM", price * ordered)
    unit = price if price or not ordered else worth / ordered
    discount = abs(parts.get("DISCOUNT", ZERO))
    derived = {
        "quantity": text(ordered),
        "unit_price": text(unit, places=6),
        "total": text(worth - discount, places=6),
        "tax": text(parts.get("TAX", ZERO), places=6),
    }
    return derived | ({"discount": text(discount, places=6)} if discount else {})


def _totals(
    document: dict[str, Any], items: list[dict[str, Any]], problems: _Problems
) -> dict[str, Any]:
    proceeds = _group(document, "proceeds")
    parts = _parts(proceeds, "proceeds", problems)
    if not parts:  # an order need not say of itself what its items say
        for number, item in enumerate(items):
            its = _parts(_group(item, "proceeds"), f"orderItems[{number}].proceeds", [])
            for kind, part in its.items():
                parts[kind] = parts.get(kind, ZERO) + part
    known = [(one["derived"]["total"], one["derived"].get("discount", "0")) for one in items]
    worth = sum((Decimal(total) + Decimal(discount) for total, discount in known), ZERO)
    lines = parts.get("ITEM", worth)
    discount, tax = abs(parts.get("DISCOUNT", ZERO)), parts.get("TAX", ZERO)
    fees = parts.get("OTHER", ZERO)
    net = lines - discount + parts.get("SHIPPING", ZERO) + fees
    grand = _group(proceeds, "grandTotal")
    total = amount(grand, "amount", "proceeds.grandTotal", problems) if grand else net + tax
    return {
        # Where prices include tax, what is in them is not added once more.
        "taxes_included": bool(tax) and abs(net - total) < min(_CENT, abs(net + tax - total)),
        "lines_total": text(lines, places=6),
        "discount": text(discount, places=6),
        "shipping": text(parts.get("SHIPPING", ZERO), places=6),
        "tax": text(tax, places=6),
        "fees": text(fees, places=6) if fees else None,
        "total": text(total, places=6),
    }


def _parts(proceeds: dict[str, Any], path: str, problems: _Problems) -> dict[str, Decimal]:
    """What each kind of proceeds comes to."""
    found: dict[str, Decimal] = {}
    for number, part in enumerate(objects(proceeds, "breakdowns", problems)):
        where = f"{path}.breakdowns[{number}]"
        kind = str(part.get("type") or "OTHER")
        kind = kind if kind in _PARTS else "OTHER"
        subtotal = amount(_group(part, "subtotal"), "amount", where, problems)
        found[kind] = found.get(kind, ZERO) + subtotal
    return found


def _currency(document: dict[str, Any], items: list[dict[str, Any]]) -> str | None:
    prices = [_group(_group(_group(one, "product"), "price"), "unitPrice") for one in items]
    proceeds = [_group(_group(one, "proceeds"), "proceedsTotal") for one in items]
    for money in (_group(_group(document, "proceeds"), "grandTotal"), *prices, *proceeds):
        if found := money.get("currencyCode"):
            return str(found)
    # A cancelled order may say nothing of money; a zero needs a currency all the same.
    cancelled = _group(document, "fulfillment").get("fulfillmentStatus") == "CANCELLED"
    return _marketplace(document).currency if cancelled else None


def _address(document: dict[str, Any], address: dict[str, Any], *, gone: bool) -> dict[str, Any]:
    """The address, its lines in order. Of a cancelled order Amazon tells none."""
    if gone and not address:
        told = {"name": _WITHHELD, "lines": [_WITHHELD], "city": _WITHHELD}
        return {**told, "countryCode": _marketplace(document).country}
    lines = [str(address.get(f"addressLine{n}") or "").strip() for n in (1, 2, 3)]
    buyer = _group(document, "buyer").get("buyerName")
    return {
        **address,
        "name": address.get("name") or address.get("companyName") or buyer,
        "lines": [line[:_LONGEST] for line in lines if line],
        # Some countries have no city but a municipality or a district.
        "city": address.get("city")
        or address.get("municipality")
        or address.get("districtOrCounty"),
    }


def _notes(document: dict[str, Any], items: list[dict[str, Any]]) -> list[dict[str, str]]:
    notes = []
    preference = _group(_group(document, "recipient"), "deliveryPreference")
    for name in ("addressInstruction", "dropOffLocation"):
        if said := preference.get(name):
            notes.append({"audience": "warehouse", "text": str(said)})
    for item in items:
        request = _group(_group(item, "cancellation"), "cancellationRequest")
        if request:
            sku = _group(item, "product").get("sellerSku") or item.get("orderItemId")
            said = (
                f"{sku}: the {str(request.get('requester') or 'buyer').lower()} asks for a cancel."
            )
            notes.append({"audience": "warehouse", "text": said})
        gift = _group(_group(_group(item, "fulfillment"), "packing"), "giftOption")
        if message := gift.get("giftMessage"):
            notes.append({"audience": "gift", "text": str(message)})
    different = {tuple(note.items()): note for note in notes}
    return list(different.values())[:_MOST_NOTES]


def _references(document: dict[str, Any]) -> list[dict[str, str]]:
    found = [{"kind": "amazon.order", "value": str(document.get("orderId"))}]
    if marketplace := _group(document, "salesChannel").get("marketplaceId"):
        found.append({"kind": "amazon.marketplace", "value": str(marketplace)})
    for other in _list(document, "associatedOrders"):
        if isinstance(other, dict) and other.get("orderId"):
            found.append({"kind": "amazon.associated_order", "value": str(other["orderId"])})
    return found


def _marketplace(document: dict[str, Any]) -> Marketplace:
    return marketplace(str(_group(document, "salesChannel").get("marketplaceId") or ""))


def _group(thing: dict[str, Any], name: str) -> dict[str, Any]:
    found = thing.get(name)
    return found if isinstance(found, dict) else {}


def _list(thing: dict[str, Any], name: str) -> list[Any]:
    found = thing.get(name)
    return found if isinstance(found, list) else []


def _words(thing: dict[str, Any], name: str) -> frozenset[str]:
    return frozenset(map(str, _list(thing, name)))
