"""What is written to Walmart, where a mapping alone cannot say it. Pure."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.allotment import OpenLine, Pieces, allot
from integrations.connectors.amounts import amount
from integrations.connectors.walmart.orderlines import OrderLine, group, lines_of
from portal.core.errors import NeedsPerson

_METHODS: Final = frozenset({"Standard", "Express", "OneDay", "Freight", "WhiteGlove", "Value"})
_LONGEST_NUMBER: Final = 30  # characters that are printed on a return label


def shape(object_type: str, document: dict[str, Any]) -> dict[str, Any]:
    """What is sent of a document. NeedsPerson for a shipment that does not fit its order, and for what is no
    whole number of pieces."""
    problems: list[Problem] = []
    shaped = _SHAPES[object_type](document, problems)
    if problems:
        raise NeedsPerson(problems)
    return shaped


def _stock(document: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    quantity = _whole(amount(document, "quantity", "", problems), "quantity", problems)
    return {"sku": document.get("sku"), "quantity": {"unit": "EACH", "amount": quantity}}


def _shipment(document: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """A shipment line by line, each with the parcel's tracking."""
    order = group(group(document, "there"), "order")
    there = {line.number: line for line in lines_of(order, problems)}
    left = [OpenLine(one.number, one.sku, one.left - one.shipped) for one in there.values()]
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
    tracking = _tracking(document, order, problems)
    number = str(document.get("number") or "")[:_LONGEST_NUMBER]
    lines = [
        _line(there[known], _whole(quantity, "lines", problems), tracking, number)
        for known, quantity in given.items()
    ]
    return {"orderShipment": {"orderLines": {"orderLine": lines}}}


def _line(line: OrderLine, quantity: int, tracking: dict[str, Any], number: str) -> dict[str, Any]:
    state = {
        "status": "Shipped",
        "statusQuantity": {"unitOfMeasurement": "EACH", "amount": str(quantity)},
        "trackingInfo": tracking,
    }
    return {
        "lineNumber": line.number,
        # The buyer asked for a cancel too late: Walmart wants to be told that this is known.
        "intentToCancelOverride": line.wants_cancel,
        "sellerOrderId": number,
        "orderLineStatuses": {"orderLineStatus": [state]},
    }


def _tracking(
    document: dict[str, Any], order: dict[str, Any], problems: list[Problem]
) -> dict[str, Any]:
    for name, said in (("tracking_number", "tracking number"), ("carrier", "carrier")):
        if not document.get(name):
            told = f"The shipment has no {said}, and Walmart takes none without."
            problems.append(Problem("missing_field", name, "", told))
    method = group(order, "shippingInfo").get("methodCode")
    return {
        "shipDateTime": _milliseconds(document, problems),
        "carrierName": {"carrier": document.get("carrier")},
        "methodCode": method if method in _METHODS else "Standard",
        "trackingNumber": document.get("tracking_number"),
    }


def _milliseconds(document: dict[str, Any], problems: list[Problem]) -> int:
    said = str(document.get("shipped_at") or "")
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        told = f"shipped_at is “{shorten(said)}”; a time such as 2026-03-02T13:58:04Z is needed."
        problems.append(Problem("wrong_format", "shipped_at", shorten(said), told))
        return 0
    return int(at.timestamp()) * 1000


def _whole(found: Decimal, path: str, problems: list[Problem]) -> int:
    if found == found.to_integral_value():
        return int(found)
    said = f"{shorten(found)} pieces cannot be told to Walmart: it counts whole ones."
    problems.append(Problem("wrong_format", path, shorten(found), said))
    return 0


_SHAPES: Final[dict[str, Callable[[dict[str, Any], list[Problem]], dict[str, Any]]]] = {
    "shipment": _shipment,
    "availability": _stock,
}
