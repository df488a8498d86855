"""810 invoices of suppliers. Pure."""

from decimal import Decimal
from typing import Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.invoice import Bill, Fields, Item, derive
from integrations.connectors.edi.reading.x12_parts import FREIGHT, own_item, price_of
from integrations.connectors.edi_files import items
from integrations.formats.x12.values import parse_number

_CREDITS: Final = frozenset({"CR", "CN", "CC", "CE", "CG", "MC"})


def native_invoice(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """The 810 with `derived`."""
    terms: Fields = next(iter(document.get("terms", [])), {})
    charges = [charge for charge in document.get("charges", []) if charge.get("kind") in ("A", "C")]
    freight = [c for c in charges if c["kind"] == "C" and c.get("code") in FREIGHT]
    lines = document.get("lines", [])
    bill = Bill(
        number=document.get("invoice_number"),
        is_credit=document.get("type") in _CREDITS,
        issued_on=document.get("date"),
        due_on=terms.get("net_due"),
        net_days=str(terms.get("net_days") or ""),
        currency=document.get("currency", {}).get("code", ""),
        order_number=document.get("po_number"),
        shipment_number=items.reference(document, "SI"),
        purpose=str(document.get("purpose") or ""),
        total=items.quantity(document.get("totals", {}), "amount", "totals.total", problems),
        tax=sum((_amount(tax) for tax in document.get("taxes", [])), Decimal(0)),
        freight=sum((_amount(charge) for charge in freight), Decimal(0)),
        other=sum((_signed(c) for c in charges if c not in freight), Decimal(0))
        + sum((_signed(c) for line in lines for c in line.get("charges", [])), Decimal(0)),
        items=[_item(line, f"lines[{n}]", problems) for n, line in enumerate(lines)],
    )
    return [{**document, "derived": derive(bill, connection, problems)}]


def _amount(holder: Fields) -> Decimal:
    return parse_number(str(holder.get("amount") or "")) or Decimal(0)


def _signed(charge: Fields) -> Decimal:
    signs = {"A": -1, "C": 1}
    return _amount(charge) * signs.get(charge.get("kind", ""), 0)


def _item(line: Fields, path: str, problems: list[Problem]) -> Item:
    return Item(
        line_no=line.get("line_no", ""),
        item=items.item_code(line),
        own_item=own_item(line),
        description=line.get("description", ""),
        quantity=items.quantity(line, "quantity", f"{path}.quantity", problems),
        uom=str(line.get("uom") or "EA"),
        price=price_of(line, f"{path}.unit_price", problems),
    )
