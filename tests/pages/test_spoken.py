from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from integrations.views import spoken
from portal.core import clock

pytestmark = pytest.mark.pure

NOW = datetime(2026, 3, 5, 18, 42, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (44 * 60, "44 min"),
        (3600, "1 h"),
        (5160, "1 h 26"),
        (86399, "23 h 59"),
        (2 * 86400 + 5, "2 d"),
        (-5, "0 s"),
    ],
)
def test_a_length_of_time_is_said_in_two_units_at_most(seconds, text):
    assert spoken.span(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 3, 5, 18, 12, tzinfo=UTC), "10:12"),
        (datetime(2026, 3, 5, 7, 59, tzinfo=UTC), "Wed 23:59"),
        (datetime(2026, 2, 20, 21, 0, tzinfo=UTC), "20 Feb 13:00"),
        (datetime(2025, 12, 31, 12, 0, tzinfo=UTC), "31 Dec 2025"),
        (None, ""),
    ],
)
def test_a_time_carries_as_much_of_its_day_as_it_needs_in_the_readers_zone(at, text):
    with clock.freeze(NOW), timezone.override("America/Los_Angeles"):
        assert spoken.moment(at) == text


@pytest.mark.parametrize(
    ("value", "currency", "column", "sentence"),
    [
        (Decimal("148210.4"), "USD", "148,210.40", "$148,210.40"),
        (Decimal("1200"), "JPY", "1,200", "¥1,200"),
        (None, "USD", "none", "none"),
        (Decimal("5"), "", "none", "none"),
        (Decimal("1234.5"), "XXX", "1,234.50", "1,234.50 XXX"),
        (Decimal("1234.5"), "usd", "1,234.50", "1,234.50 usd"),
    ],
)
def test_money_names_its_currency_once(value, currency, column, sentence):
    assert spoken.amount(value, currency) == column
    assert spoken.money(value, currency) == sentence


def test_a_count_goes_with_its_noun():
    assert [spoken.counted(n, "order") for n in (0, 1, 1204)] == [
        "0 orders",
        "1 order",
        "1,204 orders",
    ]
