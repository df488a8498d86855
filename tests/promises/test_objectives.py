"""What is promised, version by version."""

from datetime import timedelta
from decimal import Decimal

import pytest

from monitoring import slo
from monitoring.domain import objectives
from monitoring.domain.objectives import NotPromisedError
from monitoring.models import Objective
from portal.accounts.models import Person
from portal.core import clock
from portal.customers import promises
from tests.promises.scenery import APRIL_1, MARCH, at, promised

pytestmark = pytest.mark.db
NOW = at("03-10 12:00")


@pytest.fixture(autouse=True)
def _in_march():
    with clock.freeze(NOW):
        yield


@pytest.fixture
def boss(admin):
    return Person.objects.get(email="admin@kestrel.test")


def change(one, person, *, target="0.9", since=MARCH.begins, why="Agreed on the phone", **more):
    terms = {"target": Decimal(target), "limits": one.promise.limits, "judged_by": "gross"}
    new = objectives.changed(one.promise, **terms)
    return objectives.change(one, new, since=since, why=why, person=person, **more)


def test_a_customer_is_promised_what_is_usual_in_their_tier(harbor):
    found = objectives.in_force(harbor.pk, NOW)
    assert [one.sli for one in found] == [*objectives.USUAL]
    assert {(one.version, one.tier, one.made_by) for one in found} == {(1, "standard", "")}
    assert {one.since for one in found} == {at("02-01 00:00")}  # the month the customer began in
    assert promised(harbor, "freshness").promise.limit == timedelta(minutes=60)


def test_beginning_again_promises_nothing_twice(harbor):
    objectives.begin(harbor.customer)
    assert Objective.objects.filter(customer=harbor.pk).count() == len(objectives.USUAL)


def test_a_change_is_a_new_version_that_says_who_and_why(harbor, boss):
    made = change(promised(harbor, "cutoff"), boss, target="0.9")
    assert (made.version, made.made_by, made.why, made.tier) == (
        2,
        "Admin",
        "Agreed on the phone",
        "",
    )
    assert made.promise.target == Decimal("0.9")


def test_a_version_holds_from_its_window_on_and_not_before(harbor, boss):
    change(promised(harbor, "cutoff"), boss, target="0.9", since=APRIL_1)
    before, after = (
        {one.sli: one for one in objectives.in_force(harbor.pk, moment)}["cutoff"]
        for moment in (APRIL_1 - timedelta(seconds=1), APRIL_1)
    )
    assert (before.version, after.version) == (1, 2)
    assert objectives.coming(harbor.pk, "cutoff", NOW) == after
    assert objectives.coming(harbor.pk, "freshness", NOW) is None


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"why": " "}, "Say why: who reads the figures later has to know."),
        ({"since": at("02-01 00:00")}, "That month is over: its figures stay what they were."),
    ],
)
def test_what_cannot_be_promised_is_refused_in_words(harbor, boss, terms, sentence):
    with pytest.raises(NotPromisedError, match=sentence):
        change(promised(harbor, "cutoff"), boss, **terms)


def test_of_two_who_change_the_same_the_second_is_told(harbor, boss):
    stale = promised(harbor, "cutoff")
    change(stale, boss)
    with pytest.raises(
        NotPromisedError, match="Somebody has changed it: there is a version 2 by now"
    ):
        change(stale, boss)


def test_a_promise_that_was_taken_back_is_none(harbor, boss):
    change(promised(harbor, "edi_acknowledgement"), boss, promised=False)
    assert "edi_acknowledgement" not in [one.sli for one in objectives.in_force(harbor.pk, NOW)]
    assert "edi_acknowledgement" in [
        one.sli for one in objectives.in_force(harbor.pk, MARCH.begins - timedelta(days=1))
    ]


def test_another_tier_moves_what_is_by_the_tier_and_leaves_what_was_agreed(harbor, boss):
    change(promised(harbor, "cutoff"), boss, target="0.9")
    made = objectives.set_tier(
        harbor.customer, "premium", since=APRIL_1, why="They pay for it", person=boss
    )
    assert len(made) == len(objectives.USUAL) - 1
    assert promised(harbor, "cutoff").promise.target == Decimal("0.9")
    fresh = promised(harbor, "freshness")
    assert (fresh.version, fresh.tier, fresh.promise.limit) == (2, "premium", timedelta(minutes=15))
    harbor.customer.refresh_from_db()
    assert objectives.tier_of(harbor.customer) == "premium"


def test_a_tier_does_not_change_months_that_are_over(harbor, boss):
    with pytest.raises(NotPromisedError, match="That month is over"):
        objectives.set_tier(
            harbor.customer, "premium", since=at("02-01 00:00"), why="x", person=boss
        )
    harbor.customer.refresh_from_db()
    assert objectives.tier_of(harbor.customer) == "standard"


def new_hours(place, **changes):
    promises.promise(
        place.customer, calendar={**place.customer.calendar, **changes}, targets={}, actor="Ana"
    )
    place.customer.refresh_from_db()
    return promised(place, "exception_resolve")


def test_new_hours_count_from_the_next_month_on_where_they_change_what_has_been(harbor):
    before = promised(harbor, "exception_resolve")
    after = new_hours(harbor, hours={"mon": "08:00-18:00"})
    assert (after.version, after.since, after.tier, after.made_by) == (
        2,
        APRIL_1,
        "standard",
        "Ana",
    )
    assert after.hours["calendar"] == {"hours": {"mon": "08:00-18:00"}}
    assert before.hours["calendar"] != after.hours["calendar"]
    assert promised(harbor, "cutoff").version == 1  # its clock runs around the clock


def test_every_stored_promise_is_read_back(harbor):
    for one in objectives.in_force(harbor.pk, NOW):
        assert slo.to_openslo(one.promise) == one.content


def test_a_day_that_is_to_come_is_closed_in_the_running_month(harbor):
    after = new_hours(harbor, closed={"2026-03-30": "Stocktaking"})
    assert (after.version, after.since) == (2, MARCH.begins)


def test_nobody_undoes_a_miss_by_closing_a_day_afterwards(harbor):
    after = new_hours(harbor, closed={"2026-03-10": "Stocktaking"})
    assert (after.version, after.since) == (2, APRIL_1)
    assert promised_at(harbor, NOW).version == 1


def test_new_hours_leave_other_terms_that_are_to_come(harbor, boss):
    change(promised(harbor, "exception_resolve"), boss, target="0.9", since=APRIL_1)
    after = new_hours(harbor, closed={"2026-03-30": "Stocktaking"})
    assert (after.since, after.promise.target, "closed" in after.hours["calendar"]) == (
        APRIL_1, Decimal("0.9"), True,
    )  # fmt: skip
    now = promised_at(harbor, NOW)
    assert (now.since, now.promise.target) == (MARCH.begins, Decimal("0.95"))
    assert "closed" in now.hours["calendar"]


def test_hours_that_are_taken_back_before_they_count_never_counted(harbor):
    first = harbor.customer.calendar
    new_hours(harbor, hours={"mon": "08:00-18:00"})
    promises.promise(harbor.customer, calendar=first, targets={}, actor="Ana")
    after = promised(harbor, "exception_resolve")
    assert (after.version, after.since) == (3, APRIL_1)
    assert after.hours == promised_at(harbor, NOW).hours


def promised_at(place, at):
    found = objectives.in_force(place.pk, at)
    return next(one for one in found if one.sli == "exception_resolve")
