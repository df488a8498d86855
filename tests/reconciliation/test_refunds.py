"""What a channel gave back needs a credit note in the books."""

from decimal import Decimal

import pytest

from monitoring.models import Break, ExceptionCase
from tests.reconciliation.conftest import only_break, run, twice
from tests.reconciliation.test_books import invoice, later, refund, refunded

pytestmark = pytest.mark.db


def test_a_refund_without_a_credit_note_is_told_after_the_days(house):
    one = refunded(house)
    refund(house, "1001")
    done = run(one)
    assert done.counts == {"match": 1}
    assert done.figures["ageing"]["not_credited"]["0-2"] == [1, {"USD": "61.50"}]
    with later(days=6):
        done = twice(one)
    found = only_break(one)
    assert (found.state, found.value) == ("refund_not_credited", Decimal("61.50"))
    assert found.sentence == "61.50 of order 1001 was refunded, and 0 credited in the ERP."
    assert done.figures["ageing"]["not_credited"]["3-7"] == [1, {"USD": "61.50"}]
    assert ExceptionCase.objects.get().code == "invoice_differs"


def test_a_credit_note_ends_it_whatever_its_sign(house):
    one = refunded(house)
    refund(house, "1001")
    with later(days=6):
        twice(one)
        invoice(house, "1001", "1", number="CN-1", type="credit", totals={"total": "-61.50"})
        done = run(one)
    assert (done.counts, Break.objects.get().status) == ({"match": 1}, "closed")


def test_where_the_channel_tells_no_amount_the_prices_of_the_order_do(house):
    one = refunded(house)
    refund(house, "1001", refunded="0")
    back = [{"sku": "TENT-2P", "quantity": "2", "uom": "EA"}]
    body = {"number": "1001-R2", "order_number": "1001", "status": "refunded", "lines": back}
    house.arrive(house.shop, body, "return")
    done = run(one)
    # 2 × 61.50; the refund of nothing counts for nothing.
    assert done.figures["ageing"]["not_credited"]["0-2"] == [1, {"USD": "123.00"}]
