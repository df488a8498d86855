"""Which invoice belongs to which goods."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.reconcile.invoices import Bill, Goods, Refund
from monitoring.reconcile.pairing import ages, pair

pytestmark = pytest.mark.pure
TODAY = date(2026, 3, 31)


def goods(order, amount="128.00", *references, days=0):
    on = TODAY - timedelta(days=days)
    return Goods(order, on, {"MUG": 2}, {}, amount=Decimal(amount), currency="USD",
                 references=references)  # fmt: skip


def bill(number, order="", total="128.00", *references, days=0, names=None, quantity=2):
    on = TODAY - timedelta(days=days)
    return Bill(number, order, on, {"MUG": quantity}, {}, total=Decimal(total), currency="USD",
                names=order if names is None else names, references=references)  # fmt: skip


def orders(found):
    return {one.number: one.order for one in found.bills}


def test_each_pass_takes_what_the_ones_before_left():
    shipped = [goods("1"), goods("2"), goods("3", "90.00", "SH-3"), goods("4", "77.77"), goods("5")]
    bills = [
        bill("A", "1"),
        bill("B", "2", names="PO-2"),  # the hub knew order 2 by its PO number
        bill("C", "", "91.00", "sh-3"),
        bill("D", "", "77.77", days=3),
        bill("E", "", "5.00"),
        bill("F", "", "6.00"),
    ]
    found = pair(shipped, bills, by_hand={"E": "5"})
    assert orders(found) == {"A": "1", "B": "2", "C": "3", "D": "4", "E": "5", "F": ""}
    assert found.passes == {"number": 1, "reference": 2, "amount": 1, "hand": 1}
    assert (found.goods_alone, [one.number for one in found.bills_alone]) == ((), ["F"])


def test_an_invoice_number_that_looks_like_an_order_is_none():
    found = pair([goods("1001", "10.00")], [bill("1001", "", "99.00")], by_hand={})
    assert orders(found) == {"1001": ""}


def test_an_order_spelled_otherwise_is_found():
    found = pair([goods("SO-1", "10.00")], [bill("A", "", "99.00", names="so-1")], by_hand={})
    assert (orders(found), found.passes["number"]) == ({"A": "SO-1"}, 1)


def test_two_of_one_amount_are_for_a_person():
    found = pair([goods("1"), goods("2")], [bill("A"), bill("B")], by_hand={})
    assert orders(found) == {"A": "", "B": ""}
    assert pair([goods("1"), goods("2")], [bill("A"), bill("B")], by_hand={"A": "1"}).passes == {
        "number": 0, "reference": 0, "amount": 1, "hand": 1}  # fmt: skip


def test_an_order_that_has_its_invoice_takes_no_other_by_amount():
    found = pair([goods("1")], [bill("A", "1"), bill("B")], by_hand={})
    assert orders(found) == {"A": "1", "B": ""}


def test_several_invoices_of_one_order_are_added_up():
    found = pair(
        [goods("1")], [bill("A", "1", "60.00"), bill("B", "1", "68.00", quantity=1)], by_hand={}
    )
    (one,) = found.bills
    assert (one.number, one.quantities, one.total) == ("A", {"MUG": 3}, Decimal("128.00"))


def test_what_is_alone_ages_by_what_it_lacks():
    found = pair(
        [goods("1", "10.00", days=3), goods("2", "20.00", days=40)],
        [bill("A", "", "5.00", days=9), bill("B", "77", "6.00", days=1)],
        by_hand={},
    )
    refunds = [Refund("1", TODAY - timedelta(days=days), Decimal(10)) for days in (8, 1)]
    aged = ages(found, refunds, {"1": Decimal("12.00")}, currencies={"1": "USD"}, today=TODAY)
    none = (0, {})
    assert aged["not_invoiced"] == {
        "0-2": none, "3-7": (1, {"USD": Decimal("10.00")}), "8-30": none,
        "30+": (1, {"USD": Decimal("20.00")})}  # fmt: skip
    assert aged["not_shipped"]["8-30"] == (1, {"USD": Decimal("5.00")})
    assert aged["not_shipped"]["0-2"] == (1, {"USD": Decimal("6.00")})
    # 12 pay for the 10 of the older refund, so 8 of the younger one are left.
    assert aged["not_credited"]["8-30"] == none
    assert aged["not_credited"]["0-2"] == (1, {"USD": Decimal("8.00")})


some = st.lists(
    st.tuples(st.sampled_from(["", "1", "2", "3"]), st.sampled_from(["1.00", "2.00"]), st.integers(0, 6)),
    max_size=8,
)  # fmt: skip


@given(st.sets(st.sampled_from("1234")), some)
def test_no_invoice_is_lost_and_no_order_has_two(shipped, given_):
    bills = [
        bill(f"INV-{n}", order, total, days=days) for n, (order, total, days) in enumerate(given_)
    ]
    found = pair([goods(order, "1.00") for order in sorted(shipped)], bills, by_hand={})
    taken = [one.order for one in found.bills if one.order]
    assert len(taken) == len(set(taken))
    assert sum(one.total for one in found.bills) == sum(one.total for one in bills)
    assert {one.order for one in found.goods_alone} == shipped - set(taken)
