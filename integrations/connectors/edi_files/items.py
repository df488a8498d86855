"""What lines of X12 documents have in common: item ids, GTINs, references. Pure."""

from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.formats.x12.codes import ITEM_ID
from integrations.formats.x12.values import parse_number
from portal.core.decimals import plain_number

# The depositor's own number first, then what others call the item, then its bar code.
_SKU_KINDS: Final = ("VN", "SK", "VP", "VC", "VA", "IN", "BP", "PI", "CB", "MG")
_BAR_CODE_KINDS: Final = ("UK", "EN", "UP", "UA", "UI", "UD")

Line = dict[str, Any]


def unshift(line: Line) -> Line:
    """The line with its ids in place, where the UPC took the place of a qualifier (W12-07)."""
    for qualifier, value in line.get("ids", {}).items():
        if len(qualifier) == 12 and qualifier.isdigit() and value in ITEM_ID:
            moved = {k: v for k, v in line.items() if k != "warehouse_lot"}
            return {**moved, "upc": qualifier, "ids": {value: line.get("warehouse_lot", "")}}
    return line


def item_code(line: Line) -> str | None:
    """The code by which an item is looked up."""
    ids = line.get("ids", {})
    named = [ids[kind] for kind in _SKU_KINDS if ids.get(kind)]
    bar_codes = [line.get("upc"), *(ids.get(kind) for kind in _BAR_CODE_KINDS)]
    return next((code for code in [*named, *bar_codes] if code), None)


def gtin(line: Line) -> str | None:
    """A bar code of 8 to 14 digits, or None."""
    ids = line.get("ids", {})
    codes = [line.get("upc"), *(ids.get(kind) for kind in _BAR_CODE_KINDS)]
    return next((c for c in codes if c and c.isdigit() and 8 <= len(c) <= 14), None)


def reference(holder: Line, qualifier: str) -> str | None:
    """The first reference of a kind."""
    return next(iter(references(holder, qualifier)), None)


def references(holder: Line, *qualifiers: str) -> list[str]:
    """The values of all references of these kinds, without repeats."""
    refs = holder.get("refs", [])
    values = [ref.get("value", "") for ref in refs if ref.get("qualifier") in qualifiers]
    return list(dict.fromkeys(value for value in values if value))


def lot(line: Line) -> str | None:
    """The line's lot: of its own element, of a reference, or the warehouse's."""
    named = (line.get("lot"), line.get("lot_ref"), reference(line, "LT"), line.get("warehouse_lot"))
    return next((text for text in named if text), None)


def marks(line: Line, qualifier: str) -> list[str]:
    """MAN values of a kind that were not lifted into a field of the line."""
    found = line.get("marks", [])
    return [mark["value"] for mark in found if mark.get("qualifier") == qualifier]


def day(document: Line, qualifier: str) -> str | None:
    """The date of a kind, as 2026-03-03; a date in another form is none."""
    dates = document.get("dates", [])
    found = (d.get("date", "") for d in dates if d.get("qualifier") == qualifier)
    return next((date for date in found if is_day(date)), None)


def is_day(text: str | None) -> bool:
    """Whether the reader could make a date of it."""
    return text is not None and len(text) == 10 and text[4] == text[7] == "-"


def site_of(holder: Line, connection: Connection) -> str | None:
    """The endpoint's site, else the id of the warehouse in the document."""
    entered = str(connection.settings["site"] or "")
    parties = holder.get("parties", [])
    named = (p.get("id") for p in parties if p.get("role") in ("WH", "SF"))
    return entered or next((code for code in named if code), None)


def quantity(holder: Line, key: str, path: str, problems: list[Problem]) -> Decimal | None:
    """The number under `key`, None without one; anything else is a problem at `path`."""
    text = holder.get(key)
    if text in (None, ""):
        return None
    number = parse_number(str(text))
    if number is None:
        sentence = f"{path} is “{shorten(text)}”; a number is needed."
        problems.append(Problem("wrong_format", path, shorten(text), sentence))
    return number


def plain(number: Decimal | None) -> str | None:
    """As canonical documents write it."""
    return None if number is None else plain_number(number)
