"""A supplier's invoice that came again, held against the one before."""

from typing import Any

import pytest

from integrations.canonical.bill_again import differences, stands_for_it

pytestmark = pytest.mark.pure

TENTS = {"line_no": "1", "sku": "TENT-2P", "quantity": "10", "uom": "EA", "unit_price": "12",
         "total": "120"}  # fmt: skip
BILL: dict[str, Any] = {
    "number": "1001", "supplier": "tentmakers", "type": "invoice", "issued_on": "2026-03-05",
    "currency": "EUR", "status": "posted", "totals": {"lines": "120", "total": "120.00"},
    "lines": [TENTS],
}  # fmt: skip
MUGS = {
    "line_no": "2",
    "sku": "MUG-12",
    "quantity": "1",
    "uom": "CA",
    "unit_price": "10",
    "total": "10",
}


def told(**fields: Any) -> list[str]:
    return differences(BILL, {**BILL, **fields})


def with_line(**fields: Any) -> dict[str, Any]:
    return {"lines": [{**TENTS, **fields}]}


@pytest.mark.parametrize(("fields", "said"), [
    ({"totals": {"lines": "120", "total": "130"}}, ["total 130 EUR instead of 120 EUR"]),
    ({"totals": {"lines": "120", "tax": "5", "total": "125"}},
     ["total 125 EUR instead of 120 EUR", "tax 5 EUR instead of none"]),
    ({"currency": "USD"}, ["currency USD instead of EUR"]),
    ({"type": "credit"}, ["type credit instead of invoice"]),
    ({"due_on": "2026-04-01"}, ["due on 2026-04-01 instead of none"]),
    ({"order_number": "7"}, ["order 7 instead of none"]),
    (with_line(unit_price="13", total="130"),
     ["line 1 10 EA of TENT-2P at 13 instead of 10 EA of TENT-2P at 12"]),
    (with_line(uom="CA"), ["line 1 10 CA of TENT-2P at 12 instead of 10 EA of TENT-2P at 12"]),
    (with_line(description="Tent"), ["line 1 described otherwise, 10 EA of TENT-2P at 12"]),
    ({"lines": [TENTS, MUGS]}, ["line 2 more, 1 CA of MUG-12 at 10"]),
    ({"lines": []}, ["line 1 less, 10 EA of TENT-2P at 12"]),
    ({"extensions": {"acme": {"cost_centre": "7"}}}, ["other details"]),
])  # fmt: skip
def test_what_is_billed_otherwise_is_told(fields: dict[str, Any], said: list[str]) -> None:
    assert told(**fields) == said


@pytest.mark.parametrize("fields", [
    {"status": "paid", "totals": {"lines": "120", "total": "120", "paid": "120"}},
    {"source_updated_at": "2026-03-09T10:00:00Z"},
    {"replaces": True},
    with_line(quantity="10.0", unit_price="12.00", total="120.00"),
])  # fmt: skip
def test_the_same_bill_is_no_other_one(fields: dict[str, Any]) -> None:
    assert told(**fields) == []


def test_codes_that_look_like_numbers_are_no_numbers() -> None:
    codes = [{"lines": [{**TENTS, "sku": sku}]} for sku in ("7", "007")]
    assert differences({**BILL, **codes[0]}, {**BILL, **codes[1]}) == [
        "line 1 10 EA of 007 at 12 instead of 10 EA of 7 at 12"
    ]


def test_lines_are_compared_by_number_and_only_some_are_named() -> None:
    many = [{**MUGS, "line_no": str(n)} for n in range(2, 10)]
    assert differences({**BILL, "lines": [TENTS, *many]}, {**BILL, "lines": [*many, TENTS]}) == []
    found = told(lines=[TENTS, *many])
    assert (len(found), found[-1]) == (6, "3 lines more")


def test_lines_without_numbers_are_compared_by_place() -> None:
    plain = [{k: v for k, v in line.items() if k != "line_no"} for line in (TENTS, MUGS)]
    found = differences({**BILL, "lines": plain}, {**BILL, "lines": plain[:1]})
    assert found == ["line 2 less, 1 CA of MUG-12 at 10"]


def test_what_says_that_it_replaces_stands_for_it_and_so_does_what_follows_a_draft() -> None:
    assert not stands_for_it(BILL, BILL)
    assert stands_for_it({**BILL, "replaces": True}, BILL)
    assert stands_for_it(BILL, {**BILL, "status": "draft"})
