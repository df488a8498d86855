"""Lengths of time as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.customers.durations import duration_text, length_text, read_duration, read_length

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("30 min", 30), ("30", 30), ("45m", 45), ("4 h", 240), ("1 h 30", 90), (" 1H 05 min ", 65),
        ("90 min", 90), ("", None), ("soon", None), ("h", None), ("-5", None), ("1.5 h", None),
        ("3 d", None), ("5 s", None), ("1 h 5 s", None),
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


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5 s", 5), ("15 s", 15), ("90s", 90), ("2 min", 120), ("1 min 30 s", 90), ("4 min 50 s", 290),
        ("1 h 30 min", 5400), ("1 h 30", 5400), ("1 h 26", 5160), ("3 d", 259_200), ("1 d 2 h", 93_600),
        ("90", 5400), ("", None), ("s", None), ("5 s 2 min", None), ("1.5 s", None), ("1 30", None),
    ],
)  # fmt: skip
def test_elapsed_time_is_read_as_pages_print_it(text, seconds):
    assert read_length(text) == (None if seconds is None else timedelta(seconds=seconds))


@given(st.integers(1, 366 * 24 * 3600))
def test_a_length_that_is_written_reads_back(seconds):
    length = timedelta(seconds=seconds)
    assert read_length(length_text(length)) == length
