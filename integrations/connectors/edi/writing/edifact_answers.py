"""Our answer to an order: an ORDRSP that takes it as it is, or refuses it. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.edi.writing.edifact_parts import (
    Document,
    dates,
    head,
    item,
    quantity,
    refs,
    them,
    us,
)

_RESPONSE: Final = "231"
_ACCEPTED, _REFUSED = "29", "27"
_AS_ORDERED: Final = "5"


def order_answer(order: Mapping[str, Any], day: str, connection: Connection) -> Document:
    """The neutral ORDRSP of a canonical order: every line as ordered; header only for a cancelled one."""
    cancelled = order.get("status") == "cancelled"
    number = order.get("po_number") or order.get("number")
    told = head(_RESPONSE, number, _REFUSED if cancelled else _ACCEPTED)
    promised = str(order.get("requested_ship") or "")[:10]
    told["dates"] = dates((("137", day), ("10", promised)))
    told["refs"] = refs((("ON", str(number)),))
    told["parties"] = [them(connection), us(connection)]
    lines = [] if cancelled else order.get("lines") or []
    told["lines"] = [_line(number, line) for number, line in enumerate(lines, 1)]
    return told


def _line(number: int, line: Mapping[str, Any]) -> Document:
    told = item(number, line)
    told["action"] = _AS_ORDERED
    told["quantities"] = [quantity("21", line.get("quantity"), line.get("uom"))]
    told["prices"] = [{"qualifier": "AAA", "price": str(line.get("unit_price") or "")}]
    return told
