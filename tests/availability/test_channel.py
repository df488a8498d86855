"""What a channel is told."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.availability import (
    ChannelPolicy,
    Level,
    Reserved,
    channel_quantity,
    explain_channel,
)

pytestmark = pytest.mark.pure

REPORTED = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
available = st.decimals(min_value=0, max_value=1_000_000, places=3)
policies = st.builds(
    ChannelPolicy,
    share=st.decimals(min_value=0, max_value=1, places=3),
    buffer=st.integers(0, 500),
    cap=st.none() | st.integers(0, 5_000),
)


def quantity(promised: Decimal, policy: ChannelPolicy) -> int:
    return channel_quantity(promised, share=policy.share, buffer=policy.buffer, cap=policy.cap)


@pytest.mark.parametrize(
    ("share", "buffer", "expected"),
    [
        ("1.0", 5, 228),  # 233 − 5
        ("0.6", 20, 119),  # ⌊139.8⌋ − 20
        ("0.3", 0, 69),  # ⌊69.9⌋
        ("0.05", 20, 0),  # ⌊11.65⌋ − 20 < 0
    ],
)
def test_a_channel_gets_its_share_rounded_down_less_its_buffer(
    share: str, buffer: int, expected: int
) -> None:
    assert channel_quantity(Decimal(233), share=Decimal(share), buffer=buffer) == expected


def test_a_cap_limits_what_a_channel_sees() -> None:
    assert channel_quantity(Decimal(233), share=Decimal(1), buffer=5, cap=50) == 50
    assert channel_quantity(Decimal(40), share=Decimal(1), buffer=5, cap=50) == 35


@pytest.mark.parametrize(
    ("share", "buffer", "cap", "problem"),
    [
        ("1.01", 0, None, "share must be from 0 to 1, not 1.01"),
        ("-0.1", 0, None, "share must be from 0 to 1, not -0.1"),
        ("1", -1, None, "buffer must not be below 0, not -1"),
        ("1", 0, -5, "cap must not be below 0, not -5"),
    ],
)
def test_a_policy_outside_its_range_is_refused(
    share: str, buffer: int, cap: int | None, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        ChannelPolicy(share=Decimal(share), buffer=buffer, cap=cap)


def test_the_explanation_shows_the_figures_of_every_site() -> None:
    levels = [
        Level("RNO1", Decimal("310.0000"), Decimal(42), Decimal(20), REPORTED),
        Level("DFW1", Decimal(55), Decimal(40), Decimal("20.5"), REPORTED),
    ]
    claims = [Reserved("RNO1", Decimal("15.0000"), "hard", REPORTED)]
    policy = ChannelPolicy(share=Decimal("0.6"), buffer=20)
    explanation = explain_channel(levels, claims, policy=policy)
    assert json.loads(json.dumps(explanation)) == {
        "quantity": "119",
        "atp": "233",
        "share": "0.6",
        "buffer": 20,
        "cap": None,
        "sites": [
            {
                "site": "RNO1",
                "on_hand": "310",
                "committed": "42",
                "reserved": "15",
                "safety": "20",
                "available": "233",
                "as_of": "2026-03-02T08:00:00+00:00",
            },
            {
                "site": "DFW1",
                "on_hand": "55",
                "committed": "40",
                "reserved": "0",
                "safety": "20.5",
                "available": "0",
                "as_of": "2026-03-02T08:00:00+00:00",
            },
        ],
    }


@given(available, policies)
def test_a_channel_is_told_neither_less_than_zero_nor_more_than_there_is(
    promised: Decimal, policy: ChannelPolicy
) -> None:
    assert 0 <= quantity(promised, policy) <= promised


@given(available, available, policies)
def test_more_to_promise_never_tells_a_channel_less(
    promised: Decimal, more: Decimal, policy: ChannelPolicy
) -> None:
    assert quantity(promised + more, policy) >= quantity(promised, policy)
