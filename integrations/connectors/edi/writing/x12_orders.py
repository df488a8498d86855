"""Orders to a supplier as 850, and their changes as 860 that hold the whole order. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.agreement import ships_to_buyers
from integrations.connectors.edi.writing import echo
from integrations.connectors.edi.writing.purchase import CANCELLED, CHANGED, NEW, faults, step_of
from integrations.connectors.edi.writing.x12_parts import (
    Document,
    place,
    refs,
    them,
    us,
    without_blanks,
)
from integrations.connectors.edi_files.x12_parties import wrap

ORDER, CHANGE = "850", "860"
_PURPOSES: Final = {NEW: "00", CHANGED: "05", CANCELLED: "01"}
_STAND_ALONE, _DROP_SHIP = "SA", "DS"
# Of a line that is as it shall be from now on, and of one that is cancelled.
_CHANGED, _DELETED = "CA", "DI"
_TEXT: Final = 80
_EACH: Final = "EA"


def kind_of(document: Mapping[str, Any]) -> str:
    """The set it becomes: 850 for an order the supplier does not have, else 860."""
    return ORDER if step_of(document) == NEW else CHANGE


def purchase_order(
    document: Mapping[str, Any], local: datetime, connection: Connection, problems: list[Problem]
) -> Document:
    """The neutral 850 or 860."""
    problems += faults(document, connection)
    step = step_of(document)
    named = {"po_number": document.get("number"), "purpose": _PURPOSES[step]}
    kind = _DROP_SHIP if ships_to_buyers(connection) else _STAND_ALONE
    placed = document.get("placed_on")
    if step == NEW:
        head = without_blanks(**named, type=kind, date=placed)
    else:
        head = without_blanks(
            **named,
            type=kind,
            sequence=str(document.get("version") or ""),
            date=placed,
            change_date=f"{local:%Y-%m-%d}",
        )
    dates = (("010", "requested_ship"), ("002", "requested_delivery"), ("001", "cancel_after"))
    carrier: Mapping[str, Any] = document.get("carrier") or {}
    routing = without_blanks(
        id_qualifier="2" if carrier.get("scac") else "",
        id=carrier.get("scac"),
        routing=str(carrier.get("service") or "")[:35],
    )
    return head | without_blanks(
        currency={"role": "BY", "code": str(document.get("currency") or "USD")},
        refs=refs([("CO", document.get("customer_order"))]),
        dates=[{"qualifier": q, "date": document[k]} for q, k in dates if document.get(k)],
        routing=[routing] if routing else [],
        notes=_notes(document),
        parties=[
            *us("BY", connection),
            *them("SE", connection),
            *place("ST", document.get("ship_to")),
        ],
        lines=[
            _line(number, line, step, connection)
            for number, line in enumerate(document.get("lines") or [], 1)
        ],
    )


def _notes(document: Mapping[str, Any]) -> list[Document]:
    texts = [part for note in document.get("notes") or [] for part in wrap(str(note), _TEXT)]
    messages = [{"text": text} for text in texts]
    return [{"qualifier": "ZZ", "value": "INSTRUCTIONS", "messages": messages}] if texts else []


def _line(number: int, line: Mapping[str, Any], step: str, connection: Connection) -> Document:
    price, unit = line.get("unit_price"), line.get("uom") or _EACH
    told = {
        "line_no": line.get("line_no") or str(number),
        "quantity": line.get("quantity"),
        "uom": unit,
        "unit_price": price,
        "price_basis": "PE"
        if price and unit == _EACH
        else "",  # else the price is of one such unit
        "ids": _item_ids(line),
    }
    if step != NEW:
        gone = step == CANCELLED
        told["change"] = _DELETED if gone else _CHANGED
        told["left_to_receive"] = "0" if gone else line.get("quantity")
    text = str(line.get("description") or "")[:_TEXT]
    described = {"description_type": "F", "description": text} if text else {}
    return without_blanks(**told, **described)


def _item_ids(line: Mapping[str, Any]) -> Document:
    """Here we are the buyer: IN is our number, VN the supplier's own."""
    pairs = [("IN", line.get("sku")), ("VN", echo.supplier_item(line))]
    code = echo.bar_code(line)
    return {kind: value for kind, value in [*pairs, *([code] if code else [])] if value}
