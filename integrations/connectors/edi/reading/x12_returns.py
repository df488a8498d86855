"""180: a buyer asks to return goods, or says that they come. Pure."""

from typing import Final

from integrations.canonical.problem import Problem, shorten
from integrations.connectors.connection import Connection
from integrations.connectors.edi.reading.notice import only
from integrations.connectors.edi.reading.order import Fields
from integrations.connectors.edi_files import items

# 1292 that say the goods come back, with a number of ours or without; all else asks, or asks what to do.
_COMING: Final = frozenset({"RA", "RN", "CR"})
_CANCELLATION: Final = "01"
_DISPOSITIONS: Final = {
    "CR": "returned by a consumer", "DI": "to be disposed of", "KA": "kept, with an allowance",
    "KR": "kept and repaired", "MW": "manufacturer's warranty", "PA": "authorised in part",
    "RA": "returned with an authorisation", "RD": "refused", "RF": "returned for repair",
    "RN": "returned without an authorisation", "RP": "authorisation pending",
    "RT": "shipped to a third party", "SC": "given away", "SD": "shipped off to be disposed of",
}  # fmt: skip
# 1293, in our words.
_REASONS: Final = {
    "BC": "beyond its code date", "CO": "ordered in error", "CV": "another colour",
    "DA": "damaged", "DI": "discontinued", "DM": "defective", "DP": "packaging defective",
    "DR": "defective, returned by a consumer", "DT": "damaged in transit",
    "EI": "excess inventory", "EO": "end of the season", "EW": "worn", "LP": "label",
    "MD": "mark-down", "NA": "not as expected", "OP": "outdated packaging", "PE": "price",
    "PF": "poor fit", "PR": "recall", "PS": "spoiled", "PW": "poor workmanship", "RE": "recall",
    "SD": "short-dated", "SM": "sample", "SP": "shipped after the cancel date",
    "SR": "stock reduction", "ST": "style", "TE": "termination",
    "WG": "wrong goods, or not ordered",
}  # fmt: skip


def native_return(
    document: Fields, connection: Connection, problems: list[Problem]
) -> list[Fields]:
    """The 180 with `derived`. One about an earlier one has its number (BGN06)."""
    number = str(document.get("reference") or document.get("number") or "")
    if document.get("purpose") == _CANCELLATION:
        text = f"It takes return {shorten(number)} back. Close the return where it is handled."
        problems.append(Problem("not_supported", "purpose", _CANCELLATION, text))
        return []
    head: Fields = document.get("decision", {})
    lines = document.get("lines", [])
    if not lines:
        problems.append(Problem("missing_field", "lines", "", "The return names no item."))
    orders = [items.reference(holder, "PO") or "" for holder in (document, *lines)]
    codes = {_decision(line, head).get("return_code") for line in lines}
    derived = {
        "number": number,
        "order_number": only(orders),
        "status": "in_transit" if codes and codes <= _COMING else "requested",
        "lines": [_line(line, head, f"lines[{n}]", problems) for n, line in enumerate(lines)],
    }
    return [{**document, "derived": derived}]


def _line(line: Fields, head: Fields, path: str, problems: list[Problem]) -> Fields:
    quantity = items.quantity(line, "quantity", f"{path}.quantity", problems)
    counted: Fields = next((q for q in line.get("quantities", []) if q.get("quantity")), {})
    if quantity is None:
        quantity = items.quantity(counted, "quantity", f"{path}.quantities", problems)
    if quantity is None:
        text = f"{path} does not say how much comes back."
        problems.append(Problem("missing_field", f"{path}.quantity", "", text))
    told = _decision(line, head)
    return {
        "item": items.item_code(line),
        "quantity": items.plain(quantity),
        "uom": line.get("uom") or counted.get("uom") or "EA",
        "reason": _words(told.get("disposition"), _REASONS, told.get("text")),
        "disposition": _words(told.get("return_code"), _DISPOSITIONS, None),
    }


def _decision(line: Fields, head: Fields) -> Fields:
    """The line's own RDR, that of its quantity, or the one of the heading."""
    counted = (quantity.get("decision") for quantity in line.get("quantities", []))
    return next((told for told in (line.get("decision"), *counted) if told), head)


def _words(code: str | None, table: dict[str, str], text: str | None) -> str | None:
    named = table.get(code or "", code)
    return ": ".join(part for part in (named, text) if part) or None
