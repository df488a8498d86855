"""Whose the misses were."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.statements.blame import shares
from tests.statements.april import CUT_OFF, MISSES, STOCK

pytestmark = pytest.mark.pure


def told(promises, misses):
    return [(one.party, one.name, one.percent) for one in shares(promises, misses)]


def test_shares_of_the_broken_promise_add_up_to_a_hundred():
    # 304 + 203 + 89 = 596: 51.01 %, 34.06 %, 14.93 %; the last has the largest remainder
    assert told([STOCK, CUT_OFF], MISSES) == [
        ("third_party", "Northwind", 51), ("us", "", 34), ("customer", "", 15),
    ]  # fmt: skip


def test_a_miss_of_two_is_divided():
    shared = replace(MISSES[0], weight=Decimal(2), theirs=Decimal(1), ours=Decimal(1))
    assert told([STOCK], [shared]) == [("third_party", "Northwind", 50), ("us", "", 50)]


def test_where_nothing_is_broken_all_promises_count_alike():
    kept = replace(STOCK, standing="kept")
    late = replace(MISSES[1], key="o", promise="cut-off", weight=Decimal(1), ours=Decimal(1))
    assert told([kept, CUT_OFF], [MISSES[0], late]) == [
        ("third_party", "Northwind", 50), ("us", "", 50),
    ]  # fmt: skip


def test_nothing_missed_is_nobodys():
    assert told([STOCK], []) == []


parts = st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))


@given(st.lists(parts, min_size=1, max_size=8))
def test_whole_percents_always_add_up(parts):
    misses = [
        replace(MISSES[0], ours=Decimal(a), yours=Decimal(b), theirs=Decimal(c))
        for a, b, c in parts
    ]
    found = shares([STOCK], misses)
    assert sum(one.percent for one in found) == (100 if any(map(any, parts)) else 0)
