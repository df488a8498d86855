"""Public holidays by country and region."""

from datetime import date

import pytest

from portal.customers.calendar import CalendarError
from portal.customers.holidays import national, regions

pytestmark = pytest.mark.pure


def test_a_country_has_its_days_in_order_with_english_names():
    found = national("DE", "", (2026,))
    assert list(found.items()) == [
        (date(2026, 1, 1), "New Year's Day"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 5, 1), "Labor Day"),
        (date(2026, 5, 14), "Ascension Day"),
        (date(2026, 5, 25), "Whit Monday"),
        (date(2026, 10, 3), "German Unity Day"),
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 26), "Second Day of Christmas"),
    ]


def test_a_region_adds_its_own():
    added = national("DE", "BY", (2026,)).keys() - national("DE", "", (2026,)).keys()
    assert added == {date(2026, 1, 6), date(2026, 6, 4), date(2026, 11, 1)}


def test_a_holiday_on_a_sunday_is_also_kept_on_the_day_it_is_observed():
    assert date(2027, 7, 5) in national("US", "", (2027,))  # 4 July is a Sunday


def test_no_country_has_no_holidays():
    assert national("", "", (2026,)) == {}


def test_only_the_years_asked_for_are_given():
    assert {day.year for day in national("US", "CA", (2026, 2028))} == {2026, 2028}


@pytest.mark.parametrize(
    ("country", "region", "path", "sentence"),
    [
        ("XX", "", ("holidays", "country"),
         "There are no holidays of XX. Use a code of two letters, such as US or DE."),
        ("us", "", ("holidays", "country"),
         "There are no holidays of us. Use a code of two letters, such as US or DE."),
        ("AT", "XX", ("holidays", "region"),
         "AT has no region XX. There are: 1, 2, 3, 4, 5, 6, 7, 8, 9."),
        ("SG", "1", ("holidays", "region"), "SG has no region 1. There are: none."),
    ],
)  # fmt: skip
def test_an_unknown_place_is_told_with_those_there_are(country, region, path, sentence):
    with pytest.raises(CalendarError) as refused:
        national(country, region, (2026,))
    assert refused.value.problems == ((path, sentence),)


def test_many_countries_are_known():
    assert len(regions()) > 200
    assert "CA" in regions()["US"]
