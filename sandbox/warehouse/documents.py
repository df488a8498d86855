"""What the warehouse understands of a 940 and 943, as plain dicts that fit in its books."""

from decimal import Decimal
from typing import Any

from sandbox.catalog import BY_SKU, PRODUCTS
from sandbox.x12.read import Segment, TransactionSet

SKU_QUALIFIERS = ("VN", "SK", "VP", "BP", "IN", "MG", "PI")
BY_UPC = {product.upc: product.sku for product in PRODUCTS}


def _at(segment: Segment, position: int) -> str:
    return segment[position] if position < len(segment) else ""


def _item(segment: Segment, pairs: tuple[int, ...]) -> dict[str, Any]:
    ids = [[_at(segment, n), _at(segment, n + 1)] for n in pairs if _at(segment, n)]
    upc = _at(segment, 3)
    return {
        "quantity": _at(segment, 1),
        "uom": _at(segment, 2),
        "upc": upc,
        "ids": ids,
        "sku": _sku(upc, ids),
        "line_ref": "",
    }


def _sku(upc: str, ids: list[list[str]]) -> str:
    """Our item code: the depositor's own first, else by UPC, else whatever was sent."""
    by_kind = dict(ids)
    named = next((by_kind[kind] for kind in SKU_QUALIFIERS if kind in by_kind), "")
    return named or BY_UPC.get(upc or by_kind.get("UP", ""), upc)


def _lines(segments: list[Segment], name: str, pairs: tuple[int, ...]) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for segment in segments:
        if segment[0] == name:
            lines.append(_item(segment, pairs))
        elif lines and segment[:2] == ["N9", "LI"]:
            lines[-1]["line_ref"] = _at(segment, 2)
    return lines


def _party(segments: list[Segment], role: str) -> list[Segment]:
    """The N1 segment of a role with its N2, N3 and N4."""
    found: list[Segment] = []
    for segment in segments:
        if segment[:2] == ["N1", role]:
            found = [segment]
        elif found and segment[0] in ("N2", "N3", "N4"):
            found.append(segment)
        elif found:
            break
    return found


def shipping_order(read: TransactionSet) -> dict[str, Any]:
    """number, purpose, po_number, ship_to (segments), scac, service, lines of a 940."""
    header = next(segment for segment in read.segments if segment[0] == "W05")
    carrier = next((segment for segment in read.segments if segment[0] == "W66"), ["W66"])
    return {
        "number": header[2],
        "purpose": header[1],
        "po_number": _at(header, 3),
        "ship_to": _party(read.segments, "ST"),
        "payer": _at(carrier, 1),
        "mode": _at(carrier, 2) or "M",
        "service": _at(carrier, 5) or "GROUND",
        "scac": _at(carrier, 10) or "UPSN",
        "lines": _lines(read.segments, "W01", (4, 6, 15)),
    }


def stock_transfer(read: TransactionSet) -> dict[str, Any]:
    """number, shipment_id, po_number and lines of a 943."""
    header = next(segment for segment in read.segments if segment[0] == "W06")
    return {
        "number": header[2],
        "shipment_id": _at(header, 4),
        "po_number": _at(header, 6),
        "lines": _lines(read.segments, "W04", (4, 6)),
    }


def factor(line: dict[str, Any]) -> int:
    """Eaches in one of the line's units: the catalogue's pack for a case, else one."""
    product = BY_SKU.get(line["sku"])
    return product.case_pack if product and line["uom"] in ("CA", "CT") else 1


def eaches(line: dict[str, Any]) -> Decimal:
    return Decimal(line["quantity"]) * factor(line)
