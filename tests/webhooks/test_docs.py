"""What the page for receiving engineers says is so."""

from pathlib import Path

import pytest

from portal.webhooks import schedule
from portal.webhooks.catalogue import CHOOSABLE, EVENTS, TEST
from portal.webhooks.domain import posting, retention

pytestmark = pytest.mark.pure

TEXT = " ".join((Path(__file__).parents[2] / "docs" / "webhooks.md").read_text().split())


def test_the_schedule_that_is_promised_is_kept():
    spans = ["5 s", "5 min", "30 min", "2 h", "5 h", "10 h", "14 h", "20 h", "24 h"]
    seconds = {"s": 1, "min": 60, "h": 3600}
    said = [int(n) * seconds[unit] for n, unit in (span.split() for span in spans)]
    assert list(schedule.WAITS) == [0, *said]
    assert (
        f"at once, then after {', '.join(spans[:-1])} and {spans[-1]}, each up to a tenth" in TEXT
    )
    assert (schedule.MOST_TRIES, posting.TIMEOUT, retention.KEPT.days) == (10, 15, 30)


def test_whoever_writes_an_event_down_twice_is_told_so():
    assert TEST not in CHOOSABLE
    assert len(EVENTS) == len(CHOOSABLE) + 1 == 49
