"""Our price list as a PRICAT. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.writing import price_items
from integrations.connectors.edi.writing.edifact_parts import (
    Document,
    dates,
    head,
    item,
    them,
    us,
)

_CATALOGUE: Final = "9"
_REPLACES: Final = "5"
_NET: Final = "AAA"
_QUANTITY_RANGE: Final = "4"
_PIECES: Final = {"EA": "PCE"}


def catalogue(
    document: Mapping[str, Any], local: datetime, connection: Connection, problems: list[Problem]
) -> Document:
    """The neutral PRICAT: one line for each item, with a price for each range of quantities."""
    problems += price_items.nothing_sold(document)
    told = head(_CATALOGUE, document.get("list"), _REPLACES)
    told["dates"] = dates(
        (
            ("137", f"{local:%Y-%m-%d}"),
            ("157", document.get("valid_from")),
            ("206", document.get("valid_to")),
        )
    )
    told["parties"] = [them(connection), us(connection)]
    currency = {"usage": "2", "currency": document.get("currency"), "qualifier": "8"}
    told["currencies"] = [currency]
    told["lines"] = [
        item(number, prices[0]) | {"prices": [_price(price) for price in prices]}
        for number, prices in enumerate(price_items.by_item(document), 1)
    ]
    return told


def _price(line: Mapping[str, Any]) -> Document:
    unit = str(line.get("uom") or "EA")
    unit = _PIECES.get(unit, unit)
    told: Document = {
        "qualifier": _NET,
        "price": str(line.get("price")),
        "basis": "1",
        "basis_uom": unit,
    }
    least = line.get("min_quantity")
    if least:
        told["range"] = {"kind": _QUANTITY_RANGE, "uom": unit, "minimum": str(least)}
    return told
