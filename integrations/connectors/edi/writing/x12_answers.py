"""Our answer to an order: an 855 that takes it as it is. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.edi.writing.x12_parts import Document, item_ids, us, without_blanks

_ORIGINAL, _REPLACES = "00", "05"
_AS_ORDERED, _REJECTED = "AD", "RJ"
_ACCEPTED: Final = "IA"
_SHIP_DATE: Final = "068"


def order_answer(
    order: Mapping[str, Any], connection: Connection, *, changed: bool = False
) -> Document:
    """The neutral 855 of a canonical order: every line as ordered; header only for a cancelled one.

    What answers a change replaces the answer before it.
    """
    cancelled = order.get("status") == "cancelled"
    placed = str(order.get("placed_at") or "")[:10]
    return without_blanks(
        purpose=_REPLACES if changed else _ORIGINAL,
        status=_REJECTED if cancelled else _AS_ORDERED,
        po_number=order.get("po_number") or order.get("number"),
        date=placed,
        parties=us("SE", connection),
        lines=[] if cancelled else [_line(line, order) for line in order.get("lines") or []],
    )


def _line(line: Mapping[str, Any], order: Mapping[str, Any]) -> Document:
    promised = str(order.get("requested_ship") or "")[:10]
    answer = without_blanks(
        status=_ACCEPTED,
        quantity=line.get("quantity"),
        uom=line.get("uom"),
        date_qualifier=_SHIP_DATE if promised else "",
        date=promised,
    )
    return without_blanks(
        line_no=line.get("line_no"),
        quantity=line.get("quantity"),
        uom=line.get("uom"),
        unit_price=line.get("unit_price"),
        ids=item_ids(line),
        acknowledgements=[answer],
    )
