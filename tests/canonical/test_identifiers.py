import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.canonical.identifiers import (
    check_digit,
    gtin14,
    has_check_digit,
    is_gln,
    sscc18,
)

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("data", "check"),
    [
        ("01234567890", 5),
        ("400638133393", 1),
        ("950110153000", 3),
        ("00012345000000001", 0),
    ],
)
def test_the_check_digit_of_upc_ean_gln_and_sscc(data, check):
    assert check_digit(data) == check
    assert has_check_digit(f"{data}{check}")


@given(st.from_regex(r"[0-9]{7,17}", fullmatch=True), st.integers(1, 9), st.data())
def test_one_wrong_digit_is_always_noticed(data, change, draw):
    number = data + str(check_digit(data))
    place = draw.draw(st.integers(0, len(number) - 1))
    wrong = str((int(number[place]) + change) % 10)
    assert not has_check_digit(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("012345678905", "00012345678905"),
        ("12345678905", "00012345678905"),
        ("4006381333931", "04006381333931"),
        ("00012345678905", "00012345678905"),
        (" 0-12345-67890-5 ", "00012345678905"),
        ("96385074", "00000096385074"),
        ("012345678906", None),
        ("38490-B", None),
        ("", None),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", None),
    ],
)
def test_a_gtin_is_padded_to_fourteen_or_is_none(text, gtin):
    assert gtin14(text) == gtin


def test_a_gln_has_thirteen_digits():
    assert is_gln("9501101530003")
    assert not is_gln("9501101530004")
    assert not is_gln("012345678905")


def test_an_sscc_loses_the_application_identifier():
    assert sscc18("00000123450000000010") == "000123450000000010"
    assert sscc18("000123450000000010") == "000123450000000010"
    assert sscc18("000123450000000011") is None
    assert sscc18("10000123450000000010") is None


def test_a_check_digit_needs_digits():
    with pytest.raises(ValueError, match="is not digits"):
        check_digit("12A")
