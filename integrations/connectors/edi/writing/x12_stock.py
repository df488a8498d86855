"""What a buyer may order, as one 846 of many items. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.edi.writing.x12_parts import Document, item_ids, them, us

_FOR_SALE: Final = "33"


def stock_report(
    documents: Sequence[Mapping[str, Any]], local: datetime, connection: Connection
) -> Document:
    """The neutral 846."""
    return {
        "purpose": "00",
        "report_type": "SI",
        "report_id": f"{local:%Y%m%d%H%M%S}",
        "date": f"{local:%Y-%m-%d}",
        "time": f"{local:%H:%M}",
        "parties": [*us("SE", connection), *them("BY", connection)],
        "lines": [_line(number, document) for number, document in enumerate(documents, 1)],
    }


def _line(number: int, document: Mapping[str, Any]) -> Document:
    counted = {
        "qualifier": _FOR_SALE,
        "quantity": document.get("quantity"),
        "uom": document.get("uom") or "EA",
    }
    return {"line_no": str(number), "ids": item_ids(document), "quantities": [counted]}
