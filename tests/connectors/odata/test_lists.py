"""What a list is asked for, and where a full reading of it stands."""

from datetime import UTC, datetime

import pytest

from integrations.connectors.odata.listing import Listing
from integrations.connectors.odata.sweep import Sweep

pytestmark = pytest.mark.pure

BY_DAY = Listing(
    "deliveries", "shipment", "/S/A", key="Id", changed=("Changed", "Created"), in_days=True, by_key=True,
    where="Issued eq 'C'", size=50,
)  # fmt: skip
BY_TIME = Listing("invoices", "invoice", "/S/I", key="id", changed=("changedAt",))


def test_a_list_that_tells_days_is_asked_by_the_day_and_behind_a_key():
    assert BY_DAY.asked(since="2026-03-03T09:12:00.000000", after="80'17") == {
        "$filter": "(Issued eq 'C') and (Changed ge datetime'2026-03-03T00:00:00' or"
        " Created ge datetime'2026-03-03T00:00:00') and Id gt '80''17'",
        "$orderby": "Id",
        "$top": "50",
    }


def test_a_list_that_tells_times_is_asked_to_the_millisecond():
    asked = BY_TIME.asked(since="2026-03-03T09:12:00.107000", after=None)
    assert asked == {"$filter": "(changedAt ge 2026-03-03T09:12:00.107Z)"}
    assert BY_TIME.asked(since="", after=None) == {}


def test_a_row_that_never_changed_counts_from_its_creation():
    row = {"Changed": None, "Created": "/Date(1772496000000)/"}
    assert BY_DAY.changed_at(row) == datetime(2026, 3, 3, tzinfo=UTC).isoformat()
    assert BY_DAY.changed_at({}) == ""


def passes(*readings: list[list[str]]) -> list[list[bool]]:
    """For each reading of a list, page by page, which pages were news."""
    here, told = Sweep(), []
    for pages in readings:
        news = []
        for number, page in enumerate(pages):
            at = str(number + 1) if number + 1 < len(pages) else None
            here, is_news = Sweep.of(here.cursor()).move(page, at=at)
            news.append(is_news)
        told.append(news)
    return told


def test_only_pages_that_say_something_else_are_news():
    before, after = [["a 5", "b 1"], ["c 2"]], [["a 4", "b 1"], ["c 2"]]
    told = passes(before, before, after, before)
    assert told == [[True, True], [False, False], [True, False], [True, False]]


def test_a_list_that_grows_or_shrinks_is_read_to_its_end():
    assert passes([["a"]], [["a"], ["b"]], [["a"]]) == [[True], [False, True], [False]]


def test_a_list_that_leads_to_itself_comes_to_an_end():
    here, _ = Sweep().move(["a"], at="x")
    with pytest.raises(ValueError, match="never comes to an end"):
        here.move(["b"], at="x")
