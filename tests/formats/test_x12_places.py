"""Every segment and element knows its bytes in the file, and a set can be cut out by itself."""

import pytest

from integrations.formats.x12 import read, read_set, split_sets
from tests.formats.x12_samples import CLEAN, SET_940, SET_945, enveloped

pytestmark = pytest.mark.pure


def text_at(data: bytes, segment: int, element: int | None = None) -> bytes:
    start, end = read(data).interchanges[0].byte_range(segment, element)
    return data[start:end]


def test_a_segment_knows_its_bytes() -> None:
    data = CLEAN.encode()
    assert text_at(data, 0).startswith(b"ISA*00*")
    assert text_at(data, 0).endswith(b"*T*>")
    assert text_at(data, 1) == b"GS*OW*PORTAL*NWIND3PL*20260302*1405*5101*X*004010"
    assert text_at(data, 14) == b"W01*24*EA*012345678905*VN*TENT-2P"


def test_an_element_knows_its_bytes() -> None:
    data = CLEAN.encode()
    assert text_at(data, 14, 0) == b"W01"
    assert text_at(data, 14, 2) == b"EA"
    assert text_at(data, 14, 5) == b"TENT-2P"


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + CLEAN.encode(),
        CLEAN.replace("~", "~\r\n").encode(),
        CLEAN.replace("~", "~\n   ").encode(),
        CLEAN.replace("~", " \r\n").encode(),
        CLEAN.replace("LX*1~", "~~LX*1~").encode(),
        CLEAN.replace("QUAY", "ÄÖÜ€").encode(),
        CLEAN.replace("QUAY", "ÄÖÜ").encode("iso-8859-1"),
        b"From a mailbox\n" + CLEAN.encode(),
    ],
)
def test_bytes_are_found_whatever_stands_around_the_segments(data: bytes) -> None:
    assert text_at(data, 14) == b"W01*24*EA*012345678905*VN*TENT-2P"
    assert text_at(data, 14, 4) == b"VN"


def test_a_wrapped_element_includes_its_line_break() -> None:
    data = "\n".join(CLEAN[i : i + 80] for i in range(0, len(CLEAN), 80)).encode()
    assert text_at(data, 14).replace(b"\n", b"") == b"W01*24*EA*012345678905*VN*TENT-2P"


def test_an_issue_leads_to_the_bad_bytes() -> None:
    data = CLEAN.replace("W01*2*CA", "W01*2*CX").encode()
    reading = read(data)
    (issue,) = reading.issues
    start, end = reading.interchanges[0].locate(issue) or (0, 0)
    assert (issue.code, data[start:end]) == ("unknown_code", b"CX")


def test_an_issue_of_the_envelope_leads_to_its_segment() -> None:
    data = CLEAN.replace("GE*1*5101", "GE*1*5102").encode()
    reading = read(data)
    start, end = reading.interchanges[0].locate(reading.issues[0]) or (0, 0)
    assert data[start:end] == b"GE*1*5102"


def test_places_far_into_a_long_file_are_right() -> None:
    sets = [SET_940.replace("*0001~", f"*{n:04d}~").replace("QUAY", "ÄÖ") for n in range(1, 301)]
    data = enveloped("OW", *sets)
    interchange = read(data).interchanges[0]
    last = interchange.groups[0].sets[-1]
    start, end = interchange.byte_range(last.end - 1)
    assert data[start:end] == b"SE*18*0300"


def test_a_set_is_cut_out_with_its_own_delimiters() -> None:
    second = enveloped("SW", SET_945, control=771).replace(b"*", b"|").replace(b"~", b"!\n")
    first, other = split_sets(CLEAN.encode() + b"\n" + second)
    assert (first.type, first.control, first.functional_id) == ("940", "0001", "OW")
    assert (first.sender, first.receiver) == ("PORTAL", "NWIND3PL")
    assert (first.isa_control, first.group_control) == ("000005101", "5101")
    assert first.version == "004010"
    assert first.raw == CLEAN.encode()[: CLEAN.index("GE*1")]
    assert other.raw == second[: second.index(b"GE|1")]
    assert other.group_control == "771"


def test_a_cut_set_is_read_by_itself_without_complaint() -> None:
    sets = [SET_940, SET_940.replace("*0001~", "*0002~").replace("SO-10442", "SO-2")]
    slices = split_sets(enveloped("OW", *sets))
    readings = [read_set(piece.raw) for piece in slices]
    assert [reading.issues for reading in readings] == [[], []]
    orders = [reading.sets()[0][2].document["depositor_order"] for reading in readings]
    assert orders == ["SO-10442", "SO-2"]


def test_a_cut_set_still_shows_its_own_faults() -> None:
    (piece,) = split_sets(CLEAN.replace("SE*18", "SE*17").encode())
    assert [issue.code for issue in read_set(piece.raw).issues] == ["segment_count_mismatch"]


def test_bytes_that_hold_no_interchange_have_no_sets() -> None:
    assert split_sets(b"nothing") == []
