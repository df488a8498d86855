"""How much passes at once: week by week, from sums."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.models import TrafficDelta
from integrations.queries import passing, volumes
from integrations.queries.windows import Window

pytestmark = pytest.mark.db

NOW = datetime(2026, 4, 8, 15, 20, tzinfo=UTC)  # the last week begins on 2 April
DAY = timedelta(days=1)


def came(customer_id: int, at: datetime, *, received: int, held: int = 0, same: int = 0) -> None:
    TrafficDelta.objects.create(
        slot=at, customer_id=customer_id, endpoint_id=1, object_type="order", direction="in",
        received=received, held=held, unchanged=same,
    )  # fmt: skip


def test_weeks_end_with_today(kestrel: Any) -> None:
    came(kestrel.harbor, datetime(2026, 4, 2, tzinfo=UTC), received=10, held=1)
    came(kestrel.harbor, datetime(2026, 4, 8, 15, 15, tzinfo=UTC), received=10, held=2)
    came(kestrel.harbor, datetime(2026, 4, 1, 23, 55, tzinfo=UTC), received=8, held=6)
    # 3 of 20 were held in the last week, 6 of 8 in the one before.
    assert passing.weekly(NOW) == {kestrel.harbor: [None] * 10 + [25.0, 85.0]}


def test_what_brings_no_news_is_left_out(kestrel: Any) -> None:
    came(kestrel.harbor, NOW.replace(minute=15), received=110, held=1, same=100)
    came(kestrel.maris, NOW.replace(minute=15), received=5, same=5)
    found = passing.weekly(NOW)
    assert found[kestrel.harbor][-1] == 90.0  # 1 of 10
    assert found[kestrel.maris] == [None] * 12


def test_a_week_held_more_often_than_it_had_documents_passed_none(kestrel: Any) -> None:
    came(kestrel.harbor, NOW.replace(minute=15), received=2, held=5)
    assert passing.weekly(NOW)[kestrel.harbor][-1] == 0.0


def test_sums_can_be_asked_for_by_longer_spans_than_they_are_kept(kestrel: Any) -> None:
    first = datetime(2026, 4, 1, tzinfo=UTC)
    for day in range(6):
        came(kestrel.harbor, first + day * DAY, received=10**day)
    window = Window(first, first + 6 * DAY)
    found = volumes.series(window, level=2, every=3 * DAY)[()]
    assert {at: one.received for at, one in found.items()} == {
        first: 111,  # 1 + 10 + 100
        first + 3 * DAY: 111_000,
    }
