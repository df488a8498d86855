"""A segment with more elements than any segment has: refused, and never taken apart."""

import tracemalloc

import pytest

from integrations.formats.x12 import read
from tests.formats.x12_samples import CLEAN

pytestmark = pytest.mark.pure


def with_elements(count: int) -> bytes:
    """The warehouse order with a segment of so many elements, and counted rightly."""
    text = CLEAN.replace("NTE*", "ZZX" + "*1" * count + "~NTE*")
    return text.replace("SE*18", "SE*19").encode()


def test_a_segment_of_a_thousand_elements_is_read_and_one_of_more_refused():
    assert read(with_elements(1000)).verdict == "accept"
    reading = read(with_elements(1001))
    assert reading.verdict == "reject"
    [issue] = reading.issues
    # the eleventh after ISA, GS, ST, W05 and so on: ZZX stands where NTE stood
    assert (issue.code, issue.segment_no) == ("oversized_segment", 12)
    assert issue.value.startswith("ZZX*1*1*1")
    assert reading.sets() == []


@pytest.mark.parametrize("place", ["ZZX", "GS", "IEA", "SE", "N1"])
def test_two_megabytes_of_elements_take_little_memory(place):
    data = CLEAN.replace(f"~{place}*", f"~{place}" + "*1" * 1_000_000 + "*").encode()
    if place == "ZZX":
        data = with_elements(1_000_000)
    assert len(data) > 2_000_000
    tracemalloc.start()
    try:
        assert read(data).verdict == "reject"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16_000_000  # a few copies of the text; taken apart it was 316 MB
