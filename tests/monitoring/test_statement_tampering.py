"""What stands beside a seal, and what happens after it."""

from datetime import UTC, datetime

import pytest

from monitoring.domain import exclusions, statement_again, statement_check
from monitoring.models import Exclusion, Statement, StatementEvidence
from portal.core import clock
from tests.monitoring.statement_scenery import april, month, sealed, without_triggers

pytestmark = pytest.mark.db


def exchanged(first, second):
    """Whole statements under each other's customer, as only the owner of the database could."""
    with without_triggers():
        rows = Statement.objects
        rows.filter(pk=first.pk).update(period="2000-01", number=99)
        rows.filter(pk=second.pk).update(customer=first.customer_id)
        rows.filter(pk=first.pk).update(
            customer=second.customer_id, period=second.period, number=second.number
        )
        StatementEvidence.objects.filter(statement=first).update(customer=second.customer_id)
        StatementEvidence.objects.filter(statement=second).update(customer=first.customer_id)


def flaws(one):
    found = statement_check.verify(Statement.objects.get(pk=one.pk))
    return [flaw for check in found for flaw in check.flaws]


def test_statements_that_were_exchanged_between_customers_are_found(kestrel):
    month(kestrel.harbor)
    (harbors,), (mariss,) = sealed(kestrel.harbor), sealed(kestrel.maris)
    assert flaws(harbors) == flaws(mariss) == []
    exchanged(harbors, mariss)
    assert flaws(harbors) == ["It is kept under the customer maris; its content says harbor."]
    assert flaws(mariss) == ["It is kept under the customer harbor; its content says maris."]


def test_another_month_beside_the_seal_is_found(kestrel):
    (told,) = sealed(kestrel.harbor)
    with without_triggers():
        Statement.objects.filter(pk=told.pk).update(period="2026-06")
    assert flaws(told) == ["It is kept under the month 2026-06; its content says 2026-04."]


def test_what_is_ended_after_the_seal_changes_no_month_before(kestrel, ana, ben):
    weekly = {"zone": "UTC", "weekday": 2, "at": 120, "minutes": 60, "since": "2026-04-22"}
    with clock.freeze(april(20)):
        row = Exclusion(customer_id=kestrel.harbor, text="ERP", recurs=weekly)
        exclusions.approve(exclusions.ask(row, person=ana).pk, person=ben)
    (told,) = sealed(kestrel.harbor)
    assert len(told.said.planned) == 4  # Wednesdays of May, from the seal on
    with clock.freeze(datetime(2026, 5, 4, tzinfo=UTC)):
        exclusions.end(row.pk, person=ben)
        assert statement_again.recompute(told).same
