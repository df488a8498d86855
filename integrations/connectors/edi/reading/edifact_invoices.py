"""INVOIC of suppliers. Pure."""

from decimal import Decimal
from typing import Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.edifact_orders import FREIGHT, price_of
from integrations.connectors.edi.reading.edifact_parts import (
    amount,
    amount_or_none,
    date_only,
    day,
    description,
    item_code,
    own_item,
    quantity,
    reference,
    uom,
)
from integrations.connectors.edi.reading.invoice import Bill, Fields, Item, derive

_CREDITS: Final = frozenset({"381", "396", "81", "83", "261", "262"})
_CORRECTED: Final = "384"
_INVOICED: Final = ("47", "46")
_TOTAL: Final = ("77", "139", "9", "86")  # of the invoice, to be paid, or of the message
_TAX: Final = ("176", "124", "150")
_CHARGE: Final = ("8", "23", "204")


def native_invoice(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """The INVOIC with `derived`."""
    charges = document.get("charges", [])
    freight = [c for c in charges if c.get("kind") != "A" and c.get("service") in FREIGHT]
    terms = document.get("terms", [])
    lines = document.get("lines", [])
    bill = Bill(
        number=document.get("number"),
        is_credit=document.get("document_type") in _CREDITS,
        issued_on=date_only(day(document, "137", "3")),
        due_on=next((d for d in (date_only(day(t, "13")) for t in terms) if d), None),
        net_days=next((d for d in map(_days, terms) if d), ""),
        currency=next((c["currency"] for c in document.get("currencies", [])), ""),
        order_number=reference(document, "ON"),
        shipment_number=reference(document, "AAK") or reference(document, "DQ"),
        purpose=str(document.get("function") or ""),
        corrects=document.get("document_type") == _CORRECTED,
        total=amount_or_none(document, *_TOTAL),
        tax=_tax(document),
        freight=sum((amount(charge, *_CHARGE) for charge in freight), Decimal(0)),
        other=sum((_signed(c) for c in charges if c not in freight), Decimal(0)),
        items=[_item(line, f"lines[{n}]", problems) for n, line in enumerate(lines)],
    )
    return [{**document, "derived": derive(bill, connection, problems)}]


def _days(terms: Fields) -> str:
    """Of PAT: so many days (D) after the invoice (5)."""
    return str(terms.get("periods") or "") if terms.get("period_type") == "D" else ""


def _tax(document: Fields) -> Decimal:
    """The total of all taxes, else of each."""
    told = amount_or_none(document, *_TAX)
    if told is not None:
        return told
    taxes = document.get("total_taxes", [])
    return sum((amount(tax, *_TAX) for tax in taxes), Decimal(0))


def _signed(charge: Fields) -> Decimal:
    return amount(charge, *_CHARGE) * (-1 if charge.get("kind") == "A" else 1)


def _item(line: Fields, path: str, problems: list[Problem]) -> Item:
    return Item(
        line_no=line.get("line_no", ""),
        item=item_code(line),
        own_item=own_item(line),
        description=description(line),
        quantity=quantity(line, _INVOICED, f"{path}.quantity", problems),
        uom=uom(line, _INVOICED),
        price=price_of(line, f"{path}.unit_price", problems),
        total=amount_or_none(line, "203"),
    )
