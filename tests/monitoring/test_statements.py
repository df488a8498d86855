"""Sealing a month, checking the seal, and making the statement again."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from integrations.models import ChangeRequest
from monitoring.domain import statement_again, statement_build, statement_check, statement_seal
from monitoring.domain.statement_period import NoSuchMonthError, due_at, last_over, month_of
from monitoring.domain.statement_seal import NotSealableError
from monitoring.models import (
    ExceptionCase,
    FixItem,
    Reconciliation,
    ReconRun,
    Statement,
    StatementAdjustment,
    StatementEvent,
    StatementEvidence,
)
from monitoring.seal import digest
from portal.core import clock
from portal.customers.models import Customer
from tests.monitoring.statement_scenery import MAY, april, month, sealed, without_triggers

pytestmark = pytest.mark.db


@pytest.fixture
def told(kestrel):
    """April of Harbor, sealed on 1 May."""
    month(kestrel.harbor)
    return sealed(kestrel.harbor)[0]


def flaws(statement):
    fresh = Statement.objects.get(pk=statement.pk)
    return {check.name: list(check.flaws) for check in statement_check.verify(fresh) if check.flaws}


def test_a_sealed_month_tells_what_was_saved_and_why_it_was_held(told):
    said = told.said
    assert (said.number, said.previous, said.period.key) == (1, "", "2026-04")
    assert said.delivered.orders == 2
    assert said.delivered.median_minutes == Decimal("11")  # of 8 and 14; the third came too late
    assert [(one.currency, one.amount) for one in said.delivered.worth] == [("USD", Decimal(201))]
    (cause,) = said.causes
    assert (cause.text, cause.documents) == ("Item TENT-OLD is not known", 3)
    assert cause.action == "We added the item to your list. Solved 8 Apr 13:00."
    assert [one.text for one in said.changes] == ["Lookup: sku. A new season"]


def test_an_untouched_seal_passes_every_check(told):
    checks = statement_check.verify(told)
    assert [check.name for check in checks] == [
        "content", "chain", "evidence", "figures", "adjustments",
    ]  # fmt: skip
    assert all(check.passed for check in checks)
    assert told.hash == digest(told.content)
    assert told.evidence.count() == told.said.evidence.rows == 5  # case, three saves, change


def test_making_it_again_gives_the_same_bytes(told):
    again = statement_again.recompute(Statement.objects.get(pk=told.pk))
    assert again.same
    assert again.content == told.content


def test_what_happened_since_does_not_count(told):
    with clock.freeze(datetime(2026, 6, 3, tzinfo=UTC)):
        customer = told.customer
        customer.name, customer.calendar = "Harbor International", {"hours": {"mon": "08:00-09:00"}}
        customer.save()
        ChangeRequest.objects.create(
            customer=customer, kind="lookup", key="uom", state="live", author_name="L. Holt",
            approved_at=clock.now(), published_at=clock.now(),
        )  # fmt: skip
        assert statement_again.recompute(Statement.objects.get(pk=told.pk)).same


def test_a_record_that_was_changed_since_is_named_with_the_figures_that_move(told):
    item = FixItem.objects.get(position=1)
    FixItem.objects.filter(pk=item.pk).update(amount=Decimal("99.5"))
    again = statement_again.recompute(told)
    assert not again.same
    assert again.records == (f"Record save {item.fix_id}/1: amount was 100.5 and is 99.5.",)
    assert again.figures == ("delivered.worth[0].amount was 201 and is 200.",)


def test_a_record_that_is_gone_or_new_is_named(told):
    item = FixItem.objects.get(position=0)
    FixItem.objects.filter(pk=item.pk).update(outcome="taken_back")
    ChangeRequest.objects.create(
        customer=told.customer, kind="lookup", key="uom", state="live", author_name="L. Holt",
        approved_at=april(3), published_at=april(3),
    )  # fmt: skip
    again = statement_again.recompute(told)
    assert f"Record save {item.fix_id}/0 is gone." in again.records
    assert any(
        one.startswith("Record change CR-") and one.endswith(" is new.") for one in again.records
    )
    assert "delivered.orders was 2 and is 1." in again.figures


def test_another_process_makes_the_same_bytes(told):
    """The same content, read back and assembled by a process that knows nothing of this one."""
    script = (
        "import sys; from monitoring.seal import canonical, digest;"
        "from monitoring.statements.reading import read;"
        "print(digest(canonical(read(sys.stdin.buffer.read()))))"
    )
    told_by = subprocess.run(
        [sys.executable, "-c", script], input=told.content, capture_output=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert told_by.stdout.decode().strip() == told.hash


TOUCHES = {
    "changed": lambda row: StatementEvidence.objects.filter(pk=row.pk).update(
        fields={**row.fields, "amount": "9000"}
    ),
    "removed": lambda row: StatementEvidence.objects.filter(pk=row.pk).delete(),
}


@pytest.mark.parametrize("touch", TOUCHES)
def test_a_touched_row_of_evidence_is_named_and_only_that(told, touch):
    row = told.evidence.filter(kind="save")[1]
    with without_triggers():
        TOUCHES[touch](row)
    found = flaws(told)
    assert found["evidence"] == [f"Evidence save {row.name} was {touch} after it was sealed."]
    assert any(one.startswith("delivered.worth[0].amount was 201 ") for one in found["figures"])


def test_an_added_row_of_evidence_is_named(told):
    with without_triggers():
        StatementEvidence.objects.create(
            statement=told, customer=told.customer, kind="save", name="x/9", fields={}
        )
    assert flaws(told)["evidence"] == [
        "Evidence save x/9 was added after the statement was sealed."
    ]


def test_a_touched_figure_is_named_with_its_statement(told):
    with without_triggers():
        better = told.content.replace(b'"orders":2', b'"orders":3')
        Statement.objects.filter(pk=told.pk).update(content=better)
    assert flaws(told) == {
        "content": ["The content of April 2026 was changed after it was sealed."],
        "figures": ["delivered.orders was 3 and is 2."],
    }


def test_months_are_chained_and_a_removed_one_is_missed(kestrel):
    march, middle, may = sealed(kestrel.harbor, "2026-03", "2026-04", "2026-05")
    assert [march.number, middle.number, may.number] == [1, 2, 3]
    assert (march.previous, middle.previous, may.previous) == ("", march.hash, middle.hash)
    with without_triggers():
        StatementEvent.objects.filter(statement=middle).delete()
        Statement.objects.filter(pk=middle.pk).delete()
    assert flaws(may) == {"content": ["Between March 2026 and May 2026 a statement is missing."]}


def test_the_trend_comes_from_what_was_sealed_before(kestrel):
    chain = sealed(kestrel.harbor, "2026-03", "2026-04")
    assert all(statement_again.recompute(one).same for one in chain)


def test_each_customer_has_a_chain_of_their_own(kestrel):
    (harbor,), (maris,) = sealed(kestrel.harbor), sealed(kestrel.maris)
    assert (harbor.number, maris.number) == (1, 1)
    assert maris.previous == ""
    assert flaws(harbor) == flaws(maris) == {}


@pytest.mark.parametrize(
    "touch",
    [
        lambda told: Statement.objects.filter(pk=told.pk).update(content=b"{}"),
        lambda told: Statement.objects.filter(pk=told.pk).update(state="draft"),
        lambda told: Statement.objects.filter(pk=told.pk)._raw_delete("default"),
        lambda told: told.evidence.update(fields={}),
        lambda told: told.evidence.all()._raw_delete("default"),
        lambda told: StatementEvidence.objects.create(
            statement=told, customer_id=told.customer_id, kind="save", name="x", fields={}
        ),
        lambda told: told.events.update(actor="Nobody"),
        lambda told: told.events.all()._raw_delete("default"),
    ],
)
def test_the_database_refuses_to_touch_what_is_sealed(told, touch):
    with pytest.raises(IntegrityError, match="sealed"), transaction.atomic():
        touch(told)
    assert flaws(told) == {}


def test_a_month_is_sealed_once_in_its_order_and_when_it_is_over(kestrel):
    sealed(kestrel.harbor, "2026-04")
    with clock.freeze(MAY):
        with pytest.raises(NotSealableError, match="April 2026 is sealed already"):
            statement_seal.seal(kestrel.harbor, "2026-04")
        with pytest.raises(NotSealableError, match="in their order"):
            statement_seal.seal(kestrel.harbor, "2026-03")
        with pytest.raises(
            NoSuchMonthError, match="May 2026 is not over. It ends 1 June 2026, 00:00, UTC"
        ):
            statement_seal.seal(kestrel.harbor, "2026-05")
        with pytest.raises(NoSuchMonthError, match="April is no month"):
            statement_seal.seal(kestrel.harbor, "April")
    assert Statement.objects.count() == 1


def test_a_draft_is_made_anew_until_it_is_sealed(kestrel):
    customer = Customer.objects.get(pk=kestrel.harbor)
    with clock.freeze(MAY):
        draft = statement_build.draft(customer, "2026-04")
        month(kestrel.harbor)
        renewed = statement_build.draft(customer, "2026-04")
        with pytest.raises(ValueError, match="has no seal"):
            statement_check.verify(renewed)
        made = statement_seal.seal(kestrel.harbor, "2026-04")
    assert draft.pk == renewed.pk == made.pk
    assert draft.said.delivered.orders == 0
    assert renewed.said.delivered.orders == made.said.delivered.orders == 2


def test_a_case_that_was_open_at_the_seal_stays_so_in_it(kestrel):
    case = month(kestrel.harbor)
    ExceptionCase.objects.filter(pk=case.pk).update(closed_at=datetime(2026, 5, 2, tzinfo=UTC))
    (told,) = sealed(kestrel.harbor)
    assert told.said.causes[0].action.endswith("Not solved yet.")


def test_the_month_is_the_customers_own():
    period = month_of("2026-11", "America/Los_Angeles")
    assert period.begins == datetime(2026, 11, 1, 7, tzinfo=UTC)  # UTC−7 before the clocks change
    assert period.ends == datetime(2026, 12, 1, 8, tzinfo=UTC)  # UTC−8 after
    assert month_of("2026-12", "UTC").ends == datetime(2027, 1, 1, tzinfo=UTC)


def test_it_is_due_when_the_first_business_day_begins(kestrel):
    customer = Customer.objects.get(pk=kestrel.harbor)
    customer.time_zone = "America/Los_Angeles"
    period = month_of("2026-02", customer.time_zone)  # 1 March 2026 is a Sunday
    due = due_at(customer, period).astimezone(ZoneInfo(customer.time_zone))
    assert (due.day, due.hour) == (2, 7)


def test_the_last_month_over_is_by_the_customers_clock(kestrel):
    customer = Customer.objects.get(pk=kestrel.harbor)
    with clock.freeze(datetime(2026, 5, 1, 5, tzinfo=UTC)):  # in Los Angeles it is still April
        assert last_over(customer).key == "2026-04"
        customer.time_zone = "America/Los_Angeles"
        assert last_over(customer).key == "2026-03"
    with clock.freeze(datetime(2026, 1, 9, tzinfo=UTC)):
        assert last_over(customer).key == "2025-12"


def test_comparisons_of_the_month_are_told(kestrel):
    stock = Reconciliation.objects.create(
        customer_id=kestrel.harbor, label="Stock, ERP against Reno", kind="inventory"
    )

    def ran(day, *, light=False, **counts):
        ReconRun.objects.create(
            reconciliation=stock, version=1, trigger="nightly", light=light, state="done",
            at=april(day, 2), began_at=april(day, 2), ended_at=april(day, 2, 5), counts=counts,
            figures={"off_value": "123.00"},
        )  # fmt: skip

    ran(3, match=800, in_tolerance=5, variance=5, oversell_risk=2)
    ran(4, match=800, in_tolerance=6, in_flight=1, variance=3)
    ran(4, light=True, match=10)
    (told,) = sealed(kestrel.harbor)
    (one,) = told.said.reconciliation
    assert (one.name, one.runs, one.compared, one.matched) == (
        "Stock, ERP against Reno", 2, 1620, 1611,
    )  # 810 + 810; 805 + 806  # fmt: skip
    assert (one.open, one.worth) == (3, Decimal(123))  # of the last run
    ran(5, match=1)  # looked at in May, of a day in April
    ReconRun.objects.filter(at=april(5, 2)).update(ended_at=datetime(2026, 5, 2, tzinfo=UTC))
    assert statement_again.recompute(told).same


def test_another_customers_records_are_in_no_statement(kestrel):
    month(kestrel.maris)
    (told,) = sealed(kestrel.harbor)
    assert (told.said.delivered.orders, told.said.causes) == (0, ())
    assert b"TENT-OLD" not in told.content
    assert StatementAdjustment.objects.count() == 0
