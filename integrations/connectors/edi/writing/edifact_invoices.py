"""Invoices as INVOIC. Pure."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.writing import echo, money
from integrations.connectors.edi.writing.edifact_parts import (
    Document,
    dates,
    description,
    head,
    item,
    place,
    quantity,
    refs,
    them,
    us,
)
from portal.core.decimals import plain_number

_TYPES: Final = {"invoice": "380", "credit": "381"}


def invoice(
    document: Mapping[str, Any], local: datetime, connection: Connection, problems: list[Problem]
) -> Document:
    """The neutral INVOIC."""
    problems += [*echo.without_order(document), *money.faults(document)]
    totals: Mapping[str, Any] = document.get("totals") or {}
    freight, tax = money.amount(totals, "freight"), money.amount(totals, "tax")
    total = money.amount(totals, "total")
    lines = echo.in_order(document)
    goods = sum((money.amount(line, "total") for line in lines), Decimal(0))
    told = head(_TYPES.get(str(document.get("type")), "380"), document.get("number"))
    told["dates"] = dates((("137", document.get("issued_on")),))
    numbers = (("ON", document.get("po_number")), ("DQ", document.get("shipment_number")))
    told["refs"] = refs(numbers)
    bill_to = place("IV", document.get("bill_to"))
    told["parties"] = [
        them(connection), us(connection), *bill_to, *place("DP", document.get("ship_to")),
    ]  # fmt: skip
    currency = str(document.get("currency") or connection.settings["currency"] or "USD")
    told["currencies"] = [{"usage": "2", "currency": currency, "qualifier": "4"}]
    if document.get("due_on"):
        told["terms"] = [{"qualifier": "1", "dates": dates((("13", document["due_on"]),))}]
    if freight:
        amounts = [_amount("8", freight)]
        told["charges"] = [{"kind": "C", "service": "FC", "amounts": amounts}]
    told["lines"] = [_line(number, line) for number, line in enumerate(lines, 1)]
    told["amounts"] = [
        _amount("79", goods), _amount("77", total), _amount("125", goods + freight),
        *([_amount("176", tax)] if tax else []),
    ]  # fmt: skip
    return told


def _amount(kind: str, value: Decimal) -> Document:
    return {"qualifier": kind, "amount": plain_number(value)}


def _line(number: int, line: Mapping[str, Any]) -> Document:
    told = item(number, line)
    text = description(line)
    if text:
        told["descriptions"] = text
    told["quantities"] = [quantity("47", line.get("quantity"), line.get("uom"))]
    told["amounts"] = [_amount("203", money.amount(line, "total"))]
    told["prices"] = [{"qualifier": "AAA", "price": str(line.get("unit_price") or "")}]
    return told
