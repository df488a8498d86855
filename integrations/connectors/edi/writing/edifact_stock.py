"""What a buyer may order, as one INVRPT of many items. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.edi.writing.edifact_parts import (
    Document,
    dates,
    head,
    item,
    quantity,
    them,
    us,
)

_REPORT: Final = "35"
_ACTUAL: Final = "145"


def stock_report(
    documents: Sequence[Mapping[str, Any]], local: datetime, connection: Connection
) -> Document:
    """The neutral INVRPT."""
    told = head(_REPORT, f"{local:%Y%m%d%H%M%S}")
    told["dates"] = dates((("137", f"{local:%Y-%m-%dT%H:%M}"),))
    told["parties"] = [them(connection), us(connection)]
    told["lines"] = [
        item(number, document)
        | {"quantities": [quantity(_ACTUAL, document.get("quantity"), document.get("uom"))]}
        for number, document in enumerate(documents, 1)
    ]
    return told
