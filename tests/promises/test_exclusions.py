"""Asking that a time shall not count, and agreeing."""

import pytest

from monitoring import slo
from monitoring.domain import exclusions, measure, objectives
from monitoring.domain.exclusions import NotAgreedError
from monitoring.models import Exclusion, ObjectiveDay, ObjectiveWindow
from portal.accounts.models import Person
from portal.core import clock
from tests.promises.scenery import APRIL_1, MARCH, at, measured, outage, promised

pytestmark = pytest.mark.db
NOW = at("03-10 12:00")
SUNDAYS = {"zone": "UTC", "weekday": 6, "at": 120, "minutes": 60, "since": "2026-03-01"}


@pytest.fixture(autouse=True)
def _in_march():
    with clock.freeze(NOW):
        yield


@pytest.fixture
def ana(operator):
    return Person.objects.get(email="operator@kestrel.test")


@pytest.fixture
def boss(admin):
    return Person.objects.get(email="admin@kestrel.test")


def asked(place, person, begins="03-12 02:00", ends="03-12 03:00", **fields):
    times = {"begins_at": at(begins), "ends_at": at(ends)} if "recurs" not in fields else {}
    row = Exclusion(customer=place.customer, text="ERP update", **times, **fields)
    return exclusions.ask(row, person=person)


def slots_missed(place):
    found = measure.figures(
        place.customer, promised(place, "flow_availability"), MARCH, now=APRIL_1
    )
    return found.missed.total, found.total


def test_agreed_time_does_not_count(harbor, ana, boss):
    outage(harbor, harbor.shop, "03-12 02:00", "03-12 03:30")
    row = asked(harbor, ana)
    assert slots_missed(harbor) == (18, 31 * 288)
    exclusions.approve(row.pk, person=boss)
    assert slots_missed(harbor) == (6, 31 * 288 - 12)


def test_nobody_agrees_with_themselves(harbor, ana):
    with pytest.raises(NotAgreedError, match="Somebody else than who asked for it has to agree"):
        exclusions.approve(asked(harbor, ana).pk, person=ana)


def test_what_was_decided_is_decided_once(harbor, ana, boss):
    row = asked(harbor, ana)
    exclusions.decline(row.pk, reason="Not agreed with them", person=boss)
    with pytest.raises(NotAgreedError, match="Admin has decided about it already"):
        exclusions.approve(row.pk, person=boss)
    row.refresh_from_db()
    assert (row.state, row.reason, row.decided_name) == (
        "declined",
        "Not agreed with them",
        "Admin",
    )


def test_who_declines_says_why(harbor, ana, boss):
    with pytest.raises(NotAgreedError, match="Say why"):
        exclusions.decline(asked(harbor, ana).pk, reason=" ", person=boss)


def test_a_month_that_was_told_stays(harbor, ana, boss):
    with pytest.raises(NotAgreedError, match="That month is over and told"):
        asked(harbor, ana, "02-27 02:00", "02-27 03:00")
    row = asked(harbor, ana)
    with clock.freeze(at("04-03 23:00")):
        exclusions.approve(row.pk, person=boss)  # three days for the month's last hours
    late = asked(harbor, ana)
    with clock.freeze(at("04-05 00:00")), pytest.raises(NotAgreedError, match="over and told"):
        exclusions.approve(late.pk, person=boss)


def test_a_time_that_ends_before_it_begins_is_refused(harbor, ana):
    with pytest.raises(slo.ExclusionError, match="It ends before it begins"):
        asked(harbor, ana, "03-12 03:00", "03-12 02:00")


def test_what_returns_is_left_out_each_time_until_it_is_ended(harbor, ana, boss):
    row = asked(harbor, ana, recurs=dict(SUNDAYS))
    exclusions.approve(row.pk, person=boss)
    assert slots_missed(harbor)[1] == 31 * 288 - 5 * 12  # 1, 8, 15, 22 and 29 March
    exclusions.end(row.pk, person=boss)
    assert slots_missed(harbor)[1] == 31 * 288 - 2 * 12  # until the 10th
    with pytest.raises(NotAgreedError, match="It has ended already"):
        exclusions.end(row.pk, person=boss)


def test_what_is_once_cannot_be_ended(harbor, ana, boss):
    row = asked(harbor, ana)
    with pytest.raises(NotAgreedError, match="Only what returns"):
        exclusions.end(row.pk, person=boss)


def test_an_agreement_for_one_promise_is_for_that_one(harbor, ana, boss):
    exclusions.approve(asked(harbor, ana, sli="freshness").pk, person=boss)
    assert len(exclusions.of(harbor.pk, "freshness")) == 1
    assert exclusions.of(harbor.pk, "flow_availability") == []


def test_what_was_measured_is_measured_again(harbor, ana, boss):
    outage(harbor, harbor.shop, "03-09 02:00", "03-09 03:00")
    measured(harbor, now=NOW)
    day = ObjectiveDay.objects.get(
        objective=promised(harbor, "flow_availability"), day="2026-03-09"
    )
    assert day.missed_customer == 12
    exclusions.approve(asked(harbor, ana, "03-09 02:00", "03-09 03:00").pk, person=boss)
    assert ObjectiveWindow.objects.filter(customer=harbor.pk, stale=True).count() == len(
        objectives.USUAL
    )
    measured(harbor, now=NOW)
    day.refresh_from_db()
    assert (day.missed_customer, day.total, day.excused_minutes) == (0, 288 - 12, 60)
    assert not ObjectiveWindow.objects.filter(stale=True).exists()
