"""What a partner says of one document of ours, which it names by its number. Pure.

Where an acknowledgement says whether a file could be read, these say what became of what is in it: an
advice on it, a receipt of its goods, a payment of its amount.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from integrations.formats.findings import Mark

# The key that tells them from acknowledgements, and their kinds.
ADVICE: Final = "advice"
VERDICT, RECEIPT, PAYMENT = "verdict", "receipt", "payment"
ACCEPTED, WITH_ERRORS, REFUSED = "A", "E", "R"

Told = dict[str, Any]


def about(
    *numbers: str,
    types: Sequence[str] = (),
    functional_id: str = "",
    group: str = "",
    part: str = "",
) -> Told:
    """Which document: by its place in a file of ours, where both controls are told, else by the first of
    these numbers that names one. `types`: of what kind it is, empty where they do not say."""
    return {
        "numbers": list(dict.fromkeys(number.strip() for number in numbers if number.strip())),
        "types": list(types),
        "functional_id": functional_id,
        "group": group.strip().lstrip("0"),
        "part": part.strip().lstrip("0"),
    }


def verdict(place: Told, code: str, errors: Sequence[str], marks: Sequence[Mark] = ()) -> Told:
    """That they took it, took it with errors, or refuse it; and why, in their own words."""
    told = [list(mark) for mark in marks]
    return {ADVICE: VERDICT, "about": place, "code": code, "errors": list(errors), "marks": told}


def receipt(place: Told, lines: Sequence[Mapping[str, Any]], *, complete: bool) -> Told:
    """What came of a shipment: {item, gtin, received, damaged, uom, reason} each, quantities as text,
    `uom` as they call it or "". `complete`: what is not named did not come."""
    told = [dict(line) for line in lines]
    return {ADVICE: RECEIPT, "about": place, "lines": told, "complete": complete}


def payment(place: Told, **amounts: Any) -> Told:
    """What was paid of an invoice: {paid, discount, currency, trace, reasons}, amounts as text.
    `currency` is empty where they do not say."""
    return {ADVICE: PAYMENT, "about": place, **amounts}
