"""Which lines of which fulfilment orders a shipment fulfils. Pure.

An order is split into fulfilment orders, one for each location at least. One fulfilment takes lines of one
location only.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.shopify.ids import number_of

Node = Mapping[str, Any]
_TAKES: Final = frozenset({"OPEN", "IN_PROGRESS"})
_WAITS: Final = frozenset({"ON_HOLD", "SCHEDULED"})
_UNDONE: Final = frozenset({"CANCELLED", "ERROR", "FAILURE"})


class Part(NamedTuple):
    """So many pieces of one line of a fulfilment order."""

    order: str
    line: str
    quantity: int


def standing(order: Node, tracking: Sequence[str]) -> str | None:
    """The id of the fulfilment that has all these tracking numbers already."""
    wanted = set(tracking)
    for fulfilment in order.get("fulfillments") or []:
        known = {one.get("number") for one in fulfilment.get("trackingInfo") or []}
        if wanted and fulfilment.get("status") not in _UNDONE and known >= wanted:
            return str(fulfilment["id"])
    return None


def allot(
    document: Mapping[str, Any], orders: Sequence[Node], *, first: str | None
) -> list[Part] | list[Problem]:
    """What the shipment fulfils, of one location, the location `first` before others; or why it cannot.

    A line is found by its number, which is the shop's own, else by its SKU. A complete shipment that names no
    lines is everything that is left.
    """
    if not document.get("lines") and document.get("shipped") != "complete":
        text = "The shipment names no goods that were shipped."
        return [Problem("missing_field", "lines", "", text)]
    open_orders = [order for order in orders if order.get("status") in _TAKES]
    by_place: dict[str, list[Node]] = {}
    for order in open_orders:
        by_place.setdefault(_place(order), []).append(order)
    places = sorted(by_place, key=lambda place: place != first)
    problems: list[Problem] = []
    for place in places:
        parts, lacking = _of_place(document, by_place[place])
        if parts and not lacking:
            return parts
        problems = problems or lacking
    return problems or [_nothing_open(orders)]


def _of_place(document: Mapping[str, Any], orders: list[Node]) -> tuple[list[Part], list[Problem]]:
    left = {
        (str(order["id"]), str(line["id"])): (line, int(line.get("remainingQuantity") or 0))
        for order in orders
        for line in (order.get("lineItems") or {}).get("nodes") or []
    }
    lines = document.get("lines") or []
    if not lines:
        return [Part(*key, count) for key, (_, count) in left.items() if count], []
    parts: dict[tuple[str, str], int] = {}
    lacking: list[Problem] = []
    for n, line in enumerate(lines):
        wanted, problem = _quantity(line, n)
        for key in _matching(line, left):
            node, count = left[key]
            taken = min(wanted, count)
            if taken:
                parts[key] = parts.get(key, 0) + taken
                left[key] = (node, count - taken)
                wanted -= taken
        if problem or wanted:
            lacking.append(problem or _too_many(line, n, wanted))
    return [Part(*key, count) for key, count in parts.items()], lacking


def _matching(
    line: Node, left: Mapping[tuple[str, str], tuple[Node, int]]
) -> list[tuple[str, str]]:
    number, sku = str(line.get("line_no") or ""), line.get("sku")
    by_number = [
        key
        for key, (node, _) in left.items()
        if number_of((node.get("lineItem") or {}).get("id")) == number
    ]
    by_sku = [key for key, (node, _) in left.items() if sku and node.get("sku") == sku]
    # A warehouse may number lines its own way: where the goods are others, the number is not the shop's.
    same = [key for key in by_number if not sku or left[key][0].get("sku") in (sku, "", None)]
    return same or by_sku


def _quantity(line: Node, n: int) -> tuple[int, Problem | None]:
    said = line.get("quantity")
    try:
        number = Decimal(str(said))
        if number == int(number) and number >= 0:
            return int(number), None
    except (InvalidOperation, ValueError, OverflowError):
        pass
    path, text = (
        f"lines[{n}].quantity",
        f"A shop counts whole pieces, and this is “{shorten(said)}”.",
    )
    return 0, Problem("wrong_format", path, shorten(said), text)


def _too_many(line: Node, n: int, wanted: int) -> Problem:
    text = f"Shopify has {wanted} of these less to fulfil at one location than were shipped."
    return Problem("rejected", f"lines[{n}]", shorten(line.get("sku") or ""), text)


def _nothing_open(orders: Sequence[Node]) -> Problem:
    states = sorted({str(order.get("status")) for order in orders})
    if _WAITS & set(states):
        text = "The order is on hold in the shop: release it there, then send the shipment again."
    else:
        text = "Nothing of the order is left to fulfil in the shop."
    return Problem("rejected", "order_id", shorten(", ".join(states)), text)


def _place(order: Node) -> str:
    location = (order.get("assignedLocation") or {}).get("location") or {}
    return str(location.get("id") or "")
