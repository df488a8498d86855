"""Keeping what was measured: once, the same again, and anew when something was learnt later."""

from datetime import timedelta
from decimal import Decimal

import pytest

from monitoring.domain import measure, objectives
from monitoring.models import (
    CaseEvent,
    ExceptionCase,
    Leg,
    Objective,
    ObjectiveDay,
    ObjectiveWindow,
)
from portal.accounts.models import Person
from portal.core import clock
from portal.customers.models import Customer
from tests.promises.scenery import APRIL_1, MARCH, at, leg, measured, orders, outage, promised

pytestmark = [pytest.mark.db, pytest.mark.long]


def window(place, sli, begins=MARCH.begins):
    return ObjectiveWindow.objects.get(customer=place.pk, objective__sli=sli, begins=begins)


def day(place, sli, on):
    return ObjectiveDay.objects.get(customer=place.pk, objective__sli=sli, day=on)


def kept(place):
    """All that was kept, without when."""
    apart = {"id", "measured_at", "looked_at", "took"}
    rows = [
        *ObjectiveDay.objects.filter(customer=place.pk).values(),
        *ObjectiveWindow.objects.filter(customer=place.pk).values(),
    ]
    found = [{key: value for key, value in row.items() if key not in apart} for row in rows]
    return sorted(
        found, key=lambda row: (row["objective_id"], str(row.get("day", row.get("begins"))))
    )


def test_every_promise_of_every_customer_is_measured(harbor):
    measured(harbor, now="03-10 12:00")
    assert ObjectiveWindow.objects.filter(measured_at=None).count() == 0
    march = ObjectiveWindow.objects.filter(begins=MARCH.begins)
    assert march.filter(customer=harbor.pk).count() == len(objectives.USUAL)
    assert march.filter(customer=harbor.site.maris).count() == len(objectives.USUAL)


def test_a_month_and_its_days_are_kept(harbor):
    orders(harbor, "ingest", 30)
    late = leg(harbor, "ingest", "03-11 08:00", "03-11 08:40")
    measured(harbor, now="03-12 09:00")
    month = window(harbor, "ingestion_latency")
    assert (month.total, month.missed_us, month.allowed) == (31, 1, 1)  # 5 % of 31, whole
    assert (month.percentile, month.slowest) == (timedelta(minutes=1), timedelta(minutes=40))
    assert month.causes[0] == {
        "party": "us", "reason": "", "amount": "1.000000", "misses": 1, "proofs": [f"leg-{late.pk}"],
        "first": "2026-03-11T08:15:00+00:00", "last": "2026-03-11T08:15:00+00:00",
    }  # fmt: skip
    assert (
        day(harbor, "ingestion_latency", "2026-03-10").total,
        day(harbor, "ingestion_latency", "2026-03-11").missed,
    ) == (30, 1)
    of_march = ObjectiveDay.objects.filter(day__gte="2026-03-01")
    assert of_march.filter(objective=promised(harbor, "ingestion_latency")).count() == 12


def test_measuring_again_changes_nothing(harbor):
    orders(harbor, "ingest", 5)
    outage(harbor, harbor.house, "03-10 08:00", "03-10 09:00")
    measured(harbor, now="03-12 09:00")
    before = kept(harbor)
    measured(harbor, now="03-12 09:00")
    assert kept(harbor) == before


def test_what_was_kept_can_be_made_again_from_the_evidence(harbor):
    orders(harbor, "ingest", 5)
    leg(harbor, "ingest", "03-11 08:00", "03-11 08:40")
    outage(harbor, harbor.house, "03-10 08:00", "03-10 09:00")
    for hour in range(9, 15):
        measured(harbor, now=f"03-12 {hour:02}:00")
    before = kept(harbor)
    ObjectiveDay.objects.all().delete()
    ObjectiveWindow.objects.all().delete()
    measured(harbor, now="03-12 14:00")
    assert kept(harbor) == before


def test_a_month_that_is_over_gives_the_same_figures_later(harbor):
    orders(harbor, "ingest", 5)
    leg(harbor, "ingest", "03-31 23:30")
    measured(harbor, now="03-31 23:59")
    at_its_end = measure.figures(
        harbor.customer, promised(harbor, "ingestion_latency"), MARCH, now=APRIL_1
    )
    measured(harbor, now="04-05 00:00")
    Leg.objects.filter(ended_at=None).update(ended_at=at("04-20 08:00"), outcome="done")
    again = measure.figures(
        harbor.customer, promised(harbor, "ingestion_latency"), MARCH, now=at("08-01 00:00")
    )
    assert again == at_its_end
    march = window(harbor, "ingestion_latency")
    assert (march.total, march.missed_us) == (again.total, again.missed.us) == (6, 1)


def test_months_before_are_measured_where_nobody_did(harbor):
    orders(harbor, "ingest", 5)
    measured(harbor, now="04-20 08:00")
    assert window(harbor, "ingestion_latency").total == 5
    begun = ObjectiveWindow.objects.filter(objective=promised(harbor, "cutoff"))
    assert [row.begins for row in begun.order_by("begins")] == [
        at("02-01 00:00"), MARCH.begins, APRIL_1
    ]  # fmt: skip


