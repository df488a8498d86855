"""What a document repeats of the order it is about: the buyer's line numbers and bar codes. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten

_UPC: Final = 12

Fields = Mapping[str, Any]


def in_order(document: Fields) -> list[dict[str, Any]]:
    """The document's lines with the line number and the bar code of the order's line of that item.

    A line that names the order's line itself keeps it.
    """
    ordered = document.get("order_lines") or []
    by_sku: dict[str, list[Fields]] = {}
    for line in ordered:
        by_sku.setdefault(str(line.get("sku")), []).append(line)
    by_number = {str(line["line_no"]): line for line in ordered if line.get("line_no")}
    return [_joined(line, by_sku, by_number) for line in document.get("lines") or []]


def _joined(
    line: Fields, by_sku: Mapping[str, list[Fields]], by_number: Mapping[str, Fields]
) -> dict[str, Any]:
    of_item = by_sku.get(str(line.get("sku")), [])
    named = by_number.get(str(line.get("line_no")))
    theirs = named if named in of_item else next(iter(of_item), {})
    taken = {name: theirs[name] for name in ("line_no", "gtin", "description") if theirs.get(name)}
    own = {name: value for name, value in line.items() if value not in (None, "")}
    return {**taken, **own, **({"line_no": taken["line_no"]} if "line_no" in taken else {})}


def buyer_item(line: Fields) -> str:
    """The buyer's own number of the item. One that is ours is none: no lookup table says theirs."""
    code = str(line.get("buyer_item") or "")
    return "" if code == line.get("sku") else code


def supplier_item(line: Fields) -> str:
    """The supplier's own number of the item. One that is ours is none: no lookup table says theirs."""
    code = str(line.get("supplier_item") or "")
    return "" if code == line.get("sku") else code


def bar_code(line: Fields) -> tuple[str, str] | None:
    """UP, EN or UK and the code as it is written there, without the zeros a GTIN is filled up with."""
    digits = str(line.get("gtin") or "").lstrip("0")
    if not digits:
        return None
    if len(digits) <= _UPC:
        return "UP", digits.zfill(_UPC)
    return ("EN" if len(digits) == _UPC + 1 else "UK"), digits


def tags(document: Fields) -> list[tuple[str, str]]:
    """Kind and value of what the order wants repeated."""
    pairs = (str(tag).partition(":") for tag in document.get("tags") or [])
    return [(kind, value) for kind, _, value in pairs if kind and value]


def without_order(document: Fields) -> list[Problem]:
    """A problem where nobody knows which order of the buyer it is about."""
    if document.get("po_number"):
        return []
    text = f"It names no purchase order of the buyer: {shorten(str(document.get('number', '')))}."
    return [Problem("missing_field", "po_number", "", text)]
