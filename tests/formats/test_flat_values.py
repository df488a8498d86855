"""Single cells: what was meant, or the text as it was sent and a name for what is wrong."""

import pytest

from integrations.formats.flat.profile import Column, Delimited
from integrations.formats.flat.values import Native, reader_of
from integrations.formats.flat.values_writing import writer_of

pytestmark = pytest.mark.pure

USUAL = Delimited()
GERMAN = Delimited(decimal_mark=",", thousands_mark=".", date_formats=("%d.%m.%Y",))


def read(text, kind="text", profile=USUAL, **column):
    return reader_of(Column(name="x", kind=kind, **column), profile)(text)


def write(value, kind="text", profile=USUAL, **column):
    return writer_of(Column(name="x", kind=kind, **column), profile)(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.50", "1234.5"),
        ("-0.50", "-0.5"),
        ("+7", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("-0", "0"),
        ("000012", "12"),
        ("99999999999999999999.99", "99999999999999999999.99"),
    ],
)
def test_a_number_is_read_in_its_shortest_form_and_exactly(text, value):
    assert read(text, "decimal") == (value, "")


@pytest.mark.parametrize(
    "text",
    [
        "1,234",
        "1.2.3",
        "1e5",
        "NaN",
        "Infinity",
        "1_000",
        "٣",
        "--1",
        "1-",
        "12a",
        "1 2",
        "9" * 101,
    ],
)
def test_what_is_no_number_stays_as_it_is(text):
    assert read(text, "decimal") == (text, "not_a_number")


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.234,50", "1234.5"), ("1234,5", "1234.5"), ("1.234.567", "1234567"), ("-1,0", "-1")],
)
def test_a_decimal_comma_and_thousands(text, value):
    assert read(text, "decimal", GERMAN) == (value, "")


@pytest.mark.parametrize("text", ["1.23", "1.23,4", "12.34.567", "1,2,3", "1.2345"])
def test_a_thousands_mark_in_the_wrong_place_is_not_guessed_away(text):
    assert read(text, "decimal", GERMAN) == (text, "not_a_number")


@pytest.mark.parametrize(
    ("negative", "text"), [("leading", "-12.5"), ("trailing", "12.5-"), ("brackets", "(12.5)")]
)
def test_a_negative_number_as_it_was_agreed(negative, text):
    profile = Delimited(negative=negative)
    assert read(text, "decimal", profile) == ("-12.5", "")
    assert write("-12.5", "decimal", profile) == (text, "")


def test_a_sign_in_another_place_than_agreed_is_no_number():
    assert read("-5", "decimal", Delimited(negative="trailing")) == ("-5", "not_a_number")


def test_places_without_a_mark_are_counted_from_the_right():
    assert read("000123", "decimal", places=2) == ("1.23", "")
    assert write("1.2", "decimal", places=2) == ("120", "")
    assert write("-0.05", "decimal", places=2) == ("-005", "")
    assert read("-005", "decimal", places=2) == ("-0.05", "")


def test_places_and_a_mark_together_are_not_guessed():
    assert read("1.23", "decimal", places=2) == ("1.23", "not_a_number")


def test_more_digits_than_places_are_not_rounded():
    assert write("1.234", "decimal", places=2) == ("1.234", "value_unwritable")


def test_a_whole_number_has_no_rest():
    assert read("12.00", "integer") == ("12", "")
    assert read("12.50", "integer") == ("12.50", "not_whole")
    assert write("12.5", "integer") == ("12.5", "value_unwritable")


@pytest.mark.parametrize("code", ["00123", "0", "1E5", "007.0", "=1+1"])
def test_codes_keep_their_zeros(code):
    assert read(code) == (code, "")
    assert write(code) == (code, "")


@pytest.mark.parametrize(
    ("text", "pattern", "value"),
    [
        ("03.02.2026", "%d.%m.%Y", "2026-02-03"),
        ("3.2.2026", "%d.%m.%Y", "2026-02-03"),
        ("20260203", "%Y%m%d", "2026-02-03"),
        ("26034", "%y%j", "2026-02-03"),
    ],
)
def test_dates_by_their_pattern(text, pattern, value):
    assert read(text, "date", formats=(pattern,)) == (value, "")


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("2026113", "%Y%m%d"),  # the third of November, or the thirteenth of January
        ("31.02.2026", "%d.%m.%Y"),
        ("2026-02-03", "%d.%m.%Y"),
        ("00000000", "%Y%m%d"),
        ("２０２６0203", "%Y%m%d"),
    ],
)
def test_a_date_that_is_none_or_two_is_not_guessed(text, pattern):
    assert read(text, "date", formats=(pattern,)) == (text, "not_a_date")