def test_the_next_month_begins_by_itself(harbor):
    measured(harbor, now="03-31 23:59")
    measured(harbor, now="04-01 00:10")
    assert window(harbor, "cutoff", APRIL_1).ends == at("05-01 00:00")


def test_what_is_learnt_late_is_counted_in_its_own_time(harbor):
    measured(harbor, now="03-31 23:59")
    leg(harbor, "ingest", "03-31 22:00", "04-01 05:00")  # the shop told of it in the morning
    measured(harbor, now="04-01 06:00")
    assert window(harbor, "ingestion_latency").missed_us == 1
    assert day(harbor, "ingestion_latency", "2026-03-31").missed_us == 1


def test_another_version_for_the_running_month_replaces_what_was_measured(harbor, admin):
    orders(harbor, "ingest", 20, minutes=10)
    measured(harbor, now="03-12 09:00")
    boss = Person.objects.get(email="admin@kestrel.test")
    one = promised(harbor, "ingestion_latency")
    with clock.freeze(at("03-12 09:00")):
        terms = objectives.changed(
            one.promise,
            target=Decimal("0.95"),
            limits={"": timedelta(minutes=5)},
            judged_by="gross",
        )
        objectives.change(one, terms, since=MARCH.begins, why="Tighter", person=boss)
    measured(harbor, now="03-12 09:10")
    month = window(harbor, "ingestion_latency")
    assert (month.objective.version, month.missed_us) == (2, 20)
    assert Objective.objects.filter(sli="ingestion_latency", customer=harbor.pk).count() == 2


def burning_cases():
    return ExceptionCase.objects.filter(origin=ExceptionCase.Origin.BUDGET).order_by("number")


def test_a_budget_that_burns_is_a_case_that_says_how_fast_and_of_what(harbor):
    orders(harbor, "ingest", 54)
    for n in range(38, 44):
        leg(harbor, "ingest", f"03-10 08:{n:02}", number=str(n))
    measured(harbor, now="03-10 08:59")
    (case,) = burning_cases()
    assert (case.customer_id, case.severity, case.code) == (harbor.pk, 3, "budget_burning")
    lines = dict(case.evidence["lines"])
    # 6 of 60 orders were missed in three days, and 5 % may be.
    assert lines["Burns"] == "2.0 times as fast as allowed, limit 1"
    assert lines["Window"] == "last 3 d: 6 of 60 orders missed"
    assert lines["Missed"] == "38, 39, 40, 41, 42, 43"


def test_a_budget_that_burns_by_several_limits_is_one_case_that_ends_by_itself(harbor):
    for n in range(40):
        leg(harbor, "ingest", f"03-10 08:{n:02}", number=str(n))
    measured(harbor, now="03-10 08:59")
    (case,) = burning_cases()
    assert (case.severity, case.code) == (2, "budget_burning")
    assert dict(case.evidence["lines"])["Burns"] == "20.0 times as fast as allowed, limit 14.4"
    assert case.evidence["url"] == "/service-levels/harbor/ingestion_latency/"
    assert len(window(harbor, "ingestion_latency").burning) > 1
    measured(harbor, now="03-10 12:00")
    case.refresh_from_db()
    assert case.is_open
    assert (
        "14.4" not in dict(case.evidence["lines"])["Burns"]
    )  # an hour without any, and still too fast
    measured(harbor, now="03-14 12:00")
    case.refresh_from_db()
    assert (case.state, case.resolution) == ("resolved", "It burns no faster than is allowed")
    assert CaseEvent.objects.filter(case=case, action="closed").count() == 1
    assert burning_cases().count() == 1


def test_a_customer_without_systems_opens_no_case(harbor):
    maris = Customer.objects.get(pk=harbor.site.maris)
    objectives.begin(maris)
    for n in range(40):
        leg(type(harbor)(pk=maris.pk), "ingest", f"03-10 08:{n:02}")
    measured(harbor, now="03-10 08:59")
    assert not burning_cases().filter(customer=maris).exists()


def test_a_month_that_is_quickly_measured_is_current_within_minutes(harbor):
    measured(harbor, now="03-12 09:00")
    orders(harbor, "ingest", 3, day="03-12")
    measured(harbor, now="03-12 09:04")
    assert window(harbor, "ingestion_latency").total == 0
    measured(harbor, now="03-12 09:06")
    assert window(harbor, "ingestion_latency").total == 3


def test_a_month_that_takes_long_is_measured_every_hour(harbor):
    measured(harbor, now="03-12 09:00")
    orders(harbor, "ingest", 3, day="03-12")
    ObjectiveWindow.objects.update(took=20)
    measured(harbor, now="03-12 09:50")
    assert window(harbor, "ingestion_latency").total == 0
    measured(harbor, now="03-12 10:01")
    assert window(harbor, "ingestion_latency").total == 3
