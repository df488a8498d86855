"""The lines of a Walmart order: what of each is left to ship, and what it costs. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integrations.canonical.problem import Problem
from integrations.connectors.amounts import ZERO, amount, objects

_GONE = "Cancelled"
_SHIPPED = frozenset({"Shipped", "Delivered", "Refund"})


@dataclass(frozen=True)
class OrderLine:
    """A line of an order; amounts are for what is `left` after cancels, `ordered` is all of it."""

    number: str
    sku: str
    title: str
    ordered: Decimal
    left: Decimal
    shipped: Decimal
    worth: Decimal
    discount: Decimal
    shipping: Decimal
    fees: Decimal
    tax: Decimal
    currency: str
    wants_cancel: bool


def lines_of(order: dict[str, Any], problems: list[Problem]) -> list[OrderLine]:
    """The lines of an order, in its order."""
    lines = objects(group(order, "orderLines"), "orderLine", problems)
    return [_line(one, f"orderLines.orderLine[{n}]", problems) for n, one in enumerate(lines)]


def _line(line: dict[str, Any], path: str, problems: list[Problem]) -> OrderLine:
    item, quantity = group(line, "item"), group(line, "orderLineQuantity")
    ordered = amount(quantity, "amount", f"{path}.orderLineQuantity", problems)
    by_status = _quantities(line, path, ordered, problems)
    left = ordered - by_status.get(_GONE, ZERO)
    # Of a line that was cancelled in part Walmart tells the charges of the whole.
    share = left / ordered if ordered and left else Decimal(1)
    found = {"worth": ZERO, "discount": ZERO, "shipping": ZERO, "fees": ZERO, "tax": ZERO}
    currency = ""
    for n, charge in enumerate(objects(group(line, "charges"), "charge", problems)):
        where = f"{path}.charges.charge[{n}]"
        money = group(charge, "chargeAmount")
        worth = amount(money, "amount", f"{where}.chargeAmount", problems)
        currency = currency or str(money.get("currency") or "")
        found[_kind(charge, worth)] += share * (
            abs(worth) if _is_discount(charge, worth) else worth
        )
        tax = group(group(charge, "tax"), "taxAmount")
        found["tax"] += share * amount(tax, "amount", f"{where}.tax.taxAmount", problems)
    return OrderLine(
        number=str(line.get("lineNumber") or ""),
        sku=str(item.get("sku") or ""),
        title=str(item.get("productName") or ""),
        ordered=ordered,
        left=left,
        shipped=sum((by_status.get(status, ZERO) for status in _SHIPPED), ZERO),
        currency=currency,
        wants_cancel=str(line.get("intentToCancel") or "").lower() == "true",
        **found,
    )


def _quantities(
    line: dict[str, Any], path: str, ordered: Decimal, problems: list[Problem]
) -> dict[str, Decimal]:
    """How many pieces are in each status."""
    found: dict[str, Decimal] = {}
    states = objects(group(line, "orderLineStatuses"), "orderLineStatus", problems)
    for n, state in enumerate(states):
        where = f"{path}.orderLineStatuses.orderLineStatus[{n}].statusQuantity"
        quantity = group(state, "statusQuantity")
        pieces = amount(quantity, "amount", where, problems) if quantity else ordered
        name = str(state.get("status") or "")
        found[name] = found.get(name, ZERO) + pieces
    return found


def _kind(charge: dict[str, Any], worth: Decimal) -> str:
    if _is_discount(charge, worth):
        return "discount"
    kinds = {"PRODUCT": "worth", "SHIPPING": "shipping"}
    return kinds.get(str(charge.get("chargeType") or "").upper(), "fees")


def _is_discount(charge: dict[str, Any], worth: Decimal) -> bool:
    said = str(charge.get("isDiscount") or "").lower()
    return said == "true" or str(charge.get("chargeType") or "").upper() == "DISCOUNT" or worth < 0


def group(thing: dict[str, Any], name: str) -> dict[str, Any]:
    """The object in a field; an empty one where there is none."""
    found = thing.get(name)
    return found if isinstance(found, dict) else {}
