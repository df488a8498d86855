"""What a supplier's invoice says in either syntax, as the mapping takes it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.edi_files.items import is_day
from portal.core.decimals import plain_number

_CENT: Final = Decimal("0.01")
_LONGEST_TERM: Final = 3650
# 353 in X12, 1225 in EDIFACT: cancellation, deletion.
_TAKEN_BACK: Final = frozenset({"01", "03", "1", "3"})
_REPLACE: Final = frozenset({"05", "5"})

Fields = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """A line that is billed. `total`: as it is told, else quantity by price."""

    line_no: str
    item: str | None
    own_item: str | None
    description: str
    quantity: Decimal | None
    uom: str
    price: Decimal | None
    total: Decimal | None = None

    @property
    def amount(self) -> Decimal:
        if self.total is not None:
            return self.total
        return ((self.quantity or Decimal(0)) * (self.price or Decimal(0))).quantize(_CENT)


@dataclass(frozen=True)
class Bill:
    """An invoice. `other` is what is charged or allowed beside freight and tax; `corrects`: its type says
    that it is an earlier one revised."""

    number: str | None
    is_credit: bool
    issued_on: str | None
    due_on: str | None
    net_days: str
    currency: str
    order_number: str | None
    shipment_number: str | None
    total: Decimal | None
    purpose: str = ""
    corrects: bool = False
    tax: Decimal = Decimal(0)
    freight: Decimal = Decimal(0)
    other: Decimal = Decimal(0)
    items: Sequence[Item] = field(default_factory=tuple)


def derive(bill: Bill, connection: Connection, problems: list[Problem]) -> Fields:
    """The invoice as the mapping takes it. It bears the name of its endpoint, for another supplier may
    use the same number, and so may we."""
    _check(bill, problems)
    goods = sum((item.amount for item in bill.items), Decimal(0))
    return {
        "number": bill.number,
        "supplier": connection.slug,
        "replaces": bill.corrects or bill.purpose in _REPLACE or None,
        "type": "credit" if bill.is_credit else "invoice",
        "order_number": bill.order_number,
        "shipment_number": bill.shipment_number,
        "issued_on": bill.issued_on,
        "due_on": bill.due_on or _after(bill.issued_on, bill.net_days),
        "currency": bill.currency or str(connection.settings["currency"] or "USD"),
        "totals": {
            "lines": plain_number(goods),
            "tax": plain_number(bill.tax),
            "freight": plain_number(bill.freight),
            "total": None if bill.total is None else plain_number(bill.total),
        },
        "lines": [_line(item) for item in bill.items],
    }


def _check(bill: Bill, problems: list[Problem]) -> None:
    if bill.purpose in _TAKEN_BACK:
        text = f"It takes invoice {shorten(bill.number or '')} back; it bills nothing."
        problems.append(Problem("not_supported", "purpose", bill.purpose, text))
    for at, item in enumerate(bill.items):
        for name, value in (("quantity", item.quantity), ("unit_price", item.price)):
            if value is None:
                text = f"lines[{at}] of the invoice has no {name.replace('_', ' ')}."
                problems.append(Problem("missing_field", f"lines[{at}].{name}", "", text))
    if bill.total is None:
        text = "The invoice does not say what it comes to."
        problems.append(Problem("missing_field", "totals.total", "", text))
        return
    parts = sum((item.amount for item in bill.items), bill.tax + bill.freight + bill.other)
    if bill.items and abs(parts - bill.total) > _CENT * len(bill.items):
        told = plain_number(bill.total)
        text = (
            f"The lines, charges and tax of invoice {shorten(bill.number or '')} make"
            f" {plain_number(parts)}, and its total is {told}."
        )
        problems.append(Problem("total_mismatch", "totals.total", told, text))


def _after(issued_on: str | None, days: str) -> str | None:
    if not is_day(issued_on) or not days.isdigit() or int(days) > _LONGEST_TERM:
        return None
    return str(date.fromisoformat(str(issued_on)) + timedelta(days=int(days)))


def _line(item: Item) -> Fields:
    return {
        "line_no": item.line_no or None,
        "item": item.item,
        "own_item": item.own_item,
        "description": item.description or None,
        "quantity": None if item.quantity is None else plain_number(item.quantity),
        "uom": item.uom or "EA",
        "unit_price": None if item.price is None else plain_number(item.price),
        "total": plain_number(item.amount),
    }
