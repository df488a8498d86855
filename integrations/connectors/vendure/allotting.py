"""Which lines of an order a shipment fulfils. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.vendure.states import UNDONE

Node = Mapping[str, Any]


def code_of(document: Mapping[str, Any]) -> tuple[str, str]:
    """Method and tracking code of the fulfilment for a shipment. Where nothing tracks it, the method names
    the shipment, by which it is found again."""
    tracking = ", ".join(str(number) for number in document.get("tracking") or [] if number)
    company = str(document.get("company") or "")
    if tracking:
        return company or "Shipped", tracking
    return f"{company} {document.get('shipment_number') or ''}".strip() or "Shipped", ""


def standing(order: Node, document: Mapping[str, Any]) -> Node | None:
    """The fulfilment that is this shipment already."""
    method, code = code_of(document)
    if not code and not document.get("shipment_number"):
        return None
    for fulfilment in order.get("fulfillments") or []:
        if fulfilment.get("state") == UNDONE:
            continue
        same = (
            fulfilment.get("trackingCode") == code if code else fulfilment.get("method") == method
        )
        if same:
            return fulfilment
    return None


def allot(document: Mapping[str, Any], order: Node) -> list[dict[str, Any]] | list[Problem]:
    """What the shipment fulfils, as Vendure's input, or why it cannot be told.

    A line is found by its number, which is the shop's own, else by its SKU. A complete shipment that names
    no lines is everything that is left. More than is left is sent as it is: Vendure refuses it.
    """
    left = {str(line["id"]): _left(line) for line in order.get("lines") or []}
    lines = document.get("lines") or []
    if not lines:
        if document.get("shipped") != "complete":
            text = "The shipment names no goods that were shipped."
            return [Problem("missing_field", "lines", "", text)]
        rest = [_input(key, count) for key, count in left.items() if count]
        if not rest:
            return [_nothing_left(order)]
        return rest
    parts: dict[str, int] = {}
    problems: list[Problem] = []
    for n, line in enumerate(lines):
        keys = _matching(line, order)
        wanted = _whole(line.get("quantity"), n)
        if isinstance(wanted, Problem):
            problems.append(wanted)
        elif not keys:
            text = "The order has no line with these goods."
            problems.append(
                Problem("unknown_sku", f"lines[{n}]", shorten(line.get("sku") or ""), text)
            )
        else:
            for key in keys[:-1]:
                taken = min(wanted, max(0, left[key] - parts.get(key, 0)))
                parts[key] = parts.get(key, 0) + taken
                wanted -= taken
            parts[keys[-1]] = parts.get(keys[-1], 0) + wanted
    return problems or [_input(key, count) for key, count in parts.items() if count]


def _input(line: str, count: int) -> dict[str, Any]:
    return {"orderLineId": line, "quantity": count}


def _left(line: Node) -> int:
    done = [
        int(one.get("quantity") or 0)
        for one in line.get("fulfillmentLines") or []
        if (one.get("fulfillment") or {}).get("state") != UNDONE
    ]
    return max(0, int(line.get("quantity") or 0) - sum(done))


def _matching(line: Node, order: Node) -> Sequence[str]:
    number, sku = str(line.get("line_no") or ""), line.get("sku")
    skus = {
        str(node["id"]): (node.get("productVariant") or {}).get("sku")
        for node in order.get("lines") or []
    }
    # A warehouse may number lines its own way: where the goods are others, the number is not the shop's.
    if number in skus and (not sku or skus[number] in (sku, "", None)):
        return [number]
    return [key for key, known in skus.items() if sku and known == sku]


def _whole(said: Any, n: int) -> int | Problem:
    try:
        number = Decimal(str(said))
        if number == int(number) and number >= 0:
            return int(number)
    except (InvalidOperation, ValueError, OverflowError):
        pass
    text = f"A shop counts whole pieces, and this is “{shorten(said)}”."
    return Problem("wrong_format", f"lines[{n}].quantity", shorten(said), text)


def _nothing_left(order: Node) -> Problem:
    text = "Nothing of the order is left to fulfil in the shop."
    return Problem("rejected", "order_id", shorten(order.get("state")), text)
