"""What has left of an order."""

from decimal import Decimal

import pytest

from integrations.canonical.fulfilment import ends_its_order, fulfilment, ships_anything

pytestmark = pytest.mark.pure

LINES = [{"sku": "TENT", "quantity": "10"}, {"sku": "ROPE", "quantity": "4"}]


def shipment(*lines: dict, site: str = "RNO1", status: str = "partial") -> dict:
    return {"site": site, "status": status, "lines": list(lines)}


def line(sku: str, shipped: str, **fields: str) -> dict:
    return {"sku": sku, "shipped": shipped, **fields}


def test_quantities_of_all_shipments_add_up_by_site_and_item():
    found = fulfilment(
        LINES,
        [
            shipment(line("TENT", "4"), line("TENT", "2.5")),
            shipment(line("TENT", "3.5"), line("ROPE", "4"), site="ATL2"),
        ],
    )
    assert found.shipped == {
        ("RNO1", "TENT"): Decimal("6.5"),
        ("ATL2", "TENT"): Decimal("3.5"),
        ("ATL2", "ROPE"): Decimal(4),
    }
    assert (found.complete, found.ended) == (True, set())


def test_an_order_is_not_complete_while_a_line_waits():
    assert not fulfilment(LINES, [shipment(line("TENT", "10"))]).complete


def test_a_cancelled_line_completes_an_order_of_which_nothing_left():
    lines = [line(x["sku"], "0", ordered=x["quantity"], status="cancelled") for x in LINES]
    found = fulfilment(LINES, [shipment(*lines, status="cancelled")])
    assert (found.complete, found.has_shipped) == (True, False)
    assert found.ended == {("RNO1", "TENT"), ("RNO1", "ROPE")}


def test_of_a_cancelled_shipment_nothing_left_whatever_it_says():
    found = fulfilment(LINES, [shipment(line("TENT", "10"), status="cancelled")])
    assert (found.has_shipped, found.complete) == (False, False)


def test_a_substitute_counts_for_the_item_it_stands_for():
    found = fulfilment(LINES, [shipment(line("TENT-XL", "10", substitute_for="TENT"))])
    assert found.shipped == {("RNO1", "TENT"): Decimal(10)}


@pytest.mark.parametrize(
    ("lines", "ships", "ends"),
    [
        ([line("TENT", "1")], True, False),
        ([line("TENT", "0", status="cancelled")], False, True),
        ([line("TENT", "0")], False, True),
        ([line("TENT", "0", status="backordered")], False, False),
        ([], False, True),
    ],
)
def test_what_a_shipment_says_of_the_order(lines, ships, ends):
    body = shipment(*lines)
    assert (ships_anything(body), ends_its_order(body)) == (ships, ends)
