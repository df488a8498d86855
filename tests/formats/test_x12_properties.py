"""Whatever comes in, the reader answers; whatever is damaged, it does not accept."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from integrations.formats.x12 import read, split_sets
from tests.formats.reports import report
from tests.formats.x12_samples import CLEAN, ISA, SET_945, enveloped

pytestmark = pytest.mark.pure

SEGMENTS = CLEAN.split("~")[:-1]
FIELDS = [
    "ISA*",
    "GS*",
    "ST*940*",
    "SE*",
    "GE*",
    "IEA*",
    "HL*1*1*",
    "LX*",
    "W12*",
    "N1*",
    "~",
    "*",
    "\n",
]
BODY_SEGMENTS = st.integers(3, len(SEGMENTS) - 4)  # W05 to W76


def joined(segments: list[str]) -> bytes:
    return ("~".join(segments) + "~").encode()


@given(st.binary(max_size=400))
def test_random_bytes_never_crash(data: bytes) -> None:
    assert report("x", data)["verdict"] in ("accept", "warn", "quarantine", "reject")


@given(st.binary(max_size=300))
def test_random_bytes_after_a_good_header_never_crash(data: bytes) -> None:
    assert report("x", ISA.encode() + data)["verdict"] in ("warn", "quarantine", "reject")


@given(st.lists(st.sampled_from(FIELDS) | st.text(max_size=5), max_size=40))
def test_shuffled_pieces_never_crash(pieces: list[str]) -> None:
    text = ISA + "".join(pieces)
    assert report("x", text.encode())["file"] == "x"
    split_sets(text.encode())


@given(st.integers(0, len(CLEAN) - 1), st.binary(min_size=1, max_size=1))
def test_one_changed_byte_never_crashes(place: int, byte: bytes) -> None:
    data = CLEAN.encode()
    reading = read(data[:place] + byte + data[place + 1 :])
    for interchange in reading.interchanges:
        for number in range(len(interchange.parts)):
            start, end = interchange.byte_range(number)
            assert 0 <= start <= end <= len(data)


@given(BODY_SEGMENTS)
def test_a_dropped_segment_is_quarantined(index: int) -> None:
    assert read(joined(SEGMENTS[:index] + SEGMENTS[index + 1 :])).verdict == "quarantine"


@given(BODY_SEGMENTS)
def test_a_doubled_segment_is_quarantined(index: int) -> None:
    doubled = SEGMENTS[: index + 1] + SEGMENTS[index:]
    assert read(joined(doubled)).verdict == "quarantine"


@given(st.sampled_from(["SE*", "GE*", "IEA*"]))
def test_a_dropped_trailer_is_quarantined(tag: str) -> None:
    kept = [segment for segment in SEGMENTS if not segment.startswith(tag)]
    assert read(joined(kept)).verdict == "quarantine"


@given(st.integers(len(ISA), len(CLEAN) - 2))
def test_a_truncated_file_is_quarantined(length: int) -> None:
    assert read(CLEAN[:length].encode()).verdict == "quarantine"


@given(
    st.sampled_from([("SE*18*", 1), ("GE*1*", 1), ("IEA*1*", 1)]), st.integers(0, 99_999)
)  # fmt: skip
def test_a_changed_count_is_quarantined(trailer: tuple[str, int], count: int) -> None:
    old, _ = trailer
    tag = old.split("*")[0]
    assume(count != int(old.split("*")[1]))
    assert read(CLEAN.replace(old, f"{tag}*{count}*").encode()).verdict == "quarantine"


@given(
    st.sampled_from(["SE*18*0001", "GE*1*5101", "IEA*1*000005101"]), st.integers(1, 999_999_999)
)  # fmt: skip
def test_a_changed_control_number_is_quarantined(old: str, control: int) -> None:
    head, _, number = old.rpartition("*")
    assume(control != int(number))
    assert read(CLEAN.replace(old, f"{head}*{control:09d}").encode()).verdict == "quarantine"


@given(st.lists(st.sampled_from(["~", "~\n", "~\r\n"]), min_size=3, max_size=3))
def test_mixed_line_ends_change_nothing(ends: list[str]) -> None:
    sets = enveloped("SW", SET_945).decode().split("~")[:-1]
    text = "".join(segment + ends[n % 3] for n, segment in enumerate(sets))
    reading = read(text.encode())
    assert reading.issues == []
    assert reading.sets()[0][2].document["lines"][1]["shipped"] == "1"
