"""What a net amount is made of."""

from decimal import Decimal

import pytest
from hypothesis import given

from billing.invoices.sums import sums
from tests.invoices.april import APRIL
from tests.invoices.generated import documents

pytestmark = pytest.mark.pure


def test_charges_discounts_and_service_credits_are_told_apart():
    made = sums(APRIL)
    assert made.charges == Decimal("1139.26")  # 12.00 + 155.00 + 61.73 + 410.53 + 500.00
    assert made.discounts == Decimal("-15.50")
    assert made.sla_credits == Decimal("-61.20")


@given(documents())
def test_they_add_up_to_the_net_amount(content):
    assert sum(sums(content)) == content.net
