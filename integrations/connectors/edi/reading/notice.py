"""What a supplier's shipping notice says in either syntax, as the mapping takes it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from portal.core.decimals import plain_number

Fields = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """A line of a notice."""

    line_no: str
    item: str | None
    gtin: str | None
    quantity: Decimal | None
    uom: str
    lot: str | None


def derive(
    told: Fields, items: Sequence[Item], connection: Connection, problems: list[Problem]
) -> Fields:
    """`told` with the site and the lines; what did not leave is left out."""
    lines = []
    for number, item in enumerate(items):
        if item.quantity is None:
            text = f"lines[{number}] does not say how much was shipped."
            problems.append(Problem("missing_field", f"lines[{number}].quantity", "", text))
        elif item.quantity > 0:
            lines.append(_line(item, item.quantity))
    if not items:
        problems.append(Problem("missing_field", "lines", "", "The notice names no item."))
    site = str(connection.settings["site"] or "") or told.get("site")
    return {**told, "site": site, "lines": lines}


def _line(item: Item, quantity: Decimal) -> Fields:
    return {
        "line_no": item.line_no or None,
        "item": item.item,
        "gtin": item.gtin,
        "quantity": plain_number(quantity),
        "uom": item.uom or "EA",
        "lot": item.lot,
    }


def only(numbers: Sequence[str]) -> str | None:
    """The purchase order, where the notice is of one alone."""
    named = list(dict.fromkeys(number for number in numbers if number))
    return named[0] if len(named) == 1 else None
