"""RECADV: what a buyer received of a shipment of ours. Pure."""

from decimal import Decimal
from typing import Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors import advices
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.edifact_parts import (
    Fields,
    gtin,
    item_code,
    number_of,
    reference,
    unit_name,
)
from integrations.connectors.edi.settings import EVERY_LINE
from integrations.formats.edifact.finish import lines_of
from portal.core.decimals import plain_number

# 6063: received, else delivered; and what came but is no good: damaged, to go back, to be destroyed.
_CAME: Final = ("48", "46")
_TAKEN: Final = "194"
_BAD: Final = ("124", "195", "196")
_NOTICE: Final = ("DQ", "AAK")
_DESPATCH_ADVICE: Final = "351"


def native_receipt(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """One receipt for each notice of ours; a line that names none is of the notice in the heading."""
    of_all = _notice(document)
    by_notice: dict[str, list[Fields]] = {}
    lines = list(lines_of(document))
    for number, line in enumerate(lines):
        notice = _notice(line) or of_all
        path = f"lines[{number}]"
        if not notice:
            text = f"{path} names no despatch advice of ours (RFF DQ or AAK)."
            problems.append(Problem("missing_field", f"{path}.refs", "", text))
            continue
        found = _line(line, path, problems)
        if found:
            by_notice.setdefault(notice, []).append(found)
    if not lines:
        problems.append(Problem("missing_field", "lines", "", "The advice names no item."))
    if problems:  # what half of it says is not what came
        return []
    complete = connection.settings["receipts"] == EVERY_LINE
    return [
        advices.receipt(advices.about(notice, types=["shipment"]), told, complete=complete)
        for notice, told in by_notice.items()
    ]


def _notice(holder: Fields) -> str:
    named = (reference(holder, kind) for kind in _NOTICE)
    documents = (
        str(d.get("number", ""))
        for d in holder.get("documents", [])
        if d.get("type") == _DESPATCH_ADVICE
    )
    return next((number for number in (*named, *documents) if number), "")


def _line(line: Fields, path: str, problems: list[Problem]) -> Fields | None:
    amounts: dict[str, Decimal] = {}
    units: dict[str, None] = {}
    for entry in line.get("quantities", []):
        amount = number_of(entry, "quantity", f"{path}.quantities", problems)
        kind = str(entry.get("qualifier", ""))
        if amount is not None and kind in (*_CAME, _TAKEN, *_BAD):
            amounts.setdefault(kind, amount)
            units |= {unit_name(entry.get("uom")): None} if entry.get("uom") else {}
    if len(units) > 1:
        text = f"{path} is counted in {shorten(' and in '.join(units))}, which cannot be added."
        problems.append(Problem("uom_mismatch", f"{path}.uom", shorten(" ".join(units)), text))
        return None
    bad = sum((amounts.get(kind, Decimal(0)) for kind in _BAD), Decimal(0))
    came = next((amounts[kind] for kind in _CAME if kind in amounts), None)
    if came is None and _TAKEN in amounts:
        came = amounts[_TAKEN] + bad
    if came is None:
        text = f"{path} does not say how much was received (QTY 48 or 194)."
        problems.append(Problem("missing_field", f"{path}.quantities", "", text))
        return None
    return {
        "item": item_code(line),
        "gtin": gtin(line),
        "received": plain_number(came),
        "damaged": plain_number(bad),
        "uom": next(iter(units), ""),
        "reason": _reason(line),
    }


def _reason(line: Fields) -> str:
    found = [v.get("reason_text") or v.get("reason") for v in line.get("variances", [])]
    return "; ".join(str(text) for text in found if text)
