"""What is written to a shop, where a mapping alone cannot say it. Pure."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.allotment import OpenLine, Pieces, allot
from integrations.connectors.amounts import amount
from integrations.connectors.magento.order_items import to_ship
from portal.core.errors import NeedsPerson

_Document = dict[str, Any]


def shape(object_type: str, document: _Document, *, source: str, notify: bool) -> _Document:
    """What is sent of a document. Stock is set at `source`, shipments leave from there; `notify`: the shop
    mails the buyer. NeedsPerson for a shipment that does not fit its order, and for what is no number."""
    problems: list[Problem] = []
    shaped = _SHAPES[object_type](document, problems)
    if problems:
        raise NeedsPerson(problems)
    if object_type == "availability":
        return shaped | {"source_code": source}
    if object_type == "shipment":
        shaped["notify"] = notify
        if source:
            shaped["arguments"] = {"extension_attributes": {"source_code": source}}
    return shaped


def _shipment(document: _Document, problems: list[Problem]) -> _Document:
    """A shipment by the ids of the order's items."""
    order = [
        OpenLine(
            str(item.get("item_id")),
            str(item.get("sku") or ""),
            amount(item, "qty_ordered", "", problems) - amount(item, "qty_shipped", "", problems),
        )
        for item in to_ship((document.get("order") or {}).get("items") or [])
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
    if not problems and not given:
        problems.append(Problem("missing_field", "lines", "", "The shipment has no pieces."))
    track = {"title": document.get("title"), "carrier_code": document.get("carrier_code")}
    return {
        "order_id": document.get("order_id"),
        "items": [
            {"order_item_id": int(known), "qty": _plain(quantity)}
            for known, quantity in given.items()
        ],
        "tracks": [{"track_number": number, **track} for number in document.get("tracking") or []],
        # Kept with the shipment, for its staff: this is how a repeated delivery is told.
        "comment": {"comment": document.get("number"), "is_visible_on_front": 0},
        "appendComment": False,
    }


def _stock(document: _Document, problems: list[Problem]) -> _Document:
    quantity = amount(document, "quantity", "", problems)
    return {
        "sku": document.get("sku"),
        "quantity": _plain(quantity),
        "status": 1 if quantity > 0 else 0,
    }


def _prices(document: _Document, problems: list[Problem]) -> _Document:
    return {
        "prices": [
            {
                "sku": one.get("sku"),
                "price": _plain(amount(one, "price", f"prices[{number}]", problems)),
                "store_id": 0,
            }
            for number, one in enumerate(document.get("prices") or [])
        ]
    }


def _plain(found: Decimal) -> int | float:
    """A number as JSON has it."""
    return int(found) if found == found.to_integral_value() else float(found)


_SHAPES: Final[dict[str, Callable[[_Document, list[Problem]], _Document]]] = {
    "shipment": _shipment,
    "availability": _stock,
    "price_list": _prices,
}
