"""Buffers from data."""

from decimal import Decimal

import pytest

from integrations.availability import buffer_from_data

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("z", "hours", "sigma", "expected"),
    [
        ("1.65", "1.5", "4", 9),  # 1.65 × 1.2247 × 4 = 8.08
        ("2.33", "0.25", "4", 5),  # 2.33 × 0.5 × 4 = 4.66
        ("1.65", "4", "4", 14),  # 1.65 × 2 × 4 = 13.2
        ("2", "4", "2.5", 10),  # exactly 10
        ("1.65", "4", "0", 0),
    ],
)
def test_a_buffer_is_rounded_up_to_whole_units(
    z: str, hours: str, sigma: str, expected: int
) -> None:
    assert buffer_from_data(z=Decimal(z), hours=Decimal(hours), sigma=Decimal(sigma)) == expected


def test_a_negative_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be below 0"):
        buffer_from_data(z=Decimal(2), hours=Decimal(-1), sigma=Decimal(4))
