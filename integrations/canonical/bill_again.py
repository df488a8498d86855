"""A supplier's invoice that came once more, held against the one that is known under its number. Pure.

Suppliers correct an invoice by a credit or under another number. One number with two contents is paid twice,
or in the wrong sum, unless somebody looks.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from integrations.canonical.problem import shorten
from portal.core.decimals import plain_number

_MOST_LINES: Final = 5
# How far it is with us, what is paid of it, and how it was sent say nothing of what is billed.
_NO_CONTENT: Final = frozenset(
    {"status", "state", "replaces", "source_updated_at", "raw_extensions"}
)
_APART: Final = frozenset({"totals", "lines"})
_NUMBERS: Final = frozenset({"quantity", "unit_price", "total"})  # of a line
_TOTALS: Final = {"total": "total", "tax": "tax", "freight": "freight", "lines": "sum of the lines"}
_PLAIN: Final = {
    "type": "type",
    "currency": "currency",
    "order_number": "order",
    "shipment_number": "shipment",
    "issued_on": "issued on",
    "due_on": "due on",
}

Body = Mapping[str, Any]


def stands_for_it(after: Body, before: Body) -> bool:
    """Whether it says itself that it replaces the earlier one, or that one was a draft and no invoice yet."""
    return bool(after.get("replaces")) or before.get("status") == "draft"


def differences(before: Body, after: Body) -> list[str]:
    """What `after` bills otherwise, the total first: “total 130 EUR instead of 120 EUR”. Empty where it
    bills the same; 130.0 is 130."""
    found = [*_totals(before, after), *_plain(before, after), *_lines(before, after)]
    if not found and _rest(before) != _rest(after):
        found.append("other details")
    return found


def _totals(before: Body, after: Body) -> Iterator[str]:
    olds, news = before.get("totals") or {}, after.get("totals") or {}
    for name, words in _TOTALS.items():
        old, new = _money(olds.get(name), before), _money(news.get(name), after)
        if _number(olds.get(name)) != _number(news.get(name)):
            yield f"{words} {new} instead of {old}"


def _plain(before: Body, after: Body) -> Iterator[str]:
    for name, words in _PLAIN.items():
        old, new = (shorten(str(body.get(name) or "none")) for body in (before, after))
        if old != new:
            yield f"{words} {new} instead of {old}"


def _lines(before: Body, after: Body) -> list[str]:
    olds, news = _by_name(before.get("lines") or []), _by_name(after.get("lines") or [])
    found = []
    for name in {**olds, **news}:
        old, new = olds.get(name), news.get(name)
        if old is None and new is not None:
            found.append(f"line {name} more, {_line(new)}")
        elif new is None and old is not None:
            found.append(f"line {name} less, {_line(old)}")
        elif old is not None and new is not None and _counted(old) != _counted(new):
            found.append(_changed(name, old, new))
    more = len(found) - _MOST_LINES
    return [*found[:_MOST_LINES], f"{more} lines more"] if more > 0 else found


def _changed(name: str, old: Body, new: Body) -> str:
    if _line(old) == _line(new):
        return f"line {name} described otherwise, {_line(new)}"
    return f"line {name} {_line(new)} instead of {_line(old)}"


def _by_name(lines: Sequence[Body]) -> dict[str, Body]:
    """By their numbers; by their places where these name no line, or two."""
    numbers = [str(line.get("line_no") or "").lstrip("0") for line in lines]
    if not all(numbers) or len(set(numbers)) < len(numbers):
        numbers = [str(place) for place in range(1, len(lines) + 1)]
    return dict(zip(numbers, lines, strict=True))


def _line(line: Body) -> str:
    quantity, price = (_words(line.get(name)) for name in ("quantity", "unit_price"))
    unit = f" {line['uom']}" if line.get("uom") else ""
    item = shorten(str(line.get("sku") or line.get("description") or ""))
    return f"{quantity}{unit} of {item} at {price}" if item else f"{quantity}{unit} at {price}"


def _money(value: Any, body: Body) -> str:
    return f"{_words(value)} {body.get('currency') or ''}".strip() if value else "none"


def _rest(body: Body) -> dict[str, Any]:
    """What is neither told apart nor without meaning."""
    return {name: value for name, value in body.items() if name not in _APART | _NO_CONTENT}


def _counted(line: Body) -> dict[str, Any]:
    """A line with its numbers as numbers."""
    return {name: _number(value) if name in _NUMBERS else value for name, value in line.items()}


def _number(value: Any) -> Any:
    """A decimal text as its number, so that 500 is 500.00."""
    return Decimal(value) if isinstance(value, str) else value


def _words(value: Any) -> str:
    return plain_number(Decimal(value)) if isinstance(value, str) else "none"
