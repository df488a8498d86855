"""UNA in all its shapes, released characters, line breaks, decimal marks and charsets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.formats.edifact import Delimiters, read
from integrations.formats.edifact.build import una
from integrations.formats.edifact.characters import release
from integrations.formats.edifact.interchange import take_apart
from integrations.formats.edifact.text import mask
from tests.formats.edifact_samples import CLEAN, UNA, UNB, enveloped

pytestmark = pytest.mark.pure

BODY = CLEAN.removeprefix(UNA)
EXPECTED = read(CLEAN.encode()).sets()[0][2].document
USUAL = Delimiters()


def spelled(delimiters: Delimiters) -> str:
    """The clean interchange in other delimiters."""
    table = {
        ":": delimiters.component, "+": delimiters.element, ".": delimiters.decimal,
        "'": delimiters.segment,
    }  # fmt: skip
    return una(delimiters) + BODY.translate(str.maketrans(table))


VARIANTS = {
    "as usual": USUAL,
    "a comma as decimal mark": USUAL._replace(decimal=","),
    "other signs": Delimiters("^", "|", ".", "!", "", "~"),
    "no release sign": USUAL._replace(release=""),
    "a repetition sign": USUAL._replace(repetition="*"),
    "control characters": Delimiters("\x1f", "\x1d", ".", "", "", "\x1c"),
    "LF as terminator": USUAL._replace(segment="\n"),
    "CR as terminator": USUAL._replace(segment="\r"),
    "signs of regular expressions": Delimiters("*", "$", ",", "\\", "", "^"),
    "brackets": Delimiters("]", "[", ".", "&", "", "|"),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_the_delimiters_are_those_of_the_una(name: str) -> None:
    delimiters = VARIANTS[name]
    reading = read(spelled(delimiters).encode())
    assert reading.issues == []
    assert reading.interchanges[0].delimiters == delimiters
    assert reading.sets()[0][2].document == EXPECTED


@pytest.mark.parametrize("noise", ["\n", "\r\n", "\r\n\r\n"])
@pytest.mark.parametrize("terminator", ["'", "\n"])
def test_breaks_between_una_and_unb_are_noise(noise: str, terminator: str) -> None:
    text = spelled(USUAL._replace(segment=terminator))
    reading = read((text[:9] + noise + text[9:]).encode())
    assert reading.issues == []
    assert reading.sets()[0][2].document == EXPECTED


@pytest.mark.parametrize("end", ["\r\n", "\n\r"])
def test_two_breaks_as_terminator_are_one(end: str) -> None:
    text = UNA[:-1] + BODY.replace("'", end)
    reading = read(text.replace("UNA:+.? ", f"UNA:+.? {end}").encode())
    assert reading.issues == []
    assert reading.sets()[0][2].document == EXPECTED


@pytest.mark.parametrize("terminator", ["~", "\n", "\r\n", "|"])
def test_without_una_the_unb_shows_unusual_delimiters(terminator: str) -> None:
    text = BODY.translate(str.maketrans({":": "^", "+": "*"})).replace("'", terminator)
    reading = read(text.encode())
    assert [issue.code for issue in reading.issues] == ["una_missing"]
    assert reading.sets()[0][2].document == EXPECTED


def test_level_b_without_una_has_control_characters_as_delimiters() -> None:
    text = BODY.translate(str.maketrans({":": "\x1f", "+": "\x1d", "'": "\x1c"}))
    reading = read(text.encode())
    assert reading.issues == []
    assert reading.sets()[0][2].document == EXPECTED


def named(value: str) -> bytes:
    return CLEAN.replace("HARBOR OUTFITTERS", value).encode()


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("O?'NEILL", "O'NEILL"), ("A ?+ B", "A + B"), ("1?:2", "1:2"), ("WHY??", "WHY?"),
        ("???'", "?'"), ("????", "??"), ("?A?B", "AB"), ("??A", "?A"), ("?'?+?:??", "'+:?"),
        ("END?'", "END'"), ("DOT?.", "DOT."),
    ],
)  # fmt: skip
def test_a_released_character_is_data(sent: str, meant: str) -> None:
    reading = read(named(sent))
    assert reading.issues == []
    assert reading.sets()[0][2].document["parties"][0]["name"] == meant


def test_a_break_after_a_release_sign_is_noise() -> None:
    reading = read(named("O?\r\n'NEILL"))
    assert [issue.code for issue in reading.issues] == ["wrapped"]
    assert reading.sets()[0][2].document["parties"][0]["name"] == "O'NEILL"
    start, end = reading.interchanges[0].byte_range(8, 4)
    assert named("O?\r\n'NEILL")[start:end] == b"O?\r\n'NEILL"


def test_a_released_terminator_before_what_looks_like_a_trailer_is_data() -> None:
    reading = read(named("A?'UNZ"))
    assert reading.issues == []
    assert reading.sets()[0][2].document["parties"][0]["name"] == "A'UNZ"


def test_characters_that_could_stand_in_for_released_ones_stay_themselves() -> None:
    odd = "\x01\x02\x03O?'NEILL"
    assert read(named(odd)).sets()[0][2].document["parties"][0]["name"] == "\x01\x02\x03O'NEILL"


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=4), min_size=1, max_size=4))
def test_what_is_released_is_read_back(elements: list[list[str]]) -> None:
    text = "+".join(":".join(release(part, USUAL) for part in element) for element in elements)
    masked, masking = mask(text, USUAL)
    assert "'" not in masked
    assert take_apart(masked, USUAL, masking) == elements


def test_a_comma_is_a_decimal_mark_whatever_the_una_says() -> None:
    for decimal in ".,":
        text = CLEAN.replace("UNA:+.", f"UNA:+{decimal}").replace("61.5", "61,5")
        reading = read(text.encode())
        assert reading.issues == []
        assert reading.sets()[0][2].document["lines"][0]["prices"][0]["price"] == "61.5"


@pytest.mark.parametrize(
    ("syntax", "charset"),
    [
        ("UNOC", "iso-8859-1"), ("UNOD", "iso-8859-2"), ("UNOE", "iso-8859-5"),
        ("UNOF", "iso-8859-7"), ("UNOY", "utf-8"), ("UNOW", "utf-8"),
    ],
)  # fmt: skip
def test_text_is_in_the_charset_of_its_syntax_identifier(syntax: str, charset: str) -> None:
    letter = {"iso-8859-2": "Ł", "iso-8859-5": "Ж", "iso-8859-7": "Ω"}.get(charset, "Ü")
    data = CLEAN.replace("UNOC", syntax).replace("QUAY", f"QU{letter}Y").encode(charset)
    reading = read(data)
    assert reading.issues == []
    assert reading.sets()[0][2].document["parties"][0]["street"] == f"QU{letter}Y 4"


@pytest.mark.parametrize(
    ("syntax", "charset", "told"),
    [
        ("UNOA", "iso-8859-1", "iso-8859-1"), ("UNOB", "utf-8", "utf-8"),
        ("UNOC", "utf-8", "utf-8"), ("UNOY", "iso-8859-1", "iso-8859-1"),
    ],
)  # fmt: skip
def test_text_in_another_charset_is_read_and_told(syntax: str, charset: str, told: str) -> None:
    reading = read(CLEAN.replace("UNOC", syntax).replace("QUAY", "QUÜY").encode(charset))
    assert [(i.code, i.severity, i.value) for i in reading.issues] == [
        ("charset_fallback", "info", told)
    ]
    assert reading.sets()[0][2].document["parties"][0]["street"] == "QUÜY 4"


def test_each_interchange_has_its_own_charset() -> None:
    first = CLEAN.replace("QUAY", "QUÜY").encode("iso-8859-1")
    text = CLEAN.replace("+5101'", "+5102'").replace("UNOC", "UNOD").replace("QUAY", "QUŁY")
    reading = read(first + text.encode("iso-8859-2"))
    assert reading.issues == []
    streets = [message.document["parties"][0]["street"] for _, _, message in reading.sets()]
    assert streets == ["QUÜY 4", "QUŁY 4"]


def test_a_repeated_element_is_told_and_kept() -> None:
    text = CLEAN.replace("UNA:+.? '", "UNA:+.?*'").replace("UNOC:3", "UNOC:4")
    reading = read(text.replace("PO-7781", "PO-1*PO-2").encode())
    assert [(i.code, i.segment_no, i.element) for i in reading.issues] == [
        ("repeated_element", 2, 2)
    ]
    assert reading.sets()[0][2].document["number"] == "PO-1*PO-2"


def test_an_interchange_starts_anywhere_in_a_file() -> None:
    reading = read(f"Received: from mail\r\n\r\n{CLEAN}".encode())
    assert [issue.code for issue in reading.issues] == ["junk_outside_interchange"]
    assert reading.sets()[0][2].document == EXPECTED


def test_the_unb_may_be_broken_over_lines() -> None:
    reading = read(enveloped("").decode().replace("UNB+UNOC:3+", "UNB+UNOC:3\r\n+").encode())
    assert reading.interchanges[0].sender == "4012345000009"
    assert UNB.startswith("UNB+UNOC:3+4012345000009")
