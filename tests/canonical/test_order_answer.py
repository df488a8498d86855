"""A supplier's answer held against the order."""

from typing import Any

import pytest

from integrations.canonical.order_answer import compare
from tests import pipeline

pytestmark = pytest.mark.pure

LINES = [
    {"line_no": "1", "sku": "TENT-2P", "quantity": "10", "uom": "EA", "unit_price": "61.50"},
    {"line_no": "2", "sku": "MUG-12", "quantity": "2", "uom": "CA", "unit_price": "54"},
]
ORDER = pipeline.order(lines=LINES, requested_ship="2026-03-06")


def found(
    *lines: dict[str, Any], order: dict[str, Any] = ORDER, **answer: Any
) -> list[tuple[str, str]]:
    told = compare(order, {"number": "1001", "lines": list(lines), **answer}, label="Tent Makers")
    return [(p.code, p.value) for p in (*told.refusal, *told.differences)]


def text(*lines: dict[str, Any], **answer: Any) -> str:
    told = compare(ORDER, {"number": "1001", "lines": list(lines), **answer}, label="Tent Makers")
    return "|".join(p.text for p in (*told.refusal, *told.differences))


AS_ORDERED = {
    "line_no": "1",
    "confirmed": "10.0",
    "price": "61.5",
    "date": "2026-03-06",
    "about": "ship",
}


@pytest.mark.parametrize(("line", "codes"), [
    (AS_ORDERED, []),
    ({"line_no": "001", "confirmed": "10"}, []),
    ({"line_no": "1", "refused": True}, [("line_refused", "TENT-2P")]),
    ({"line_no": "1", "confirmed": "8"}, [("quantity_changed", "TENT-2P")]),
    ({"line_no": "1", "confirmed": "12"}, [("quantity_changed", "TENT-2P")]),
    ({"line_no": "1", "price": "62"}, [("price_mismatch", "TENT-2P")]),
    ({"line_no": "1", "date": "2026-03-07", "about": "ship"}, [("date_moved", "TENT-2P")]),
    ({"line_no": "1", "date": "2026-03-07", "about": "delivery"}, []),
    ({"line_no": "1", "other_item": "TENT-3P"}, [("substitution", "TENT-2P")]),
    ({"line_no": "7", "own_item": "MUG-12", "confirmed": "1"}, [("quantity_changed", "MUG-12")]),
    ({"line_no": "1", "own_item": "MUG-12", "confirmed": "2"}, []),
    ({"line_no": "9", "item": "STOVE"}, [("quantity_changed", "STOVE")]),
])  # fmt: skip
def test_what_differs_is_told_line_by_line(line: dict[str, Any], codes: list[Any]) -> None:
    assert found(line) == codes


def test_the_words_name_supplier_line_and_reason() -> None:
    told = text({"line_no": "1", "confirmed": "8", "backordered": "2", "reason": "no stock"})
    assert told == (
        "Tent Makers confirms 8 of 10 EA of TENT-2P (line 1), 2 on backorder: no stock."
    )
    told = text({"line_no": "2", "refused": True, "reason": "discontinued"})
    assert told == "Tent Makers refuses 2 CA of MUG-12 (line 2): discontinued."


def test_an_order_of_which_every_line_is_refused_is_refused() -> None:
    lines = ({"line_no": "1", "refused": True}, {"line_no": "2", "refused": True, "reason": "gone"})
    assert found(*lines) == [("order_refused", "1001")]
    assert text(*lines) == "Tent Makers refuses order 1001: gone."
    assert text(refused=True) == "Tent Makers refuses order 1001: no reason is given."


def test_a_cancelled_order_agrees_with_a_refusal_and_with_nothing_else() -> None:
    gone = {**ORDER, "status": "cancelled"}
    assert found(refused=True, order=gone) == []
    assert found(AS_ORDERED, order=gone) == [("ack_too_late", "1001")]


def test_lines_without_numbers_are_counted() -> None:
    plain = {**ORDER, "lines": [{k: v for k, v in x.items() if k != "line_no"} for x in LINES]}
    assert found({"line_no": "2", "confirmed": "1"}, order=plain) == [
        ("quantity_changed", "MUG-12")
    ]
