"""Every segment, element and component is found again in the bytes it was read from."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from integrations.formats.edifact import Interchange, read
from tests.formats.edifact_samples import CLEAN, EVERY_MESSAGE, UNA, UNB, enveloped

pytestmark = pytest.mark.pure


def at(data: bytes, interchange: Interchange, *place: int) -> str:
    return data[slice(*interchange.byte_range(*place))].decode(errors="replace")


def test_a_segment_an_element_and_a_component_have_their_bytes() -> None:
    data = CLEAN.encode()
    (interchange,) = read(data).interchanges
    assert at(data, interchange, 0) == UNB[:-1]
    assert at(data, interchange, 0, 2) == "4012345000009:14"
    assert at(data, interchange, 0, 2, 2) == "14"
    assert at(data, interchange, 1) == "UNH+1+ORDERS:D:96A:UN:EAN008"
    assert at(data, interchange, 2, 0) == "BGM"
    assert at(data, interchange, 8, 2, 3) == "9"
    assert at(data, interchange, 25) == "UNZ+1+5101"


@pytest.mark.parametrize("place", [(26,), (2, 9), (2, 2, 2)])
def test_there_is_no_place_for_what_is_not_there(place: tuple[int, ...]) -> None:
    (interchange,) = read(CLEAN.encode()).interchanges
    with pytest.raises(IndexError):
        interchange.byte_range(*place)


@pytest.mark.parametrize(
    "data",
    [
        CLEAN.replace("'", "'\r\n").encode(),
        CLEAN.replace("'", "'\n   ").encode(),
        CLEAN.replace("UNS+S'", "UNS+S''").encode(),
        CLEAN.replace("QUAY", "Q?'UÄ?+Y").replace("UNOC", "UNOY").encode(),
        CLEAN.replace("QUAY", "Q?'UÄY").encode("iso-8859-1"),
        b"\xef\xbb\xbf" + CLEAN.replace("JANE", "JÄNE").encode(),
        b"junk before" + CLEAN.encode(),
        CLEAN.replace("'", "\n").replace("UNA:+.? \n", "UNA:+.? \n").encode(),
        CLEAN.encode() + CLEAN.replace("+5101'", "+5102'").encode(),
    ],
)
def test_places_hold_whatever_surrounds_the_segments(data: bytes) -> None:
    for interchange in read(data).interchanges:
        tags = [at(data, interchange, n, 0) for n in range(len(interchange.parts))]
        assert tags == [interchange.elements(n)[0][0] for n in range(len(interchange.parts))]
        assert (tags[0], tags[-1]) == ("UNB", "UNZ")


def test_bytes_and_parts_agree_when_segments_are_broken_over_lines() -> None:
    text = "\r\n".join(CLEAN[i : i + 40] for i in range(0, len(CLEAN), 40))
    data = text.encode()
    (interchange,) = read(data).interchanges
    found = [at(data, interchange, n) for n in range(len(interchange.parts))]
    assert [segment.replace("\r\n", "") for segment in found] == interchange.parts


def test_an_issue_points_at_its_component() -> None:
    data = enveloped(EVERY_MESSAGE["ORDERS"].replace("QTY+21:24", "QTY+21:2X4"))
    reading = read(data)
    (issue,) = reading.issues
    assert (issue.code, issue.segment_no, issue.element, issue.component) == (
        "number_invalid", 17, 1, 2,
    )  # fmt: skip
    found = reading.interchanges[0].locate(issue)
    assert found is not None
    assert data[slice(*found)] == b"2X4"


def test_what_is_missing_points_at_what_is_around_it() -> None:
    data = enveloped(EVERY_MESSAGE["ORDERS"].replace("CUX+2:EUR:9", "RFF"))
    reading = read(data)
    (issue,) = [i for i in reading.issues if i.code == "element_missing"]
    found = reading.interchanges[0].locate(issue)
    assert found is not None
    assert data[slice(*found)] == b"RFF"


@settings(deadline=None)
@example(502, b"'")
@given(st.integers(0, len(CLEAN) - 1), st.binary(min_size=1, max_size=2))
def test_places_of_a_damaged_file_stay_inside_of_it(place: int, damage: bytes) -> None:
    data = CLEAN.encode()
    data = data[:place] + damage + data[place + 1 :]
    reading = read(data)
    for interchange in reading.interchanges:
        for number in range(len(interchange.parts)):
            start, end = interchange.byte_range(number)
            assert 0 <= start <= end <= len(data)
            segment = data[start:end].decode("iso-8859-1")
            # A tag that the damage cut away is empty, and what stands there is its delimiter.
            tag = interchange.elements(number)[0][0]
            assert segment[:1] == (tag[:1] or segment[:1])
    for issue in reading.issues:
        if issue.interchange < len(reading.interchanges):
            reading.interchanges[issue.interchange].locate(issue)


def test_the_una_stands_before_the_first_segment() -> None:
    (interchange,) = read(CLEAN.encode()).interchanges
    assert interchange.byte_range(0)[0] == len(UNA)
