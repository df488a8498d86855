"""Promises in sealed statements: asked of `measure`, and the same whenever they are asked again."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring.domain import (
    exclusions,
    objectives,
    statement_again,
    statement_build,
    statement_check,
    statement_seal,
)
from monitoring.models import Exclusion, Leg, Outage, Statement, StatementEvidence
from portal.accounts.models import Person
from portal.core import clock
from portal.customers.models import Customer
from tests.monitoring.statement_scenery import without_triggers
from tests.people import sign_in
from tests.promises.scenery import at, leg, orders, outage, promised

pytestmark = [pytest.mark.db, pytest.mark.long]

SEALED = at("04-01 07:00")


def march(place):
    """300 orders in time, two that a warehouse held up, one that we did."""
    outage(place, place.house, "03-10 13:00", "03-10 20:00")
    orders(place, "transmit", 300, minutes=1, endpoint_id=place.house.pk)
    leg(place, "transmit", "03-10 12:50", "03-10 20:01", endpoint=place.house, number="SO-77")
    leg(place, "transmit", "03-10 13:30", "03-10 20:01", endpoint=place.house, number="SO-78")
    leg(place, "transmit", "03-12 13:00", "03-12 14:20", endpoint=place.house, number="SO-79")


def sealed(place, key="2026-03", moment=SEALED):
    with clock.freeze(moment):
        return statement_seal.seal(place.pk, key, actor="Ana")


def promise(told, sli):
    return next(one for one in told.said.promises if one.key == sli)


def again(told):
    return statement_again.recompute(Statement.objects.get(pk=told.pk))


def flaws(told):
    checks = statement_check.verify(Statement.objects.get(pk=told.pk))
    return {check.name: list(check.flaws) for check in checks if check.flaws}


@pytest.fixture
def told(harbor):
    march(harbor)
    return sealed(harbor)


def test_a_sealed_month_tells_what_measuring_tells(told):
    one = promise(told, "cutoff")
    assert (one.population, one.misses, one.misses_ours) == (303, 3, 1)
    assert (one.actual, one.attributable) == (Decimal("99.01"), Decimal("99.67"))  # 300, 302 of 303
    assert one.rule == "1"
    assert {one.key for one in told.said.promises} == set(objectives.USUAL)


def test_a_miss_is_told_by_its_order_and_by_who_held_it_up(told):
    late = [one for one in told.said.misses if one.promise == "cutoff"]
    assert [(one.subject, one.party, one.party_name, one.reason) for one in late] == [
        ("SO-77", "third_party", "Northwind", "Northwind could not be reached"),
        ("SO-78", "third_party", "Northwind", "Northwind could not be reached"),
        ("SO-79", "us", "", ""),
    ]
    assert late[0].evidence == (
        f"leg-{Leg.objects.get(number='SO-77').pk}", f"outage-{Outage.objects.get().pk}",
    )  # fmt: skip


def test_an_untouched_month_passes_and_comes_out_the_same(told):
    assert flaws(told) == {}
    assert again(told).same


def test_a_leg_that_was_touched_since_is_named_with_the_figures(told):
    touched = Leg.objects.get(number="SO-79")
    Leg.objects.filter(pk=touched.pk).update(ended_at=at("03-12 13:10"))
    found = again(told)
    assert not found.same
    moved = f"event leg-{touched.pk}: ended was 2026-03-12T14:20:00Z and is 2026-03-12T13:10:00Z."
    assert {f"Record cutoff {moved}", f"Record transmit_latency {moved}"} <= set(found.records)
    assert all(f"leg-{touched.pk}" in record for record in found.records)
    assert "promises[cutoff].actual was 99.01 and is 99.34." in found.figures  # 301 of 303
    assert f"misses[cutoff-leg-{touched.pk}] is gone" in " ".join(found.figures)


def test_a_sealed_leg_that_was_touched_is_named(told):
    row = told.evidence.get(kind="cutoff event", name=f"leg-{Leg.objects.get(number='SO-79').pk}")
    with without_triggers():
        StatementEvidence.objects.filter(pk=row.pk).update(
            fields={**row.fields, "ended": "2026-03-12T13:10:00Z"}
        )
    found = flaws(told)
    assert found["evidence"] == [
        f"Evidence cutoff event {row.name} was changed after it was sealed."
    ]
    assert "promises[cutoff].actual was 99.01 and is 99.34." in found["figures"]


def test_what_was_open_at_the_end_of_the_month_may_end_later(harbor):
    march(harbor)
    waits = leg(harbor, "transmit", "03-31 10:00", endpoint=harbor.house, number="SO-80")
    held = outage(harbor, harbor.house, "03-31 09:00")
    told = sealed(harbor)
    Leg.objects.filter(pk=waits.pk).update(ended_at=at("04-02 08:00"), outcome="done")
    Outage.objects.filter(pk=held.pk).update(ended_at=at("04-02 08:00"))
    assert again(told).same


def test_a_promise_that_changes_in_april_leaves_march_as_it_was(told, harbor):
    sign_in(harbor.site, "engineer")
    with clock.freeze(at("04-03 10:00")):
        old = promised(harbor, "cutoff")
        new = objectives.changed(old.promise, target=Decimal("0.999"), limits={}, judged_by="gross")
        objectives.change(
            old, new, since=at("04-01 00:00"), why="Agreed", person=Person.objects.get()
        )
    assert again(told).same


def test_hours_that_change_in_april_leave_march_as_it_was(told, harbor):
    Customer.objects.filter(pk=harbor.pk).update(calendar={"hours": {"mon": "08:00-09:00"}})
    with clock.freeze(at("04-03 10:00")):
        objectives.follow_hours(harbor.pk, actor="Ana")
        assert again(told).same


def test_agreed_time_is_told_and_agreeing_after_the_seal_does_not_count(harbor):
    march(harbor)
    sign_in(harbor.site, "engineer")
    sign_in(harbor.site, "admin")
    ana, ben = Person.objects.order_by("pk")

    def agree(begins, ends, moment):
        row = Exclusion(customer=harbor.customer, text="ERP update", begins_at=begins, ends_at=ends)
        with clock.freeze(moment):
            asked = exclusions.ask(row, person=ana)
            exclusions.approve(asked.pk, person=ben)

    agree(at("03-20 02:00"), at("03-20 02:40"), at("03-19 09:00"))
    agree(at("04-12 02:00"), at("04-12 03:00"), at("03-25 09:00"))
    told = sealed(harbor)
    assert [(one.minutes, one.reason) for one in told.said.exclusions] == [(40, "ERP update")]
    assert [one.text for one in told.said.planned] == ["ERP update"]
    with pytest.raises(exclusions.NotAgreedError, match="That month is sealed"):
        agree(at("03-12 13:00"), at("03-12 15:00"), at("04-01 10:00"))
    Exclusion.objects.create(
        customer=harbor.customer, text="Afterwards", begins_at=at("03-12 13:00"), ends_at=at("03-12 15:00"),
        asked_by=ana, asked_name=ana.name, decided_by=ben, decided_name=ben.name, state="approved",
        decided_at=at("04-01 10:00"),
    )  # fmt: skip
    assert again(told).same


def test_the_next_month_has_the_trend_of_this_one(told, harbor):
    orders(harbor, "transmit", 10, day="04-10", endpoint_id=harbor.house.pk)
    april = sealed(harbor, "2026-04", at("05-01 07:00"))
    assert [(p.at, p.value) for p in promise(april, "cutoff").trend] == [
        ("2026-03", Decimal("99.01")), ("2026-04", Decimal("100.00")),
    ]  # fmt: skip
    assert again(april).same
    assert flaws(april) == {}


def test_another_customers_promises_are_in_no_statement(harbor):
    march(harbor)
    objectives.begin(Customer.objects.get(pk=harbor.site.maris))
    with clock.freeze(SEALED):
        told = statement_seal.seal(harbor.site.maris, "2026-03")
    assert b"SO-77" not in told.content
    assert not told.evidence.filter(kind="cutoff event").exists()


def test_more_orders_take_no_more_queries(harbor):
    def queries():
        with CaptureQueriesContext(connection) as caught, clock.freeze(SEALED):
            statement_build.build(harbor.customer, "2026-03", as_of=SEALED)
        return len(caught)

    march(harbor)
    few = queries()
    orders(harbor, "transmit", 300, day="03-20", minutes=400, endpoint_id=harbor.house.pk)
    assert queries() == few


def test_a_month_of_many_orders_is_sealed_whole(harbor):
    for day in range(10, 30):
        orders(harbor, "transmit", 250, day=f"03-{day}", endpoint_id=harbor.house.pk)
    told = sealed(harbor)
    assert told.said.evidence.rows > 2 * 5000  # each counts for two promises
    assert flaws(told) == {}
