"""The calendar of a customer, from the database."""

from datetime import date

import pytest

from portal.core import clock
from portal.customers import calendars
from portal.customers.models import Customer
from tests.customers.calendars import utc

HOURS = {"mon": "08:00-12:00"}


def customer(**content: object) -> Customer:
    return Customer(
        slug="fjord", name="Fjord", time_zone="Europe/Oslo", calendar={"hours": HOURS, **content}
    )


@pytest.mark.pure
def test_a_new_customer_works_on_weekdays():
    assert calendars.of(Customer(slug="new", name="New")).words == "Mon–Fri 07:00–19:00, UTC"


@pytest.mark.pure
def test_holidays_are_known_ten_years_back_and_two_ahead():
    with clock.freeze(utc("2026-11-29 12:00")):
        found = calendars.of(customer(holidays={"country": "NO"})).holidays
    assert {day.year for day in found} == set(range(2016, 2029))
    assert date(2026, 5, 17) in found


@pytest.mark.pure
def test_the_same_hours_elsewhere_are_another_calendar():
    here, there = customer(), customer()
    there.time_zone = "Asia/Kolkata"
    assert calendars.of(here).words == "Mon 08:00–12:00, Oslo time"
    assert calendars.of(there).words == "Mon 08:00–12:00, Kolkata time"
    assert calendars.of(here) is calendars.of(customer())


@pytest.mark.db
def test_hours_come_back_from_the_database(kestrel):
    stored = Customer.objects.get(pk=kestrel.harbor)
    assert stored.calendar == {
        "hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "07:00-19:00")
    }
