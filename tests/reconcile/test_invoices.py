"""What was shipped against what was invoiced."""

from datetime import date
from decimal import Decimal

import pytest

from monitoring.reconcile.invoices import (
    Bill,
    Goods,
    check_invoices,
    refunds_without_credit,
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


def test_a_refund_needs_its_credit_note():
    refunds = {"SO-1": Decimal(20), "SO-2": Decimal(20), "SO-3": Decimal(5)}
    credited = {"SO-1": Decimal("19.99"), "SO-2": Decimal(15)}
    (two, three) = refunds_without_credit(refunds, credited)
    assert (two.order, two.left, two.right) == ("SO-2", "20", "15")
    assert (three.order, three.right) == ("SO-3", "0")
