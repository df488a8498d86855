"""What became of a return that a buyer asked for, as a 180. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from integrations.canonical.problem import Problem
from integrations.connectors.connection import Connection
from integrations.connectors.edi.writing.x12_parts import (
    Document,
    item_ids,
    refs,
    them,
    us,
    without_blanks,
)

_RESPONSE: Final = "11"
# 1292: what is neither asked nor refused has our authorisation.
_PENDING, _DENIED, _AUTHORISED = "RP", "RD", "RA"
_CODES: Final = {"requested": _PENDING, "declined": _DENIED}
_AUTHORISATION: Final = "RZ"


def return_answer(
    document: Mapping[str, Any], local: datetime, connection: Connection, problems: list[Problem]
) -> Document:
    """The neutral 180, under the buyer's number of the return."""
    number = str(document.get("number") or "")
    code = _CODES.get(str(document.get("status")), _AUTHORISED)
    numbers = (
        (_AUTHORISATION, number if code == _AUTHORISED else ""),
        ("PO", document.get("po_number")),
    )
    if not document.get("lines"):
        text = "The return names no item, and a 180 is about items."
        problems.append(Problem("missing_field", "lines", "", text))
    return without_blanks(
        purpose=_RESPONSE,
        number=number,
        date=f"{local:%Y-%m-%d}",
        time=f"{local:%H:%M}",
        reference=number,
        decision={"return_code": code},
        refs=refs(numbers),
        parties=[*us("SE", connection), *them("BY", connection)],
        lines=[_line(line, code) for line in document.get("lines") or []],
    )


def _line(line: Mapping[str, Any], code: str) -> Document:
    return without_blanks(
        ids=item_ids(line),
        quantity=line.get("quantity"),
        uom=line.get("uom") or "EA",
        decision={"return_code": code},
    )
