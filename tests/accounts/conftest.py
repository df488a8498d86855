from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from portal.core import clock
from portal.core.clock import FrozenClock

AT = datetime(2026, 12, 1, 9, 0, 10, tzinfo=UTC)


@pytest.fixture
def stopped() -> Iterator[FrozenClock]:
    """A clock that a test moves."""
    with clock.freeze(AT) as frozen:
        yield frozen
