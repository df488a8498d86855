"""Shipments as DESADV: the shipment, its cartons, and the items in each. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.writing import echo, packs
from integrations.connectors.edi.writing.edifact_parts import (
    Document,
    dates,
    head,
    item,
    place,
    quantity,
    refs,
    them,
    us,
)

_DESPATCH: Final = "351"
_UNITS: Final = {"LB": "LBR", "KG": "KGM"}


def despatch_advice(
    document: Mapping[str, Any], local: datetime, connection: Connection, problems: list[Problem]
) -> Document:
    """The neutral DESADV."""
    problems += [*echo.without_order(document), *packs.nothing_left(document)]
    packed = packs.of(document, echo.in_order(document))
    cartons = [pack for pack in packed if pack.sscc]
    whole: Document = {"id": "1"}
    if cartons:
        whole["packagings"] = [{"packages": str(len(cartons)), "type": "CT"}]
    loose = [line for pack in packed if not pack.sscc for line in pack.lines]
    number = 0
    levels = [whole]
    for pack in ([packs.Pack("", "", loose)] if loose else []) + cartons:
        lines = []
        for line in pack.lines:
            number += 1
            lines.append(_line(number, line, document))
        if pack.sscc:
            level = {"id": str(len(levels) + 1), "parent": "1", "packagings": [_carton(pack)]}
            levels.append({**level, "lines": lines})
        else:
            whole["lines"] = lines
    told: Document = head(_DESPATCH, document.get("number"))
    shipped, expected = document.get("shipped_on"), document.get("expected_on")
    told["dates"] = dates((("137", f"{local:%Y-%m-%d}"), ("11", shipped), ("17", expected)))
    tracked = [("CN", str(number)) for number in document.get("tracking") or []]
    told["refs"] = refs((("ON", document.get("po_number")), ("BM", document.get("bol")), *tracked))
    told["parties"] = [
        them(connection), us(connection), *place("DP", document.get("ship_to")),
    ]  # fmt: skip
    return {**told, **_measures(document), **_transport(document), "levels": levels}


def _measures(document: Mapping[str, Any]) -> Document:
    weight = document.get("weight")
    if not weight:
        return {}
    unit = str(weight["uom"])
    measured = {"uom": _UNITS.get(unit, unit), "value": weight["value"]}
    return {"measures": [{"purpose": "AAE", "dimension": "G", **measured}]}


def _transport(document: Mapping[str, Any]) -> Document:
    carrier: Mapping[str, Any] = document.get("carrier") or {}
    name = str(carrier.get("name") or carrier.get("service") or "")[:35]
    told = {
        "carrier": carrier.get("scac"),
        "carrier_code_list": "172" if carrier.get("scac") else "",
        "carrier_name": name,
    }
    told = {key: value for key, value in told.items() if value}
    return {"transports": [{"stage": "20", **told}]} if told else {}


def _carton(pack: packs.Pack) -> Document:
    number = {"qualifier": "BJ", "id": pack.sscc}
    marks = [{"instruction": "33E", "numbers": [number]}]
    return {"packages": "1", "type": "CT", "marks": marks}


def _line(number: int, line: Mapping[str, Any], document: Mapping[str, Any]) -> Document:
    told = item(number, line)
    told["quantities"] = [quantity("12", line.get("quantity"), line.get("uom"))]
    reference = {"qualifier": "ON", "value": document.get("po_number")}
    if line.get("line_no"):
        reference["line"] = str(line["line_no"])[:6]
    told["refs"] = [reference]
    if line.get("lot"):
        told["marks"] = [
            {"instruction": "36E", "numbers": [{"qualifier": "BX", "id": str(line["lot"])}]}
        ]
    return told
