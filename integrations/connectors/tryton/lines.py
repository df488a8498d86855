"""The lines of a sale from those of an order. Pure."""

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.tryton import wire

# The digits of a price that Tryton takes unless its own configuration says otherwise.
_PRICE: Final = Decimal("0.0001")
_WIDE: Final = Context(prec=40)


def missing(
    document: Mapping[str, Any],
    products: Mapping[str, Mapping[str, Any]],
    units: Mapping[str, Mapping[str, Any]],
) -> list[Problem]:
    """What the lines name and Tryton does not have."""
    found = []
    for number, line in enumerate(document.get("lines") or []):
        code, unit = str(line.get("product") or ""), str(line.get("unit") or "")
        if code not in products:
            text = f"Tryton has no product with the code {shorten(code)}."
            found.append(Problem("unknown_sku", f"lines[{number}].product", shorten(code), text))
        if unit and unit not in units:
            text = f"Tryton has no unit with the symbol {shorten(unit)}."
            found.append(Problem("uom_mismatch", f"lines[{number}].unit", shorten(unit), text))
    return found


def of_sale(
    document: Mapping[str, Any],
    products: Mapping[str, Mapping[str, Any]],
    units: Mapping[str, Mapping[str, Any]],
) -> Iterator[dict[str, Any]]:
    """One sale line for each line of the order, without its taxes. `products` by code, `units` by symbol."""
    for line in document.get("lines") or []:
        product = products[str(line["product"])]
        unit = units[str(line["unit"])]["id"] if line.get("unit") else _unit(product)
        made = {
            "type": "line",
            "product": product["id"],
            "unit": unit,
            "quantity": float(line["quantity"]),
            "unit_price": wire.decimal(price(line, net=not document.get("taxes_included"))),
        }
        if line.get("description"):
            made["description"] = str(line["description"])
        yield made


def of_freight(product: Mapping[str, Any], amount: Any) -> dict[str, Any]:
    return {
        "type": "line",
        "product": product["id"],
        "unit": _unit(product),
        "quantity": 1.0,
        "unit_price": wire.decimal(_rounded(Decimal(str(amount)))),
    }


def price(line: Mapping[str, Any], *, net: bool) -> Decimal:
    """What one piece costs, without tax, after the line's discount."""
    quantity = Decimal(str(line["quantity"]))
    off = Decimal(str(line.get("discount") or 0))
    if not net:
        off += Decimal(str(line.get("tax") or 0))
    each = Decimal(str(line["unit_price"]))
    return _rounded(_WIDE.subtract(each, _WIDE.divide(off, quantity)) if off and quantity else each)


def quantities(document: Mapping[str, Any]) -> dict[str, Decimal]:
    """How many of each product, all lines together."""
    found: dict[str, Decimal] = {}
    for line in document.get("lines") or []:
        code = str(line.get("product"))
        found[code] = found.get(code, Decimal(0)) + Decimal(str(line["quantity"]))
    return found


def _unit(product: Mapping[str, Any]) -> int:
    return int(product["sale_uom"] or product["default_uom"])


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_PRICE, rounding=ROUND_HALF_UP, context=_WIDE)
