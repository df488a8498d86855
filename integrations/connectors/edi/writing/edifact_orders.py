"""Orders to a supplier as ORDERS, and their changes as ORDCHG that hold the whole order. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.agreement import drop_ship_code, ships_to_buyers
from integrations.connectors.edi.writing import echo
from integrations.connectors.edi.writing.edifact_parts import (
    Document,
    as_buyer,
    as_supplier,
    dates,
    description,
    head,
    place,
    quantity,
    refs,
)
from integrations.connectors.edi.writing.purchase import CANCELLED, CHANGED, NEW, faults, step_of
from integrations.connectors.edi_files.x12_parties import wrap

ORDER, CHANGE = "ORDERS", "ORDCHG"
_ORDER, _CHANGE = "220", "230"
_FUNCTIONS: Final = {NEW: "9", CHANGED: "5", CANCELLED: "1"}
_LINE_CHANGED, _LINE_DELETED = "3", "2"
_TEXT, _TEXTS = 70, 5


def kind_of(document: Mapping[str, Any]) -> str:
    """The message it becomes: ORDERS for an order the supplier does not have, else ORDCHG."""
    return ORDER if step_of(document) == NEW else CHANGE


def purchase_order(
    document: Mapping[str, Any], local: datetime, connection: Connection, problems: list[Problem]
) -> Document:
    """The neutral ORDERS or ORDCHG."""
    problems += faults(document, connection)
    step = step_of(document)
    number, placed = str(document.get("number") or ""), document.get("placed_on")
    drop_ship = ships_to_buyers(connection)
    if step == NEW:
        told = head((drop_ship and drop_ship_code(connection)) or _ORDER, number)
        numbers: list[Document] = []
        written = placed
    else:
        told = head(_CHANGE, f"{number}-{document.get('version')}", _FUNCTIONS[step])
        numbers = [{"qualifier": "ON", "value": number, "dates": dates((("171", placed),))}]
        written = f"{local:%Y-%m-%d}"
    told["dates"] = dates(
        (
            ("137", written),
            ("2", document.get("requested_delivery")),
            ("10", document.get("requested_ship")),
            ("61", document.get("cancel_after")),
        )
    )
    texts = [part for note in document.get("notes") or [] for part in wrap(str(note), _TEXT)]
    if texts:
        told["texts"] = [
            {"qualifier": "DEL", **{f"text{n or ''}": t for n, t in _numbered(texts[at : at + _TEXTS])}}
            for at in range(0, len(texts), _TEXTS)
        ]  # fmt: skip
    told["refs"] = [*numbers, *refs((("CO", document.get("customer_order")),))]
    told["parties"] = [
        as_buyer(connection), as_supplier(connection), *place("DP", document.get("ship_to")),
    ]  # fmt: skip
    currency = str(document.get("currency") or connection.settings["currency"] or "USD")
    told["currencies"] = [{"usage": "2", "currency": currency, "qualifier": "9"}]
    told |= _transport(document)
    lines = document.get("lines") or []
    told["lines"] = [_line(at, line, step) for at, line in enumerate(lines, 1)]
    return told


def _numbered(texts: list[str]) -> list[tuple[int, str]]:
    return [(at + 1 if at else 0, text) for at, text in enumerate(texts)]


def _transport(document: Mapping[str, Any]) -> Document:
    carrier: Mapping[str, Any] = document.get("carrier") or {}
    told = {
        "carrier": carrier.get("scac"),
        "carrier_code_list": "172" if carrier.get("scac") else "",
        "carrier_name": str(carrier.get("service") or "")[:35],
    }
    told = {key: value for key, value in told.items() if value}
    return {"transports": [{"stage": "20", **told}]} if told else {}


def _line(number: int, line: Mapping[str, Any], step: str) -> Document:
    """LIN and PIA of a buyer: IN is our number, SA the supplier's own."""
    found: Document = {"line_no": str(line.get("line_no") or number)}
    if step != NEW:
        found["action"] = _LINE_DELETED if step == CANCELLED else _LINE_CHANGED
    code = echo.bar_code(line)
    if code:
        found |= {"item_id": code[1], "item_id_type": "EN" if code[0] != "UP" else "UP"}
    others = [(line.get("sku"), "IN"), (echo.supplier_item(line), "SA")]
    ids: Document = {"qualifier": "1" if code else "5"}
    for at, (value, kind) in enumerate((v, k) for v, k in others if v):
        ids |= {f"id{at + 1 if at else ''}": value, f"type{at + 1 if at else ''}": kind}
    found["ids"] = [ids]
    text = description(line)
    if text:
        found["descriptions"] = text
    found["quantities"] = [quantity("21", line.get("quantity"), line.get("uom"))]
    if line.get("unit_price"):
        found["prices"] = [{"qualifier": "AAA", "price": str(line["unit_price"])}]
    return found
