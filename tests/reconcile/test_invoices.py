"""What was shipped against what was invoiced."""

from datetime import date
from decimal import Decimal

import pytest

from monitoring.reconcile.invoices import (
    Bill,
    Goods,
    Refund,
    check_invoices,
    refunds_without_credit,
    unmatched,
)

pytestmark = pytest.mark.pure
TODAY = date(2026, 3, 10)


def goods(order="SO-1", quantities=(("MUG", 5),), price="2.00", day=4, **more):
    prices = {sku: Decimal(price) for sku, _ in quantities}
    return Goods(order, date(2026, 3, day), dict(quantities), prices, **more)


def bill(order="SO-1", quantities=(("MUG", 5),), price="2.00", **more):
    prices = {sku: Decimal(price) for sku, _ in quantities}
    return Bill("INV-1", order, date(2026, 3, 5), dict(quantities), prices, **more)


def found(shipped, billed):
    return [(one.code, one.sku) for one in check_invoices(shipped, billed, today=TODAY, days=5)]


def test_goods_with_their_invoice_are_right():
    money = {"tax": Decimal("1.10"), "freight": Decimal("8.00")}
    assert found([goods(**money)], [bill(price="2.01", **money)]) == []


@pytest.mark.parametrize(("day", "codes"), [(5, []), (4, [("not_invoiced", "")])])
def test_goods_without_an_invoice_are_told_after_the_days(day, codes):
    assert found([goods(day=day)], []) == codes


def test_an_invoice_without_goods():
    assert found([], [bill()]) == [("nothing_shipped", "")]


def test_another_quantity_or_a_line_more_was_invoiced():
    billed = bill(quantities=(("CUP", 1), ("MUG", 4)))
    assert found([goods()], [billed]) == [
        ("invoiced_quantity", "CUP"),
        ("invoiced_quantity", "MUG"),
    ]


def test_another_price_tax_or_freight_was_invoiced():
    shipped = goods(tax=Decimal("1.10"), freight=Decimal("8.00"))
    billed = bill(price="2.02", tax=Decimal("1.12"), freight=Decimal("9.00"))
    codes = ["invoiced_price", "invoiced_tax", "invoiced_freight"]
    assert [code for code, _ in found([shipped], [billed])] == codes


def test_sums_are_told_where_lines_explain_nothing():
    whole = {"amount": Decimal("18.00"), "is_whole": True}
    assert found([goods(**whole)], [bill(total=Decimal("18.01"))]) == []
    assert found([goods(**whole)], [bill(total=Decimal("18.02"))]) == [("invoiced_total", "")]
    assert found([goods(**whole)], [bill(quantities=(("MUG", 4),), total=Decimal("16.00"))]) == [
        ("invoiced_quantity", "MUG")
    ]
    assert found([goods(amount=Decimal("10.00"))], [bill(total=Decimal("18.00"))]) == []


def test_an_invoice_without_lines_is_held_against_the_sum_alone():
    whole = {"amount": Decimal("18.00"), "is_whole": True}
    assert found([goods(**whole)], [bill(quantities=(), total=Decimal("18.00"))]) == []
    (one,) = check_invoices(
        [goods(**whole)], [bill(quantities=(), total=Decimal("20.00"))], today=TODAY, days=5
    )
    assert one.sentence == "Order SO-1 comes to 18.00, and 20.00 was invoiced."
    assert (one.code, one.worth) == ("invoiced_total", Decimal("2.00"))


def test_another_currency_is_all_that_is_told():
    billed = bill(price="9.00", currency="EUR")
    assert found([goods(currency="USD")], [billed]) == [("invoiced_currency", "")]


def test_an_invoice_of_no_order_is_left_to_a_person():
    lonely = bill(order="", total=Decimal("9.00"))
    assert found([], [lonely]) == []
    (one,) = unmatched([lonely, bill()])
    assert (one.code, one.order, one.worth) == ("invoice_unmatched", "INV-1", Decimal("9.00"))


def refund(order, amount, *, day=1):
    return Refund(order, date(2026, 3, day), Decimal(amount))


def test_a_refund_needs_its_credit_note_after_the_days():
    refunds = [refund("SO-1", 20), refund("SO-2", 12), refund("SO-2", 8), refund("SO-3", 5),
               refund("SO-4", 5, day=5)]  # fmt: skip
    credited = {"SO-1": Decimal("19.99"), "SO-2": Decimal(15)}
    # Of 5 March it is 5 days on the 10th, which is not more than 5.
    (two, three) = refunds_without_credit(refunds, credited, today=TODAY, days=5)
    assert (two.order, two.left, two.right, two.worth) == ("SO-2", "20", "15", Decimal(5))
    assert (three.order, three.right) == ("SO-3", "0")
