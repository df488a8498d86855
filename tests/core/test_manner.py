from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from portal.core import manner
from portal.core.manner import Manner

pytestmark = pytest.mark.pure

DAY = date(2025, 3, 4)
AT = datetime(2025, 3, 4, 13, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("numbers", "text"),
    [("en", "1,234,567.50"), ("de", "1.234.567,50"), ("ch", "1’234’567.50"),
     ("fr", "1\u202f234\u202f567,50")],
)  # fmt: skip
def test_numbers_are_written_with_the_readers_marks(numbers, text):
    with manner.override(Manner(numbers=numbers)):
        assert manner.number(Decimal("1234567.5"), 2) == text
        assert manner.number(999) == "999"


@pytest.mark.parametrize(
    ("days", "whole", "short"),
    [
        ("words", "4 Mar 2025", "4 Mar"),
        ("iso", "2025-03-04", "03-04"),
        ("dots", "04.03.2025", "04.03."),
        ("day_first", "04/03/2025", "04/03"),
        ("month_first", "03/04/2025", "03/04"),
    ],
)
def test_days_are_written_in_the_chosen_order(days, whole, short):
    with manner.override(Manner(days=days)):
        assert manner.day(DAY, with_year=True) == whole
        assert manner.day(DAY, with_year=False) == short


@pytest.mark.parametrize(
    ("hour", "text"), [(0, "12:05 am"), (11, "11:05 am"), (12, "12:05 pm"), (23, "11:05 pm")]
)
def test_twelve_hours_say_which_half_of_the_day(hour, text):
    with manner.override(Manner(clock="12")):
        assert manner.time(AT.replace(hour=hour)) == text


def test_seconds_are_there_where_they_are_asked_for():
    assert manner.time(AT, seconds=True) == "13:05:09"
    with manner.override(Manner(clock="12")):
        assert manner.time(AT, seconds=True) == "1:05:09 pm"


def test_whoever_chose_nothing_reads_as_their_language_does():
    assert manner.number(Decimal("1234.5"), 1) == "1,234.5"
    with translation.override("de"):
        assert manner.number(Decimal("1234.5"), 1) == "1.234,5"
        assert manner.weekday(DAY) == "Di"
        assert manner.month(DAY, with_year=True) == "März 2025"
    assert manner.weekday(DAY) == "Tue"


def test_the_choice_ends_with_its_block_even_when_the_block_fails():
    with pytest.raises(ZeroDivisionError), manner.override(Manner(numbers="de")):
        1 / 0  # noqa: B018
    assert manner.current() == Manner()


def test_every_choice_there_is_can_be_written():
    for days in manner.DAYS:
        for clock in manner.CLOCKS:
            with manner.override(Manner(days=days, clock=clock)):
                assert manner.day(DAY, with_year=True) and manner.time(AT)
