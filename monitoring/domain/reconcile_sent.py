"""What a warehouse was sent of an order, read from the very bytes it got."""

import json
from collections.abc import Iterable
from typing import Any

from integrations.connectors.edi_files.items import item_code
from integrations.formats.x12 import read
from monitoring.queries import recon_orders

# Item code and quantity of each line.
Lines = list[tuple[str, str]]


class SentLines:
    """The lines of orders in the documents of some payloads, each payload read once."""

    def __init__(self, hashes: Iterable[bytes]) -> None:
        self._bodies = recon_orders.payloads(sorted(set(hashes)))
        self._files: dict[bytes, dict[str, Lines]] = {}

    def of(self, payload: bytes | None, number: str) -> Lines | None:
        """The lines of order `number`; None where the bytes do not tell."""
        if payload is None or payload not in self._bodies:
            return None
        if payload not in self._files:
            self._files[payload] = _orders(self._bodies[payload])
        orders = self._files[payload]
        return orders.get(number, orders.get(""))


def _orders(body: bytes) -> dict[str, Lines]:
    """Order number → lines; a document of one order alone stands under an empty number."""
    if body[:3] == b"ISA":
        return _warehouse_orders(body)
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    lines = document.get("lines") if isinstance(document, dict) else None
    return {"": [_line(one) for one in lines if isinstance(one, dict)]} if lines else {}


def _line(line: dict[str, Any]) -> tuple[str, str]:
    item = line.get("sku") or line.get("item") or ""
    return str(item), str(line.get("quantity") or line.get("qty") or 0)


def _warehouse_orders(body: bytes) -> dict[str, Lines]:
    found: dict[str, Lines] = {}
    for _, _, one in read(body).sets():
        if one.type == "940":
            lines = one.document.get("lines", [])
            coded = [(item_code(line) or "", str(line.get("quantity") or 0)) for line in lines]
            found[str(one.document.get("depositor_order", ""))] = coded
    return found
