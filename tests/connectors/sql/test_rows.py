"""Database values as JSON."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.connectors.sql.rows import encode_row
from integrations.mapping.decode import loads

pytestmark = pytest.mark.pure
CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (True, True),
        (42, 42),
        (2**53 + 1, "9007199254740993"),
        (Decimal("129.0000"), "129.0000"),
        (Decimal("1E+3"), "1000"),
        (Decimal("NaN"), "NaN"),
        (0.1, "0.1"),
        ("Zoë", "Zoë"),
        (datetime.fromisoformat("2026-07-02T10:00:00"), "2026-07-02T15:00:00Z"),
        (datetime(2026, 7, 2, 10, 0, tzinfo=UTC), "2026-07-02T10:00:00Z"),
        (datetime(2026, 7, 2, 10, tzinfo=timezone(timedelta(hours=2))), "2026-07-02T08:00:00Z"),
        (date(2026, 7, 2), "2026-07-02"),
        (time(10, 30), "10:30:00"),
        (b"\x00\xff", "AP8="),
        (UUID("5f0c2a64-3f0e-4f5e-9c0e-0f8a2f1d7b11"), "5f0c2a64-3f0e-4f5e-9c0e-0f8a2f1d7b11"),
        ({"a": Decimal("1.50")}, {"a": "1.50"}),
        ([Decimal("1.50"), None], ["1.50", None]),
    ],
)
def test_a_value_loses_nothing(value: Any, text: Any) -> None:
    assert json.loads(encode_row({"v": value}, CHICAGO)) == {"v": text}


def test_the_order_of_columns_does_not_matter() -> None:
    assert encode_row({"a": 1, "b": 2}, CHICAGO) == encode_row({"b": 2, "a": 1}, CHICAGO)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_every_decimal_survives_the_way_to_the_mapping(number: Decimal) -> None:
    assert Decimal(loads(encode_row({"v": number}, CHICAGO))["v"]) == number


@given(st.text())
def test_every_text_is_bytes_that_can_be_stored(text: str) -> None:
    assert json.loads(encode_row({"v": text}, CHICAGO).decode("ascii")) == {"v": text}
