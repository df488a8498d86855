"""944 stock transfer receipt advices. Pure."""

from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi_files import items

_DAMAGED: Final = "01"
_CONDITIONS: Final = {"01": "damaged", "02": "short", "03": "over"}


def native_receipt(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[dict[str, Any]]:
    """The 944 with `derived`: what arrived counts damaged goods too, `damaged` is part of it."""
    apart = bool(connection.settings["damaged_apart"])
    lines = document.get("lines", [])
    for number, line in enumerate(lines):
        _derive(line, f"lines[{number}]", problems, apart=apart)
    received = document.get("received_date")
    derived = {
        "number": document.get("receipt_number"),
        "order_number": document.get("depositor_order") or document.get("shipment_id"),
        "site": items.site_of(document, connection),
        "received_on": received if items.is_day(received) else None,
    }
    return [{**document, "derived": derived}]


def _derive(line: dict[str, Any], path: str, problems: list[Problem], *, apart: bool) -> None:
    received = items.quantity(line, "quantity", f"{path}.quantity", problems)
    damaged = Decimal(0)
    conditions = []
    for number, entry in enumerate(line.get("exceptions", [])):
        code = entry.get("condition", "")
        conditions.append(_CONDITIONS.get(code, code))
        if code == _DAMAGED:
            where = f"{path}.exceptions[{number}].quantity"
            damaged += items.quantity(entry, "quantity", where, problems) or Decimal(0)
    if received is not None and apart:
        received += damaged
    line["derived"] = {
        "item": items.item_code(line),
        "lot": items.lot(line),
        "received": items.plain(received),
        "damaged": items.plain(damaged) if damaged else None,
        "condition": ", ".join(conditions) or None,
    }
