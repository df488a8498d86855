"""945 shipping advices. Pure."""

import hashlib
import json
from decimal import Decimal
from typing import Any, Final, NamedTuple

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.edi_files import items

# Element 368 as W12-01 uses it. What is not shipped and comes later is backordered.
_STATUS: Final = {
    "CC": "complete",
    "CL": "complete",
    "CP": "short",
    "DS": "short",
    "BP": "backordered",
    "BO": "backordered",
    "BK": "backordered",
    "CM": "extra",
    "CS": "substituted",
    "IC": "cancelled",
}
_ZERO: Final = Decimal(0)
_AI_SSCC: Final = "00"


class _Counts(NamedTuple):
    ordered: Decimal | None
    shipped: Decimal
    short: Decimal


def native_shipment(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[dict[str, Any]]:
    """The 945 with `derived` for itself and for each of its lines."""
    lines = [items.unshift(line) for line in document.get("lines", [])]
    counts = [_derive(line, f"lines[{n}]", problems) for n, line in enumerate(lines)]
    tracking = items.references(document, "CN", "2I")
    for line in lines:
        tracking += [line["tracking"]] if line.get("tracking") else []
        tracking += items.marks(line, "CP")
    derived = {
        "number": _number(document),
        "site": items.site_of(document, connection),
        "bol": items.reference(document, "BM"),
        "tracking": list(dict.fromkeys(tracking)),
        "shipped_at": items.day(document, "11") or _ship_date(document),
        "estimated_delivery": items.day(document, "17"),
        "status": _whole_status(counts),
    }
    return [{**document, "lines": lines, "derived": derived}]


def _number(document: dict[str, Any]) -> str:
    """The shipment's number; without one, what else names it, or its own content."""
    named = document.get("shipment_id") or items.reference(document, "BM")
    if named:
        return named
    content = json.dumps(document, sort_keys=True).encode()
    return f"{document.get('depositor_order', '')}-{hashlib.sha256(content).hexdigest()[:8]}"


def _ship_date(document: dict[str, Any]) -> str | None:
    date = document.get("ship_date")
    return date if items.is_day(date) else None


def _whole_status(counts: list[_Counts]) -> str:
    if not any(count.shipped for count in counts):
        return "cancelled"
    return "partial" if any(count.short for count in counts) else "complete"


def _derive(line: dict[str, Any], path: str, problems: list[Problem]) -> _Counts:
    counts = _count(line, path, problems)
    sscc = line.get("sscc", "")
    sscc = sscc[2:] if len(sscc) == 20 and sscc.startswith(_AI_SSCC) else sscc
    line["derived"] = {
        "line_no": items.reference(line, "LI"),
        "item": items.item_code(line),
        "gtin": items.gtin(line),
        "ordered": items.plain(counts.ordered),
        "shipped": items.plain(counts.shipped),
        "short": items.plain(counts.short) if counts.short else None,
        "status": _line_status(line, counts, path, problems),
        "lot": items.lot(line),
        "serials": items.references(line, "SE"),
        "sscc": sscc if len(sscc) == 18 and sscc.isdigit() else None,
    }
    return counts


def _count(line: dict[str, Any], path: str, problems: list[Problem]) -> _Counts:
    """Ordered, shipped and short, each from the other two where it was left out."""
    ordered = items.quantity(line, "ordered", f"{path}.ordered", problems)
    shipped = items.quantity(line, "shipped", f"{path}.shipped", problems)
    short = items.quantity(line, "difference", f"{path}.difference", problems)
    if shipped is None and ordered is not None:
        whole = short is None and _STATUS.get(line.get("status", "")) == "complete"
        nothing = _STATUS.get(line.get("status", "")) in ("backordered", "cancelled")
        shipped = ordered - (short or _ZERO) if short is not None or whole else None
        shipped = _ZERO if shipped is None and nothing else shipped
    if shipped is None:
        text = f"{path} does not say how much was shipped."
        problems.append(Problem("missing_field", f"{path}.shipped", "", text))
        shipped = _ZERO
    if short and ordered == shipped:
        ordered = shipped + short  # W12-02 repeats the shipped quantity
    if ordered is not None:
        short = max(ordered - shipped, _ZERO)
    return _Counts(ordered, shipped, max(short or _ZERO, _ZERO))


def _line_status(line: dict[str, Any], counts: _Counts, path: str, problems: list[Problem]) -> str:
    """Unknown with nothing missing is complete; unknown with something missing is for a person."""
    code = line.get("status", "")
    known = _STATUS.get(code)
    if known is None and counts.short:
        text = f"W12-01 is {shorten(code) or 'empty'} and {counts.short} did not ship."
        problems.append(Problem("schema_drift", f"{path}.status", shorten(code), text))
    return known or ("short" if counts.short else "complete")
