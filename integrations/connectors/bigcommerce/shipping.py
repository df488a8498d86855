"""What is written to a store, where a mapping alone cannot say it. Pure."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.allotment import OpenLine, Pieces, allot
from integrations.connectors.amounts import amount
from portal.core.errors import NeedsPerson


def shape(object_type: str, document: dict[str, Any], *, location: str) -> dict[str, Any]:
    """What is sent of a document; stock is set at `location`. NeedsPerson for a shipment that does not fit
    its order, and for what is no number."""
    problems: list[Problem] = []
    shaped = _SHAPES[object_type](document, problems)
    if problems:
        raise NeedsPerson(problems)
    return shaped | ({"location_id": _number(location)} if object_type == "availability" else {})


def _stock(document: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    return {**document, "quantity": _plain(amount(document, "quantity", "", problems))}


def _shipment(document: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """A shipment by the ids of the order's products, to the one address that they go to."""
    products = document.get("order_products") or []
    order = [
        OpenLine(
            str(one.get("id")),
            str(one.get("sku") or ""),
            amount(one, "quantity", "", problems) - amount(one, "quantity_shipped", "", problems),
        )
        for one in products
    ]
    shipped = [
        Pieces(
            str(line.get("line_no") or ""),
            str(line.get("sku") or ""),
            amount(line, "quantity", f"lines[{number}]", problems),
            f"lines[{number}].sku",
        )
        for number, line in enumerate(document.get("lines") or [])
    ]
    given, strangers = allot(shipped, order)
    problems += strangers
    addresses = {one.get("order_address_id") for one in products if str(one.get("id")) in given}
    if not problems and not given:
        problems.append(Problem("missing_field", "lines", "", "The shipment has no pieces."))
    elif not problems and len(addresses) > 1:
        said = "The shipment goes to two addresses; the store wants a shipment for each."
        problems.append(Problem("change_not_supported", "lines", "", said))
    items = [
        {"order_product_id": _number(known), "quantity": _plain(quantity)}
        for known, quantity in given.items()
    ]
    rest = {name: value for name, value in document.items() if name != "lines"}
    address = next(iter(addresses), None)
    return {**rest, "order_address_id": address, "items": items}


def _prices(document: dict[str, Any], problems: list[Problem]) -> dict[str, Any]:
    currency = document.get("currency")
    return {
        "records": [
            {
                "sku": one.get("sku"),
                "price": _plain(amount(one, "price", f"prices[{number}]", problems)),
                "currency": currency,
            }
            for number, one in enumerate(document.get("prices") or [])
        ]
    }


def _number(known: str) -> int | str:
    return int(known) if known.isascii() and known.isdigit() else known


def _plain(found: Decimal) -> int | float:
    """A number as JSON has it; the store takes no text for one."""
    return int(found) if found == found.to_integral_value() else float(found)


_SHAPES: Final[dict[str, Callable[[dict[str, Any], list[Problem]], dict[str, Any]]]] = {
    "shipment": _shipment,
    "availability": _stock,
    "price_list": _prices,
}
