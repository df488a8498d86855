"""Do a body's amounts add up? By the names of canonical orders and invoices."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from integrations.evidence.numbers import number_of

_CENT: Final = Decimal("0.01")
_ZERO: Final = Decimal(0)
_PARTS: Final = ("lines", "shipping", "freight", "fees")


def broken_sums(body: dict[str, Any]) -> frozenset[str]:
    """Which sums are wrong: "totals", "lines" (against the totals), "prices" (of the lines).

    A cent for each line is allowed. A sum whose parts are not all there is not wrong.
    """
    lines = body.get("lines")
    entries = [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
    totals = body.get("totals")
    totals = totals if isinstance(totals, dict) else {}
    return frozenset(name for name, adds_up in _SUMS.items() if not adds_up(totals, entries, body))


def _any_near(wanted: Decimal, readings: list[Decimal], count: int) -> bool:
    return min(abs(wanted - reading) for reading in readings) <= _CENT * max(count, 1)


def _totals(totals: dict[str, Any], entries: list[Any], body: dict[str, Any]) -> bool:
    total, lines = number_of(totals.get("total")), number_of(totals.get("lines"))
    if total is None or lines is None:
        return True
    net = sum((number_of(totals.get(name)) or _ZERO for name in _PARTS), _ZERO)
    net -= number_of(totals.get("discount")) or _ZERO
    tax = number_of(totals.get("tax")) or _ZERO
    return _any_near(
        total, [net + tax, net] if body.get("taxes_included") else [net + tax], len(entries)
    )


def _lines(totals: dict[str, Any], entries: list[Any], body: dict[str, Any]) -> bool:
    wanted = number_of(totals.get("lines"))
    amounts = [number_of(line.get("total")) for line in entries]
    if wanted is None or not amounts or None in amounts:
        return True
    made = sum((amount for amount in amounts if amount is not None), _ZERO)
    discount = number_of(totals.get("discount")) or _ZERO
    return _any_near(wanted, [made, made + discount], len(entries))


def _prices(totals: dict[str, Any], entries: list[Any], body: dict[str, Any]) -> bool:
    return all(_price_fits(line) for line in entries)


def _price_fits(line: dict[str, Any]) -> bool:
    quantity, price, total = (number_of(line.get(n)) for n in ("quantity", "unit_price", "total"))
    if quantity is None or price is None or total is None:
        return True
    discount = number_of(line.get("discount")) or _ZERO
    return _any_near(quantity * price, [total, total + discount], 1)


_Adds = Callable[[dict[str, Any], list[Any], dict[str, Any]], bool]
_SUMS: Final[dict[str, _Adds]] = {"totals": _totals, "lines": _lines, "prices": _prices}
