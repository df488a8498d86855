"""What the sites together can promise."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.availability import Level, Reserved, atp, site_figures

pytestmark = pytest.mark.pure

REPORTED = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
BEFORE, AFTER = REPORTED - timedelta(minutes=1), REPORTED + timedelta(minutes=1)

quantities = st.decimals(min_value=0, max_value=100_000, places=3)
signed = st.decimals(min_value=-100_000, max_value=100_000, places=3)
claims = st.lists(
    st.builds(
        Reserved,
        site=st.sampled_from(["RNO1", "DFW1", "ATL2"]),
        quantity=quantities,
        state=st.sampled_from(["hard", "sent"]),
        changed_at=st.sampled_from([BEFORE, REPORTED, AFTER]),
    ),
    max_size=6,
)


def level(site: str, on_hand: Any, committed: Any = 0, safety: Any = 0) -> Level:
    return Level(site, Decimal(on_hand), Decimal(committed), Decimal(safety), REPORTED)


def claim(state: Any, quantity: int, *, changed_at: datetime, site: str = "RNO1") -> Reserved:
    return Reserved(site, Decimal(quantity), state, changed_at)


def levels_of(sites: tuple[str, ...]) -> st.SearchStrategy[list[Level]]:
    one = [st.builds(level, st.just(site), signed, quantities, quantities) for site in sites]
    return st.tuples(*one).map(list)


def test_a_negative_site_does_not_reduce_the_others() -> None:
    levels = [level("RNO1", 310, 42, 20), level("DFW1", 55, 40, 20)]
    claims = [claim("hard", 15, changed_at=BEFORE)]
    figures = site_figures(levels, claims)
    assert figures[0].available == Decimal(233)  # 310 − 42 − 15 − 20
    assert figures[1].available == Decimal(0)  # 55 − 40 − 0 − 20 = −5
    assert atp(levels, claims) == Decimal(233)


def test_a_hard_claim_counts_whenever_it_was_made() -> None:
    for changed_at in (BEFORE, REPORTED, AFTER):
        assert atp([level("RNO1", 100)], [claim("hard", 30, changed_at=changed_at)]) == 70


def test_a_sent_claim_counts_only_while_the_report_is_older() -> None:
    levels = [level("RNO1", 100)]
    assert atp(levels, [claim("sent", 30, changed_at=AFTER)]) == 70
    assert atp(levels, [claim("sent", 30, changed_at=REPORTED)]) == 100
    assert atp(levels, [claim("sent", 30, changed_at=BEFORE)]) == 100


def test_a_claim_counts_against_its_own_site_only() -> None:
    levels = [level("RNO1", 10), level("DFW1", 10)]
    assert atp(levels, [claim("hard", 25, changed_at=AFTER, site="DFW1")]) == 10


def test_a_claim_on_a_site_without_a_level_is_left_out() -> None:
    assert atp([level("RNO1", 10)], [claim("hard", 4, changed_at=AFTER, site="SEA1")]) == 10


def test_nothing_reported_is_nothing_to_promise() -> None:
    assert atp([], [claim("hard", 4, changed_at=AFTER)]) == 0


def test_fractions_are_kept() -> None:
    assert atp([level("RNO1", "10.25", "0.5")], []) == Decimal("9.75")


def test_two_levels_of_one_site_are_refused() -> None:
    with pytest.raises(ValueError, match="two levels for site RNO1: add up its lots first"):
        atp([level("RNO1", 1), level("RNO1", 1)], [])


@given(levels_of(("RNO1", "DFW1")), claims)
def test_a_promise_is_never_negative(levels: list[Level], claims: list[Reserved]) -> None:
    assert atp(levels, claims) >= 0


@given(levels_of(("RNO1", "DFW1")), claims, quantities)
def test_more_on_hand_never_promises_less(
    levels: list[Level], claims: list[Reserved], more: Decimal
) -> None:
    first, *rest = levels
    richer = first._replace(on_hand=first.on_hand + more)
    assert atp([richer, *rest], claims) >= atp(levels, claims)


@given(levels_of(("RNO1", "DFW1")), levels_of(("ATL2",)), claims)
def test_a_further_site_however_empty_never_lowers_the_promise(
    levels: list[Level], further: list[Level], claims: list[Reserved]
) -> None:
    assert atp(levels + further, claims) >= atp(levels, claims)
