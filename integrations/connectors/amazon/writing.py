"""What is written to Amazon, where a mapping alone cannot say it. Pure."""

from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.allotment import OpenLine, Pieces, allot
from integrations.connectors.amounts import amount, objects
from integrations.connectors.outbound import Outbound
from portal.core.errors import NeedsPerson

_NINE_DIGITS: Final = 10**9 - 1


def reference(key: str) -> str:
    """The package reference of a shipment: a number above zero, the same for the same key. Whoever confirms a
    package again under its reference changes it, and makes no second one."""
    digest = sha256(key.encode("utf-8", "surrogatepass")).digest()
    return str(int.from_bytes(digest[:8], "big") % _NINE_DIGITS + 1)


def referred(item: Outbound) -> Outbound:
    """A delivery with the reference of its package in its document."""
    if item.object_type != "shipment":
        return item
    known = {"reference": reference(item.business_key)}
    return item._replace(document={**item.document, **known})


def shape(object_type: str, document: dict[str, Any], *, product_type: str) -> dict[str, Any]:
    """What is sent of a document. NeedsPerson for a shipment that does not fit its order, and for what is no
    whole number of pieces."""
    problems: list[Problem] = []
    shaped = _SHAPES[object_type](document, problems)
    if problems:
        raise NeedsPerson(problems)
    return shaped | ({"productType": product_type} if object_type == "availability" else {})


def _stock(document: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    # Merge leaves the rest of it, such as the handling time, as it is.
    quantity = _whole(amount(document, "quantity", "", problems), "quantity", problems)
    value = [{"fulfillment_channel_code": "DEFAULT", "quantity": quantity}]
    patch = {"op": "merge", "path": "/attributes/fulfillment_availability", "value": value}
    return {"sku": document.get("sku"), "patches": [patch]}


def _shipment(document: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """A shipment by the ids of the order's items, as one package."""
    there = document.get("there")
    order = there.get("order") if isinstance(there, dict) else None
    order = order if isinstance(order, dict) else {}
    left = [_open(item, problems) for item in objects(order, "orderItems", problems)]
    shipped = [
        Pieces(
            str(line.get("line_no") or ""),
            str(line.get("sku") or ""),
            amount(line, "quantity", f"lines[{number}]", problems),
            f"lines[{number}].sku",
        )
        for number, line in enumerate(document.get("lines") or [])
    ]
    given, strangers = allot(shipped, left)
    problems += strangers
    if not problems and not given:
        problems.append(Problem("missing_field", "lines", "", "The shipment has no pieces."))
    for name, said in (("trackingNumber", "tracking number"), ("carrierCode", "carrier")):
        if not document.get("package", {}).get(name):
            text = f"The shipment has no {said}, and Amazon takes none without."
            problems.append(Problem("missing_field", name, "", text))
    items = [
        {"orderItemId": known, "quantity": _whole(quantity, "lines", problems)}
        for known, quantity in given.items()
    ]
    package = {
        "packageReferenceId": document.get("reference"),
        **document.get("package", {}),
        "orderItems": items,
    }
    channel = order.get("salesChannel")
    marketplace = channel.get("marketplaceId") if isinstance(channel, dict) else None
    return {"marketplaceId": marketplace, "packageDetail": package}


def _open(item: dict[str, Any], problems: list[Problem]) -> OpenLine:
    product, fulfilment = item.get("product") or {}, item.get("fulfillment") or {}
    left = amount(item, "quantityOrdered", "", problems)
    if "quantityUnfulfilled" in fulfilment:
        left = amount(fulfilment, "quantityUnfulfilled", "", problems)
    return OpenLine(str(item.get("orderItemId")), str(product.get("sellerSku") or ""), left)


def _whole(found: Decimal, path: str, problems: list[Problem]) -> int:
    if found == found.to_integral_value():
        return int(found)
    said = f"{shorten(found)} pieces cannot be told to Amazon: it counts whole ones."
    problems.append(Problem("wrong_format", path, shorten(found), said))
    return 0


_SHAPES: Final[dict[str, Callable[[dict[str, Any], list[Problem]], dict[str, Any]]]] = {
    "shipment": _shipment,
    "availability": _stock,
}
