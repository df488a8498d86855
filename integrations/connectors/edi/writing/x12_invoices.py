"""Invoices as 810. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.writing import echo, money
from integrations.connectors.edi.writing.x12_parts import (
    Document,
    item_ids,
    place,
    refs,
    them,
    us,
    without_blanks,
)
from portal.core.decimals import plain_number

_TYPES: Final = {"invoice": "DI", "credit": "CR"}
_FREIGHT: Final = "D240"


def invoice(
    document: Mapping[str, Any], local: datetime, connection: Connection, problems: list[Problem]
) -> Document:
    """The neutral 810; TDS-01 is written without a point by the writer."""
    problems += [*echo.without_order(document), *money.faults(document)]
    totals: Mapping[str, Any] = document.get("totals") or {}
    freight, tax = money.amount(totals, "freight"), money.amount(totals, "tax")
    due = {"kind": "01", "net_due": document["due_on"]} if document.get("due_on") else {}
    return without_blanks(
        date=document.get("issued_on"),
        invoice_number=document.get("number"),
        po_date=document.get("po_date"),
        po_number=document.get("po_number"),
        type=_TYPES.get(str(document.get("type")), "DI"),
        currency={"role": "SE", "code": str(document.get("currency") or "USD")},
        refs=refs([("SI", document.get("shipment_number")), *echo.tags(document)]),
        parties=[
            *us("RE", connection),
            *them("BY", connection),
            *place("BT", document.get("bill_to")),
            *place("ST", document.get("ship_to")),
        ],
        terms=[due] if due else [],
        lines=[_line(line) for line in echo.in_order(document)],
        totals={"amount": plain_number(money.amount(totals, "total"))},
        taxes=[{"kind": "TX", "amount": plain_number(tax)}] if tax else [],
        charges=[{"kind": "C", "code": _FREIGHT, "amount": plain_number(freight)}]
        if freight
        else [],
    )


def _line(line: Mapping[str, Any]) -> Document:
    text = str(line.get("description") or "")[:80]
    described = {"description_type": "F", "description": text} if text else {}
    return without_blanks(
        line_no=line.get("line_no"),
        quantity=line.get("quantity"),
        uom=line.get("uom") or "EA",
        unit_price=line.get("unit_price"),
        ids=item_ids(line),
        **described,
    )
