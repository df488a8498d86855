"""Minutes as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.customers.durations import duration_text, read_duration

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("30 min", 30), ("30", 30), ("45m", 45), ("4 h", 240), ("1 h 30", 90), (" 1H 05 min ", 65),
        ("90 min", 90), ("", None), ("soon", None), ("h", None), ("-5", None), ("1.5 h", None),
    ],
)  # fmt: skip
def test_a_duration_is_read(text, minutes):
    assert read_duration(text) == minutes


@pytest.mark.parametrize(
    ("minutes", "text"), [(30, "30 min"), (60, "1 h"), (65, "1 h 05"), (3600, "60 h")]
)
def test_a_duration_is_written(minutes, text):
    assert duration_text(minutes) == text


@given(st.integers(0, 1_000_000))
def test_what_is_written_reads_back(minutes):
    assert read_duration(duration_text(minutes)) == minutes
