"""Our answer to a change of an order, for buyers who want an 865: the order as it is now. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.edi.writing import x12_answers
from integrations.connectors.edi.writing.x12_parts import Document, without_blanks

# 670: the line stands as the change left it; we ask for nothing else.
_AS_CHANGED: Final = "NC"


def change_answer(order: Mapping[str, Any], local: datetime, connection: Connection) -> Document:
    """The neutral 865 of a canonical order: what an 855 says of it, with the day of the answer (BCA12)."""
    told = x12_answers.order_answer(order, connection)
    date = told.pop("date", "")
    lines = [{**line, "change": _AS_CHANGED} for line in told.pop("lines", [])]
    return without_blanks(
        **told, order_date=date, date=date, acknowledged=f"{local:%Y-%m-%d}", lines=lines
    )
