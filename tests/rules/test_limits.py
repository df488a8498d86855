"""How far a rule may go by itself."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.rules import Limits, within

pytestmark = pytest.mark.pure

NOW = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
LIMITS = Limits(documents=50, amount=Decimal(2000), per_day=80, expires_at=NOW)
FREE = LIMITS._replace(expires_at=None)


def asked(limits=FREE, *, documents=50, amount="2000", today=30, now=NOW):
    return within(limits, documents=documents, amount=Decimal(amount), today=today, now=now)


def test_up_to_its_limits_it_may_act():
    assert asked() == ""
    assert asked(LIMITS, now=NOW - timedelta(seconds=1)) == ""


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"documents": 51}, "51 documents are more than the 50 it may let go."),
        ({"amount": "2000.01"}, "2,000.01 is more than the 2,000.00 it may let go."),
        ({"today": 31}, "With 50 more it would have let 81 documents go in 24 hours; 80 is its limit."),
        ({"limits": LIMITS}, "It expired on 02 Mar 2026."),
    ],
)  # fmt: skip
def test_beyond_a_limit_it_says_which(given, why):
    assert asked(**given) == why


counts = st.integers(0, 200)
limits = st.builds(Limits, counts, st.decimals(0, 9999, places=2), counts, st.none())


@given(limits, counts, st.decimals(0, 9999, places=2), counts)
def test_less_is_never_refused_where_more_is_let_go(limits, documents, amount, today):
    if not within(limits, documents=documents, amount=amount, today=today, now=NOW):
        for less in ((documents // 2, amount, today), (documents, amount / 2, today)):
            assert not within(limits, documents=less[0], amount=less[1], today=less[2], now=NOW)
        assert not within(limits, documents=documents, amount=amount, today=today // 2, now=NOW)
        assert today + documents <= limits.per_day
