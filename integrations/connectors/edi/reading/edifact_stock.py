"""INVRPT of suppliers: one level for each item. Pure."""

from collections import Counter
from decimal import Decimal
from typing import Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.edifact_parts import (
    Fields,
    day,
    item_code,
    number_of,
    uom,
)
from integrations.connectors.edi.reading.order import moment
from portal.core.decimals import plain_number

# 6063 → bucket; 145 is the actual stock, and goes before 17, which some use for it.
_BUCKETS: Final = {
    "145": "on_hand", "17": "on_hand", "66": "committed", "124": "damaged", "89": "quality_hold",
    "198": "incoming",
}  # fmt: skip
_PLACE: Final = "14"


def native_levels(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """One document per line: the header, the `line`, and `derived`.

    Lines with problems are left out, so that the others of a large report still count.
    """
    header = {name: value for name, value in document.items() if name != "lines"}
    lines = document.get("lines", [])
    times = Counter(item_code(line) for line in lines)
    as_of = moment(day(document, "137", "9") or "", connection, problems)
    levels = []
    for number, line in enumerate(lines):
        path, found = f"lines[{number}]", list[Problem]()
        code = item_code(line)
        if times[code] > 1:
            text = f"{code} stands more than once in this report."
            found.append(Problem("duplicate_item", path, shorten(code), text))
        derived = _derive(line, path, found)
        problems += found
        if as_of and not found:
            derived |= {"as_of": as_of, "site": _site(document, line, connection)}
            derived["full_report"] = bool(connection.settings["full_846"])
            levels.append({**header, "line": line, "derived": derived})
    if not lines:
        problems.append(Problem("missing_field", "lines", "", "The report names no item."))
    return levels


def _derive(line: Fields, path: str, problems: list[Problem]) -> Fields:
    buckets: dict[str, Decimal] = {}
    told = {q.get("qualifier", ""): q for q in reversed(line.get("quantities", []))}
    for qualifier, bucket in _BUCKETS.items():
        if qualifier in told and bucket not in buckets:
            amount = number_of(told[qualifier], "quantity", f"{path}.quantities", problems)
            if amount is not None:
                buckets[bucket] = amount
    if "on_hand" not in buckets:
        text = f"{path} has no actual stock (QTY 145)."
        problems.append(Problem("missing_field", f"{path}.quantities", "", text))
    plain = {bucket: plain_number(amount) for bucket, amount in buckets.items()}
    return {**plain, "item": item_code(line), "uom": uom(line, _BUCKETS)}


def _site(document: Fields, line: Fields, connection: Connection) -> str | None:
    entered = str(connection.settings["site"] or "")
    parties = document.get("parties", [])
    places = [place for holder in (*parties, line) for place in holder.get("locations", [])]
    named = [p.get("id") for p in places if p.get("qualifier") == _PLACE]
    named += [p.get("id") for p in parties if p.get("role") == "WH"]
    return entered or next((code for code in named if code), None)
