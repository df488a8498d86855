"""What a supplier's shipping notice says in either syntax, as the mapping takes it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from portal.core.decimals import plain_number

# 353 in X12, 1225 in EDIFACT: cancellation, deletion.
_TAKEN_BACK: Final = frozenset({"01", "03", "1", "3"})

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
    own_item: str | None = None
    order: str = ""
    ordered: Decimal | None = None
    sscc: str | None = None


def taken_back(number: Any, purpose: Any, problems: list[Problem]) -> bool:
    """Whether it takes an earlier notice back, which waits for a person: goods may be on their way."""
    if purpose not in _TAKEN_BACK:
        return False
    text = f"It takes notice {shorten(str(number or ''))} back. Put right by hand what came of that one."
    problems.append(Problem("not_supported", "purpose", str(purpose), text))
    return True


def derive(
    told: Fields, items: Sequence[Item], connection: Connection, problems: list[Problem]
) -> Fields:
    """`told` with the site and the lines; what did not leave is left out."""
    lines = [_line(item, quantity) for item, quantity in _left(items, problems)]
    site = str(connection.settings["site"] or "") or told.get("site")
    return {**told, "site": site, "lines": lines}


def derive_shipments(
    told: Fields, items: Sequence[Item], connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """What left for the buyers of our orders: a shipment for each order that the notice names."""
    left = _left(items, problems)
    site = str(connection.settings["site"] or "") or None
    orders = list(dict.fromkeys(item.order or told.get("po_number") or "" for item, _ in left))
    if not all(orders):
        text = "The notice names items and not the order that they are of."
        problems.append(Problem("missing_field", "order_number", "", text))
    found = []
    for order in orders:
        mine = [(i, q) for i, q in left if (i.order or told.get("po_number") or "") == order]
        short = any(i.ordered is not None and q < i.ordered for i, q in mine)
        alone = len(orders) == 1
        cartons = dict.fromkeys(i.sscc for i, _ in mine if i.sscc)
        found.append(
            {
                **told,
                "number": told["number"] if alone else f"{told['number']}-{order}",
                "site": site,
                "sender": connection.slug,
                "po_number": order,
                "status": "partial" if short else "complete",
                "packages": [{"sscc": sscc} for sscc in cartons],
                "lines": [_line(item, quantity) for item, quantity in mine],
            }
        )
    return found


def _left(items: Sequence[Item], problems: list[Problem]) -> list[tuple[Item, Decimal]]:
    left = []
    for number, item in enumerate(items):
        if item.quantity is None:
            text = f"lines[{number}] does not say how much was shipped."
            problems.append(Problem("missing_field", f"lines[{number}].quantity", "", text))
        elif item.quantity > 0:
            left.append((item, item.quantity))
    if not items:
        problems.append(Problem("missing_field", "lines", "", "The notice names no item."))
    return left


def _line(item: Item, quantity: Decimal) -> Fields:
    return {
        "line_no": item.line_no or None,
        "item": item.item,
        "own_item": item.own_item,
        "ordered": None if item.ordered is None else plain_number(item.ordered),
        "sscc": item.sscc,
        "gtin": item.gtin,
        "quantity": plain_number(quantity),
        "uom": item.uom or "EA",
        "lot": item.lot,
    }


def scac(code: str | None) -> str | None:
    """A carrier's code; other words are none."""
    fits = code and code.isascii() and code.isalpha() and code.isupper() and 2 <= len(code) <= 4
    return code if fits else None


def carton(mark: str | None) -> str | None:
    """The 18 digits of a carton's number, without the 00 that says what it is."""
    digits = str(mark or "")
    digits = digits[2:] if len(digits) == 20 and digits.startswith("00") else digits
    return digits if len(digits) == 18 and digits.isdigit() else None


def only(numbers: Sequence[str]) -> str | None:
    """The purchase order, where the notice is of one alone."""
    named = list(dict.fromkeys(number for number in numbers if number))
    return named[0] if len(named) == 1 else None
