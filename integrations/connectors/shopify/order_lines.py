"""The lines of an order: what of them is to be shipped, and what they cost. Pure."""

from decimal import Decimal
from typing import Any, NamedTuple

from integrations.canonical.problem import Problem
from integrations.connectors.shopify.amounts import ZERO, amount, part_of, shop_money, text
from integrations.connectors.shopify.ids import number_of


class Lines(NamedTuple):
    """`lines` are those with goods, ready for mapping; `subtotal` and `discount` are theirs. `unshipped` is
    what the others cost. `is_emptied`: all goods were taken out of the order."""

    lines: list[dict[str, Any]]
    subtotal: Decimal
    discount: Decimal
    unshipped: Decimal
    is_emptied: bool


def read(nodes: list[dict[str, Any]], problems: list[Problem]) -> Lines:
    """Lines with what is left of them after edits and refunds; those with nothing left are left out.

    An order with nothing left at all is as good as cancelled, and keeps its lines as they were ordered.
    """
    goods = [(n, node) for n, node in enumerate(nodes) if node.get("requiresShipping") is not False]
    left = {n: _left(node, n, problems) for n, node in goods}
    is_emptied = bool(goods) and not any(left.values())
    lines, subtotal, discount, unshipped = [], ZERO, ZERO, ZERO
    for n, node in enumerate(nodes):
        ordered = amount(node.get("quantity"), f"lineItems[{n}].quantity", problems)
        count = ordered if is_emptied and n in left else _left(node, n, problems)
        price = shop_money(node, "originalUnitPriceSet", f"lineItems[{n}].", problems)
        off, tax = (
            part_of(_sum(node, name, bag, n, problems), count, ordered)
            for name, bag in (
                ("discountAllocations", "allocatedAmountSet"),
                ("taxLines", "priceSet"),
            )
        )
        if n not in left:
            unshipped += price * count - off
        elif count:
            subtotal, discount = subtotal + price * count, discount + off
            lines.append(_line(node, count, price, off, tax))
    return Lines(lines, subtotal, discount, unshipped, is_emptied)


def _line(
    node: dict[str, Any], count: Decimal, price: Decimal, off: Decimal, tax: Decimal
) -> dict[str, Any]:
    return {
        "line_no": number_of(node.get("id")),
        "sku": node.get("sku") or None,
        "description": node.get("name") or None,
        "quantity": text(count),
        "unit_price": text(price),
        "discount": text(off) if off else None,
        "total": text(price * count - off),
        "tax": text(tax),
    }


def _left(node: dict[str, Any], n: int, problems: list[Problem]) -> Decimal:
    said = node.get("currentQuantity", node.get("quantity"))
    return amount(said, f"lineItems[{n}].currentQuantity", problems)


def _sum(node: dict[str, Any], name: str, bag: str, n: int, problems: list[Problem]) -> Decimal:
    entries = node.get(name) or []
    return sum(
        (
            shop_money(one, bag, f"lineItems[{n}].{name}.", problems)
            for one in entries
            if isinstance(one, dict)
        ),
        ZERO,
    )
