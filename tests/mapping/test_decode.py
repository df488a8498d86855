import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.mapping.decode import DecodeError, loads

pytestmark = pytest.mark.pure


def refused(raw):
    with pytest.raises(DecodeError) as caught:
        loads(raw)
    return caught.value.problem


def test_decimals_keep_the_text_that_was_sent():
    raw = b'{"a": 3.10, "b": 0.1, "c": 1E3, "d": -0.0, "e": 19.999999999999999999}'
    assert loads(raw) == {
        "a": "3.10",
        "b": "0.1",
        "c": "1E3",
        "d": "-0.0",
        "e": "19.999999999999999999",
    }


def test_whole_numbers_stay_numbers_up_to_two_to_the_53():
    assert loads(b"[0, 42, -7, 9007199254740992, -9007199254740992]") == [
        0,
        42,
        -7,
        9007199254740992,
        -9007199254740992,
    ]


def test_larger_whole_numbers_become_text():
    digits = b"9" * 10_000
    assert loads(b"[9007199254740993, -9007199254740993, 12345678901234567890]") == [
        "9007199254740993",
        "-9007199254740993",
        "12345678901234567890",
    ]
    assert loads(digits) == digits.decode()


def test_long_digits_inside_text_change_nothing():
    assert loads(b'{"sscc": "000123450000000010", "n": 5}') == {
        "sscc": "000123450000000010",
        "n": 5,
    }


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_no_decimal_loses_a_digit(number):
    text = format(number, "f")
    assert Decimal(str(loads(text.encode()))) == number


@given(st.integers())
def test_no_whole_number_loses_a_digit(number):
    found = loads(str(number).encode())
    assert int(found) == number
    assert isinstance(found, int) == (abs(number) <= 2**53)


def test_a_byte_order_mark_is_ignored():
    assert loads(b'\xef\xbb\xbf{"a":1}') == {"a": 1}


def test_latin_1_is_an_encoding_error_that_names_the_byte():
    problem = refused('{"city":"Zürich"}'.encode("latin-1"))
    assert problem.code == "encoding_error"
    assert problem.text == "Byte 10 (0xFC) is not UTF-8."


@pytest.mark.parametrize("raw", [rb'["a\u0000b"]', rb'["\\\u0000"]', rb'{"\u0000": 1}'])
def test_a_nul_character_is_refused(raw):
    assert refused(raw).text == "A text holds a NUL character."


def test_half_a_surrogate_is_refused_and_a_whole_pair_is_not():
    assert refused(rb'["\ud83d"]').text == "A text holds half a surrogate pair."
    assert loads(rb'["\ud83d\ude00"]') == ["😀"]


@pytest.mark.parametrize("text", ["\\u0000", "C:\\u0000\\", "\\", "a\\\\u0000"])
def test_a_backslash_and_u0000_written_out_is_plain_text(text):
    raw = json.dumps([text, "ü"]).encode()
    assert loads(raw) == [text, "ü"]


@pytest.mark.parametrize("raw", [b"", b"{", b'{"a":}', b"[1,]", b"NaN", b"[Infinity]", b"<xml/>"])
def test_what_is_no_json_is_a_malformed_document(raw):
    assert refused(raw).code == "malformed_document"


def test_the_place_of_the_fault_is_told():
    problem = refused(b'{"a": 1,\n "b": oops}')
    assert (problem.value, problem.text) == (
        "oops}",
        "Line 2, column 7: Expecting value.",
    )


def test_endless_nesting_is_refused():
    assert refused(b"[" * 100_000).text == "Lists and objects nest too deep."
