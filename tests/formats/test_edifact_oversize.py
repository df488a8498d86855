"""Files meant to exhaust time or memory: refused or read, within bounds."""

import time
import tracemalloc

import pytest

from integrations.formats.edifact import read
from tests.formats.edifact_samples import CLEAN, ORDER, UNA, UNB

pytestmark = pytest.mark.pure


def with_elements(count: int, sign: str = "+") -> bytes:
    text = CLEAN.replace("UNS+S'", f"ZZZ{sign}{f'1{sign}' * (count - 1)}1'UNS+S'")
    return text.replace("UNT+24", "UNT+25").encode()


@pytest.mark.parametrize("sign", ["+", ":"])
def test_a_segment_of_a_thousand_values_is_read_and_one_of_more_refused(sign: str) -> None:
    assert read(with_elements(1000, sign)).verdict == "accept"
    reading = read(with_elements(1001, sign))
    assert reading.verdict == "reject"
    (issue,) = reading.issues
    assert (issue.code, issue.segment_no) == ("oversized_segment", 23)
    assert reading.sets() == []


@pytest.mark.parametrize("place", ["UNB", "UNH", "NAD", "UNT", "UNZ"])
def test_two_megabytes_of_elements_take_little_memory(place: str) -> None:
    data = CLEAN.replace(f"'{place}+", f"'{place}" + "+1" * 1_000_000 + "+").encode()
    tracemalloc.start()
    try:
        assert read(data).verdict in ("reject", "quarantine")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16_000_000  # a few copies of the text


@pytest.mark.parametrize(
    "data",
    [
        "xUNB+UNOA:1+" * 100_000,
        "'UNB+UNOA:1+" * 100_000,
        "xUNB+UNOA:1+'UNZ+1" * 50_000,
        "UNB|UNOA^1|" * 100_000,
        "UNA:+.? '" * 100_000,
        UNA + UNB + "?" * 1_000_000,
        UNA + UNB + "'" * 1_000_000,
        UNA + UNB + " \n" * 500_000 + "'",
        UNA + UNB + ORDER.replace("QTY+21:24", "QTY+21:" + "9" * 1_000_000) + "UNZ+1+5101'",
        UNA + UNB + ORDER.replace("QUAY", "A" * 1_000_000) + "UNZ+1+5101'",
        UNA + UNB + "UNH+1+ORDERS'" * 50_000,
    ],
    ids=range(11),
)
def test_a_megabyte_of_nonsense_takes_no_longer_than_it_must(data: str) -> None:
    start = time.process_time()
    assert read(data.encode()).issues
    assert time.process_time() - start < 10  # a quadratic search would take minutes


def test_ten_thousand_lines_are_read_whole() -> None:
    line = "LIN+{0}++4006381333931:EN'QTY+21:{0}'"
    lines = "".join(line.format(n) for n in range(1, 10_001))
    text = f"UNH+1+ORDERS:D:96A:UN'BGM+220+P+9'{lines}UNS+S'CNT+2:10000'UNT+20005+1'"
    reading = read(f"{UNA}{UNB}{text}UNZ+1+5101'".encode())
    assert reading.issues == []
    assert len(reading.sets()[0][2].document["lines"]) == 10_000
