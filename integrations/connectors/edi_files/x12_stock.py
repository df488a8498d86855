"""846 inventory advices: one level for each item and site. Pure."""

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.edi_files import items

# QTY-01 (element 673) → bucket; other kinds are kept in the native document only.
_BUCKETS: Final = {
    "17": "on_hand",
    "33": "available",
    "27": "committed",
    "20": "damaged",
    "QH": "quality_hold",
    "63": "incoming",
}
_TOTAL: Final = "26"


def native_levels(
    document: dict[str, Any], connection: Connection, problems: list[Problem]
) -> list[dict[str, Any]]:
    """One document per line: the header, the `line`, and `derived`.

    Lines with problems are left out, so that the others of a large report still count.
    """
    header = {name: value for name, value in document.items() if name != "lines"}
    lines = document.get("lines", [])
    twice = _named_twice(lines)
    as_of = _as_of(document, connection, problems)
    levels = []
    for number, line in enumerate(lines):
        path, found = f"lines[{number}]", list[Problem]()
        if _identity(line) in twice:
            text = f"{items.item_code(line)} stands more than once in this report."
            found.append(Problem("duplicate_item", path, shorten(items.item_code(line)), text))
        derived = _derive(line, path, found)
        derived |= {"as_of": as_of, "site": items.site_of({**header, **line}, connection)}
        derived["full_report"] = bool(connection.settings["full_846"])
        problems += found
        if not found and as_of:
            levels.append({**header, "line": line, "derived": derived})
    if not lines:
        problems.append(Problem("missing_field", "lines", "", "The report names no item."))
    return levels


def _identity(line: dict[str, Any]) -> tuple[Any, ...]:
    sites = tuple(party.get("id") for party in line.get("parties", []))
    return items.item_code(line), items.lot(line), sites


def _named_twice(lines: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    return {identity for identity, times in Counter(map(_identity, lines)).items() if times > 1}


def _derive(line: dict[str, Any], path: str, problems: list[Problem]) -> dict[str, Any]:
    amounts, units = _amounts(line, path, problems)
    on_hand = amounts.get("on_hand", amounts.get(_TOTAL))
    if on_hand is None and "available" in amounts:
        on_hand = amounts["available"] + amounts.get("committed", Decimal(0))
    if on_hand is None:
        text = f"{path} has no quantity on hand (QTY 17) and none for sale (QTY 33)."
        problems.append(Problem("missing_field", f"{path}.quantities", "", text))
    if len(units) > 1:
        text = f"{path} counts in {' and '.join(sorted(units))}."
        problems.append(
            Problem("uom_mismatch", f"{path}.quantities", " ".join(sorted(units)), text)
        )
    buckets = {name: items.plain(amounts[name]) for name in amounts if name != _TOTAL}
    return {
        **buckets,
        "item": items.item_code(line),
        "lot": items.lot(line),
        "on_hand": items.plain(on_hand),
        "uom": next(iter(units), None),
    }


def _amounts(
    line: dict[str, Any], path: str, problems: list[Problem]
) -> tuple[dict[str, Decimal], set[str]]:
    amounts: dict[str, Decimal] = {}
    units = set()
    for number, entry in enumerate(line.get("quantities", [])):
        kind = entry.get("qualifier", "")
        name = _TOTAL if kind == _TOTAL else _BUCKETS.get(kind)
        found = items.quantity(entry, "quantity", f"{path}.quantities[{number}]", problems)
        if name is None or found is None:
            continue
        amounts[name] = amounts.get(name, Decimal(0)) + found
        if entry.get("uom"):
            units.add(str(entry["uom"]))
    return amounts, units


def _as_of(document: dict[str, Any], connection: Connection, problems: list[Problem]) -> str | None:
    """BIA date and time, local to the partner, in UTC."""
    name = str(connection.settings["time_zone"] or "UTC")
    text = f"{document.get('date', '')}T{document.get('time', '') or '00:00'}"
    try:
        moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(name))
    except (ValueError, ZoneInfoNotFoundError, OSError):
        sentence = "BIA-04 and BIA-05 are no date and time."
        problems.append(Problem("wrong_format", "date", shorten(text), sentence))
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
