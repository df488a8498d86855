"""What one order line claims: the parts always add up to the whole."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.availability.claim import Claim, after_shipping, claim_for, let_go

pytestmark = pytest.mark.pure

D = Decimal
amounts = st.integers(0, 50).map(Decimal)
claims = st.builds(Claim, amounts, amounts, amounts, amounts)


def test_a_new_line_claims_all_it_asks_for():
    assert claim_for(Claim(), D(10)) == Claim(hard=D(10))


def test_what_the_site_knows_stays_sent_when_a_line_grows_or_shrinks():
    assert claim_for(Claim(sent=D(10)), D(30)) == Claim(hard=D(20), sent=D(10))
    assert claim_for(Claim(sent=D(10)), D(4)) == Claim(sent=D(4))


def test_what_left_stays_consumed_when_a_line_shrinks_below_it():
    assert claim_for(Claim(sent=D(4), consumed=D(6)), D(5)) == Claim(consumed=D(6))


def test_a_line_that_wants_no_more_lets_go_what_did_not_leave():
    assert let_go(Claim(D(1), D(2), D(3), D(4))) == Claim(consumed=D(3), released=D(7))


def test_a_shipment_serves_the_lines_of_a_sku_in_their_order():
    found = after_shipping([Claim(hard=D(3)), Claim(sent=D(4))], shipped=D(5), ended=False)
    assert found == [Claim(consumed=D(3)), Claim(sent=D(2), consumed=D(2))]


def test_what_does_not_come_is_released():
    assert after_shipping([Claim(sent=D(4))], shipped=D(1), ended=True) == [
        Claim(consumed=D(1), released=D(3))
    ]


@given(st.lists(claims, max_size=4), amounts, st.booleans())
def test_shipping_never_makes_or_loses_a_unit(before, shipped, ended):
    after = after_shipping(before, shipped=shipped, ended=ended)
    assert [claim.total for claim in after] == [claim.total for claim in before]
    consumed = sum(claim.consumed for claim in after)
    assert consumed == min(shipped, sum(claim.total for claim in before))
    assert after_shipping(after, shipped=shipped, ended=ended) == after
    assert all(part >= 0 for claim in after for part in claim)


@given(claims, amounts)
def test_a_claim_is_what_the_line_asks_for_or_what_left_already(before, quantity):
    after = claim_for(before, quantity)
    assert after.total == max(quantity, before.consumed)
    assert all(part >= 0 for part in after)
