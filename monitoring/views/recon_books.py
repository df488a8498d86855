"""What a comparison of books says besides its rows: how long what is unmatched is so, and the matches."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from integrations.views import spoken
from portal.core.manner import number

_BUCKETS: Final[Mapping[str, str]] = {
    "0-2": "0–2 days",
    "3-7": "3–7 days",
    "8-30": "8–30 days",
    "30+": "over 30 days",
}
_LACKS: Final[Mapping[str, str]] = {
    "not_invoiced": "Shipped, no invoice",
    "not_shipped": "Invoiced, nothing shipped",
    "not_credited": "Refunded, not credited",
}
_PASSES: Final[Mapping[str, str]] = {
    "number": "Invoices found by the order's number",
    "reference": "By another number",
    "amount": "By amount and day",
    "hand": "By hand",
}


def shown(figures: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """{ageing, passes} from the figures of a run; None and nothing for one that compared no books.

    Amounts in `currency`, the customer's, stand without its name.
    """
    if "ageing" not in figures:
        return {"ageing": None, "passes": []}
    rows = [
        {"word": word, "cells": _cells(figures["ageing"][lack], currency)}
        for lack, word in _LACKS.items()
        if any(count for count, _ in figures["ageing"][lack].values())
    ]
    passes = [
        {"label": word, "value": number(figures["passes"][name])}
        for name, word in _PASSES.items()
        if figures["passes"][name]
    ]
    return {"ageing": {"buckets": list(_BUCKETS.values()), "rows": rows}, "passes": passes}


def _cells(found: Mapping[str, Any], currency: str) -> list[dict[str, str]]:
    return [_cell(word, *found[name], currency=currency) for name, word in _BUCKETS.items()]


def _cell(bucket: str, count: int, amounts: Mapping[str, str], *, currency: str) -> dict[str, str]:
    money = [
        spoken.amount(Decimal(total), name)
        if name == currency
        else spoken.money(Decimal(total), name)
        for name, total in amounts.items()
    ]
    return {
        "bucket": bucket,
        "count": number(count) if count else "none",
        "money": ", ".join(money),
    }
