"""Totals a document leaves out, computed when it is written."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from integrations.formats.x12.finish import number, total
from portal.core.decimals import plain_number

Document = dict[str, Any]
Missing = Callable[[str, str], None]

_UNITS = {"943": "quantity", "944": "quantity", "945": "shipped"}
_COUNTED = frozenset({"810", "832", "846", "850", "855", "860", "865"})


def complete_totals(
    set_type: str, document: Document, *, w76_basis: str, missing: Missing
) -> Document:
    """The document with the units or the line count its trailer needs, where it gave none.

    W76-01 of a 940 follows the basis: "sum" adds the ordered quantities whatever their unit,
    "eaches" adds each line's `eaches`, or its quantity where that is in EA. `missing(code, value)`
    is told of a line whose eaches are unknown.
    """
    lines = document.get("lines") or []
    totals = document.get("totals", {})
    stated: Decimal | None = None
    key = "units"
    if set_type in _COUNTED and "line_count" not in totals:
        key, stated = "line_count", Decimal(len(lines))
    elif set_type == "856" and "line_count" not in totals:
        key, stated = "line_count", Decimal(len(document.get("levels", [])))
    elif set_type in _UNITS and "units" not in totals and lines:
        stated = total(lines, _UNITS[set_type])
    elif set_type == "940" and "units" not in totals:
        stated = _order_units(lines, w76_basis, missing)
    if stated is None:
        return document
    return {**document, "totals": {key: plain_number(stated), **totals}}


def _order_units(lines: list[Document], basis: str, missing: Missing) -> Decimal | None:
    if basis == "sum":
        return total(lines, "quantity")
    result = Decimal(0)
    for line in lines:
        each = number(line, "quantity") if line.get("uom") == "EA" else None
        eaches = number(line, "eaches") or each
        if eaches is None:
            missing("eaches_unknown", str(line.get("line_no", "")))
            return None
        result += eaches
    return result
