"""A supplier's answer held against the order."""

from fractions import Fraction
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


def rate(sku: str, theirs: str, ours: str) -> Fraction | None:
    """A case of mugs is 12, and their CS is our CA; of tents nothing is known."""
    known = {("EA", "CA"): Fraction(1, 12), ("CA", "EA"): Fraction(12), ("CS", "CA"): Fraction(1)}
    same = Fraction(1) if theirs == ours else None
    return known.get((theirs, ours), same) if sku == "MUG-12" else same


def in_units(number: str, **line: Any) -> list[str]:
    answer = {"number": "1001", "lines": [{"line_no": number, **line}]}
    told = compare(ORDER, answer, label="Tent Makers", rate=rate)
    assert not told.refusal
    return [f"{p.code} {p.path} {p.value}: {p.text}" for p in told.differences]


@pytest.mark.parametrize("line", [
    {"confirmed": "24", "uom": "EA"},  # 2 CA of 12
    {"confirmed": "24", "uom": "EA", "price": "4.5", "price_uom": "EA"},  # 54 / 12
    {"confirmed": "2", "uom": "CS", "price": "54", "price_uom": "CS"},
    {"confirmed": "2", "price": "54"},  # no unit is that of the order
    {"confirmed": "2", "uom": "CA", "price": "4.50", "price_uom": "EA"},
])  # fmt: skip
def test_the_same_in_another_unit_is_as_ordered(line: dict[str, Any]) -> None:
    assert in_units("2", **line) == []


def test_a_price_may_be_rounded_in_the_other_unit() -> None:
    odd = {**ORDER, "lines": [LINES[0], {**LINES[1], "unit_price": "53.50"}]}  # 4.458333… each
    for price, codes in (
        ("4.46", []),
        ("4.4583", []),
        ("4.47", ["price_mismatch"]),
        ("4.5", ["price_mismatch"]),
        ("5", ["price_mismatch"]),
    ):
        lines = [{"line_no": "2", "price": price, "price_uom": "EA"}]
        told = compare(odd, {"number": "1001", "lines": lines}, label="Tent Makers", rate=rate)
        assert [p.code for p in told.differences] == codes


def test_the_same_number_in_another_unit_is_not_as_ordered() -> None:
    assert in_units("2", confirmed="2", uom="EA", backordered="22", price="54", price_uom="EA") == [
        "quantity_changed lines[1].quantity MUG-12: Tent Makers confirms 0.167 of 2 CA of MUG-12 (line 2),"
        " told as 2 EA, 22 EA on backorder.",
        "price_mismatch lines[1].unit_price MUG-12: Tent Makers asks 54 per EA for MUG-12 (line 2),"
        " and the order says 54 per CA.",
    ]


def test_a_unit_of_which_nobody_knows_how_much_it_is_is_neither_short_nor_as_ordered() -> None:
    asked = "and 10 EA were ordered; how many EA a CA is, is not known."
    assert in_units("1", confirmed="10", uom="CA") == [
        f"uom_mismatch lines[0].uom CA: Tent Makers confirms 10 CA of TENT-2P (line 1), {asked}"
    ]
    assert in_units("1", price="61.50", price_uom="CA") == [
        f"uom_mismatch lines[0].uom CA: Tent Makers asks 61.50 per CA for TENT-2P (line 1), {asked}"
    ]
    both = in_units("1", confirmed="10", uom="CA", price="700", price_uom="CA")
    assert [one.split(" ")[0] for one in both] == ["uom_mismatch"]


def test_none_of_it_is_none_in_every_unit() -> None:
    assert in_units("1", confirmed="0", uom="CA", backordered="10", date="2026-03-01") == [
        "quantity_changed lines[0].quantity TENT-2P: Tent Makers confirms 0 of 10 EA of TENT-2P (line 1),"
        " 10 CA on backorder."
    ]