def test_several_patterns_are_tried_and_the_first_is_written():
    formats = ("%d.%m.%Y", "%Y-%m-%d")
    assert read("2026-02-03", "date", formats=formats) == ("2026-02-03", "")
    assert write("2026-02-03", "date", formats=formats) == ("03.02.2026", "")


def test_a_time_without_zone_is_told_in_the_zone_agreed():
    berlin = Delimited(timezone="Europe/Berlin")
    assert read("2026-07-01 12:00:00", "datetime", berlin) == ("2026-07-01T12:00:00+02:00", "")
    assert read("2026-07-01 12:00:00", "datetime") == ("2026-07-01T12:00:00", "")
    assert write("2026-07-01T10:00:00+00:00", "datetime", berlin) == ("2026-07-01T12:00:00", "")


def test_a_zone_that_is_asked_for_has_to_be_known():
    formats = ("%Y-%m-%dT%H:%M:%S%z",)
    assert (
        read("2026-07-01T12:00:00Z", "datetime", formats=formats)[0] == "2026-07-01T12:00:00+00:00"
    )
    assert write("2026-07-01T12:00:00", "datetime", formats=formats)[1] == "value_unwritable"


def test_a_year_that_two_digits_would_make_another_one_is_not_written():
    assert write("1950-01-01", "date", formats=("%d.%m.%y",)) == ("1950-01-01", "value_unwritable")
    assert write("1999-01-01", "date", formats=("%d.%m.%y",)) == ("01.01.99", "")


def test_times():
    assert read("14:05", "time") == ("14:05:00", "")
    assert read("24:00", "time") == ("24:00", "not_a_time")
    assert write("14:05:00", "time", formats=("%H%M",)) == ("1405", "")


def test_yes_and_no_in_the_words_agreed():
    words = {"yes": ("J",), "no": ("N",)}
    assert read("j", "boolean", **words) == (True, "")
    assert read("N", "boolean", **words) == (False, "")
    assert read("true", "boolean", **words) == ("true", "not_yes_or_no")
    assert write(False, "boolean", **words) == ("N", "")
    assert write("N", "boolean", **words) == ("N", "value_unwritable")


def test_words_for_nothing_are_nothing():
    assert read("00000000", "date", nothing=("00000000",)) == (None, "")
    assert read("  ", "decimal") == (None, "")
    assert write("n/a", nothing=("n/a",)) == ("n/a", "value_unwritable")
    assert write(None, "decimal") == ("", "")


def test_a_value_that_has_to_be_there():
    assert read("", required=True) == (None, "value_missing")
    assert write(None, required=True) == ("", "value_missing")


def test_blanks_are_trimmed_or_kept_as_agreed():
    assert read(" a ") == ("a", "")
    assert read(" a ", profile=Delimited(trim=False)) == (" a ", "")


def test_a_number_of_a_workbook_has_a_point_whatever_was_agreed_for_texts():
    assert read(Native("1234.5"), "decimal", GERMAN) == ("1234.5", "")
    assert read(Native("12"), "decimal", places=2) == ("12", "")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (0.1, "0.1"),
        (1e22, "10000000000000000000000"),
        ("-1" + "0" * 40 + "1", "-1" + "0" * 40 + "1"),
        ("5.0", "5"),
    ],
)
def test_numbers_of_documents_are_written_without_exponent(value, text):
    assert write(value, "decimal") == (text, "")


@pytest.mark.parametrize("value", [True, float("nan"), float("inf"), "x", "1,5", "١"])
def test_what_is_no_number_is_not_written_as_one(value):
    assert write(value, "decimal")[1] == "value_unwritable"


def test_digits_that_are_written_at_least():
    assert write("5", "decimal", decimals=2) == ("5.00", "")
    assert write("5.125", "decimal", decimals=2) == ("5.125", "")


@pytest.mark.parametrize("value", [{}, {"a": 1}, [], ["a"]])
def test_groups_and_lists_are_no_values(value):
    assert write(value)[1] == "not_a_value"
