"""Shipments as 856 ship notices: shipment, order, packs where they are known, items. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.writing import echo, packs
from integrations.connectors.edi.writing.x12_parts import (
    Document,
    item_ids,
    place,
    refs,
    them,
    us,
    without_blanks,
)

# BSN05: shipment, order, pack, item; and without packs.
_WITH_PACKS, _WITHOUT_PACKS = "0001", "0004"
_LONGEST_SCAC: Final = 4
_SSCC_AI: Final = "00"


def ship_notice(
    document: Mapping[str, Any], local: datetime, connection: Connection, problems: list[Problem]
) -> Document:
    """The neutral 856."""
    problems += [*echo.without_order(document), *packs.nothing_left(document)]
    lines = echo.in_order(document)
    packed = packs.of(document, lines)
    levels: list[Document] = []
    _add(levels, None, "S", _shipment(document, packed, connection))
    _add(levels, "1", "O", _order(document))
    for pack in packed:
        parent = "2"
        if pack.sscc or pack.tracking:
            parent = _add(levels, "2", "P", _pack(pack))
        for line in pack.lines:
            _add(levels, parent, "I", _item(line))
    parents = {level["parent"] for level in levels if "parent" in level}
    for level in levels:
        level["child"] = "1" if level["id"] in parents else "0"
    has_packs = any(level["level"] == "P" for level in levels)
    return {
        "purpose": "00",
        "shipment_id": str(document.get("number") or ""),
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
        "structure": _WITH_PACKS if has_packs else _WITHOUT_PACKS,
        "levels": levels,
    }


def _add(levels: list[Document], parent: str | None, kind: str, fields: Document) -> str:
    identifier = str(len(levels) + 1)
    above = {"parent": parent} if parent else {}
    levels.append({"id": identifier, **above, "level": kind, **fields})
    return identifier


def _shipment(
    document: Mapping[str, Any], packed: list[packs.Pack], connection: Connection
) -> Document:
    carrier: Mapping[str, Any] = document.get("carrier") or {}
    weight: Mapping[str, Any] = document.get("weight") or {}
    cartons = sum(1 for pack in packed if pack.sscc or pack.tracking)
    packaging = without_blanks(
        packaging="CTN" if cartons else "",
        cartons=str(cartons) if cartons else "",
        weight_qualifier="G" if weight else "",
        weight=weight.get("value"),
        weight_uom=weight.get("uom"),
    )
    scac = str(carrier.get("scac") or "")
    is_scac = scac.isalpha() and scac.isupper() and 2 <= len(scac) <= _LONGEST_SCAC
    words = (carrier.get("service"), carrier.get("name"), "" if is_scac else scac)
    routing = without_blanks(
        id_qualifier="2" if is_scac else "",
        id=scac if is_scac else "",
        routing=next((str(text) for text in words if text), "")[:35],
    )
    numbers = [("CN", number) for number in document.get("tracking") or []]
    dates = (("011", document.get("shipped_on")), ("017", document.get("expected_on")))
    return without_blanks(
        packaging=[packaging] if packaging else [],
        routing=[routing] if routing else [],
        refs=refs([("BM", document.get("bol")), *numbers]),
        dates=[{"qualifier": kind, "date": date} for kind, date in dates if date],
        parties=[
            *us("SF", connection),
            *them("BY", connection),
            *place("ST", document.get("ship_to")),
        ],
    )


def _order(document: Mapping[str, Any]) -> Document:
    return without_blanks(
        po_number=document.get("po_number"),
        po_date=document.get("po_date"),
        refs=refs(echo.tags(document)),
    )


def _pack(pack: packs.Pack) -> Document:
    return without_blanks(
        sscc=f"{_SSCC_AI}{pack.sscc}" if pack.sscc else "", tracking=pack.tracking
    )


def _item(line: Mapping[str, Any]) -> Document:
    return without_blanks(
        line_no=line.get("line_no"),
        ids=item_ids(line),
        shipped=line.get("quantity"),
        uom=line.get("uom") or "EA",
        ordered=line.get("ordered"),
        ordered_uom=(line.get("uom") or "EA") if line.get("ordered") else "",
        refs=refs([("LT", line.get("lot"))]),
    )
