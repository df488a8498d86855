"""Orders from the channel to the warehouse."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.reconcile.kits import explode
from monitoring.reconcile.order_rows import OrderLine
from monitoring.reconcile.orders import compare_orders, stuck
from tests.reconcile.orders import DEFINITION, KITS, NINE, NOW, System, compare, order

pytestmark = pytest.mark.pure
HOUR = timedelta(hours=1)


def codes(result):
    return [(one.code, one.number) for one in result.breaks]


@pytest.mark.parametrize(
    ("left", "right", "code"),
    [
        ("channel", "hub", "missed_order"),
        ("hub", "erp", "not_posted"),
        ("erp", "warehouse", "not_transmitted"),
        ("hub", "warehouse", "not_transmitted"),
    ],
)
def test_an_order_that_did_not_get_further_is_named_by_where_it_stopped(left, right, code):
    result = compare((left, order("1001"), order("1002")), (right, order("1001")))
    assert codes(result) == [(code, "1002")]
    assert (result.breaks[0].left, result.breaks[0].right) == ("there", "not there")


def test_an_order_only_the_later_system_has_is_unknown():
    assert codes(compare(("hub",), ("erp", order("1001")))) == [("unknown_order", "1001")]


@pytest.mark.parametrize("status", ["cancelled", "on_hold"])
def test_what_is_cancelled_or_held_need_not_go_further(status):
    assert codes(compare(("hub", order("1001", status=status)), ("warehouse",))) == []


def test_nothing_is_asked_of_an_hour_whose_figures_agree():
    left = System("channel", *(order(f"{n}", at=NOW - n * HOUR) for n in range(1, 200)))
    right = System("hub", *(row for row in left.rows if row.number not in ("7", "90")))
    result = compare_orders(DEFINITION, left.orders, right.orders, at=NOW)
    assert codes(result) == [("missed_order", "7"), ("missed_order", "90")]
    assert left.asked == right.asked == [NOW - 90 * HOUR, NOW - 7 * HOUR]
    assert (result.hours, result.orders) == ((NOW - 90 * HOUR, NOW - 7 * HOUR), 199)


def test_when_all_hours_agree_no_order_is_read():
    left, right = (System(side, order("1"), order("2")) for side in ("channel", "hub"))
    assert compare_orders(DEFINITION, left.orders, right.orders, at=NOW).breaks == ()
    assert left.asked == right.asked == []


def test_an_order_of_the_last_minutes_has_not_settled():
    young, old = order("1", at=NOW - 14 * HOUR / 60), order("2", at=NOW - 15 * HOUR / 60)
    assert codes(compare(("channel", young, old), ("hub",))) == [("missed_order", "2")]


def test_an_order_of_before_the_window_is_left_alone():
    old, older = order("1", at=NOW - 35 * 24 * HOUR), order("2", at=NOW - 36 * 24 * HOUR)
    assert codes(compare(("channel", old, older), ("hub",))) == [("missed_order", "1")]


def test_cancelled_here_and_open_there():
    result = compare(
        ("channel", order("1", status="cancelled", total="0")), ("warehouse", order("1"))
    )
    assert codes(result) == [("cancelled_but_open", "1")]


def test_shipped_there_and_open_at_the_channel():
    result = compare(("channel", order("1")), ("hub", order("1", status="shipped")))
    assert codes(result) == [("not_fulfilled", "1")]


def test_an_erp_may_call_shipped_what_left_in_part():
    assert codes(compare(("hub", order("1")), ("erp", order("1", status="shipped")))) == []


@pytest.mark.parametrize(
    ("total", "found"), [("10.01", []), ("9.99", []), ("10.02", [("total_differs", "1")])]
)
def test_a_cent_is_no_difference(total, found):
    # The second order makes the hour differ, so that the first is looked at.
    left = ("channel", order("1"), order("2", status="cancelled"))
    assert codes(compare(left, ("erp", order("1", total=total)))) == found


def test_a_system_without_prices_has_no_other_total():
    left = ("hub", order("1"), order("2"))
    assert codes(compare(left, ("warehouse", order("1", total=None)))) == [("not_transmitted", "2")]


def test_quantities_are_compared_sku_by_sku_however_lines_are_split():
    left = order("1", ("MUG", 3), ("CUP", 1))
    right = order("1", ("MUG", 1), ("CUP", 1), ("MUG", 1))
    (found,) = compare(("hub", left), ("warehouse", right)).breaks
    assert (found.code, found.sku, found.line_no) == ("quantity_differs", "MUG", "1")
    assert (found.left, found.right) == ("3", "2")


def test_a_line_that_only_the_warehouse_has_was_added():
    (found,) = compare(
        ("hub", order("1", ("MUG", 1))), ("warehouse", order("1", ("MUG", 1), ("CUP", 2)))
    ).breaks
    assert (found.code, found.sku, found.right) == ("added_line", "CUP", "2")


def test_a_bundle_that_arrived_as_its_components_is_whole():
    left = order("1", ("CAMP-SET", 2), ("MUG", 1))
    right = order("1", ("TENT-2P", 2), ("BAG-S20", 4), ("MUG", 1))
    result = compare(("hub", left), ("warehouse", right), kits=KITS)
    assert (result.breaks, result.hours) == ((), ())


def test_a_bundle_that_is_listed_beside_its_components_is_no_more_to_send():
    left = order("1", ("CAMP-SET", 1))
    right = order("1", ("CAMP-SET", 1), ("TENT-2P", 1))
    (found,) = compare(("hub", left), ("warehouse", right), kits=KITS).breaks
    assert (found.code, found.sku) == ("dropped_line", "BAG-S20")


def test_a_component_that_was_dropped_is_named_with_its_bundle():
    left = order("1", ("MUG", 1), ("CAMP-SET", 2))
    right = order("1", ("MUG", 1), ("TENT-2P", 2))
    (found,) = compare(("hub", left), ("warehouse", right), kits=KITS).breaks
    assert (found.code, found.line_no, found.sku) == ("dropped_line", "2", "BAG-S20")
    assert found.sentence == (
        "Line 2 of order 1 was dropped: 4 BAG-S20, a part of bundle CAMP-SET,"
        " never reached the warehouse."
    )


def test_components_a_shop_lists_by_themselves_are_those_of_the_bundle():
    lines = [
        OrderLine("1", "CAMP-SET", 1),
        OrderLine("2", "TENT-2P", 1),
        OrderLine("3", "BAG-S20", 3),
    ]
    found = {(one.sku, one.line_no): one.quantity for one in explode(lines, KITS)}
    # One tent and two bags are in the set; the third bag was bought besides.
    assert found == {("TENT-2P", "1"): 1, ("BAG-S20", "1"): 2, ("BAG-S20", "3"): 1}


@given(st.data())
def test_any_one_dropped_component_is_found(data):
    bundles = data.draw(st.integers(1, 5))
    rows = [order(str(n), ("CAMP-SET", bundles), ("MUG", n + 1)) for n in range(4)]
    dropped = data.draw(st.integers(0, 3))
    sku = data.draw(st.sampled_from(["TENT-2P", "BAG-S20", "MUG"]))
    there = []
    for n, row in enumerate(rows):
        lines = [(one.sku, one.quantity) for one in explode(row.lines, KITS)]
        there.append(order(row.number, *(at for at in lines if n != dropped or at[0] != sku)))
    result = compare(("hub", *rows), ("warehouse", *there), kits=KITS)
    assert [(one.code, one.number, one.sku) for one in result.breaks] == [
        ("dropped_line", str(dropped), sku)
    ]


def test_open_orders_that_no_warehouse_has_are_stuck_after_a_while():
    rows = [order("1"), order("2"), order("3", status="on_hold"), order("4", at=NOW - HOUR)]
    found = stuck(rows, [("shop", "1")], at=NOW, after=2 * HOUR)
    assert [(one.code, one.number) for one in found] == [("not_transmitted", "2")]
    assert stuck(rows, [], at=NINE, after=2 * HOUR) == []
