"""What people do about a break, and who has to let it through."""

import pytest

from integrations.domain import approval, changes
from monitoring.domain import reconcile_correct
from monitoring.domain.states import NotNowError
from monitoring.models import Break, Correction, ExceptionCase
from tests import pipeline
from tests.reconciliation.conftest import only_break, run, twice
from tests.reconciliation.test_order_runs import define as define_orders

pytestmark = [pytest.mark.db, pytest.mark.long]


def small(house):
    """A gap of 2 × 61.50 = 123.00, below the limit of 250."""
    house.count({"TENT-2P": -2})
    one = house.define()
    twice(one)
    return one, only_break(one)


def large(house):
    """A gap of 5 × 61.50 = 307.50, above it."""
    house.count({"TENT-2P": -5})
    one = house.define()
    twice(one)
    return one, only_break(one)


def test_an_adjustment_goes_to_the_erp_with_its_reason_and_the_next_run_closes(house, ana):
    one, found = small(house)
    before = house.erp_stock()
    done = reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted twice on 2 March")
    assert (done.state, done.quantity, done.reference) == ("done", "-2", f"RECON-{done.pk}")
    assert done.outcome == f"Adjustment RECON-{done.pk} of -2 is on its way to ERP"
    assert only_break(one).status == "corrected"
    pipeline.run(house.customer_id)
    assert house.erp_stock() == before - 2
    booked = house.erp.rows("SELECT reference, site, qty, reason FROM stock_journal")
    assert [tuple(row.values()) for row in booked] == [
        (f"RECON-{done.pk}", "RNO1", -2, "Counted twice on 2 March")
    ]
    run(one)
    assert Break.objects.get().status == "closed"
    assert ExceptionCase.objects.get().state == "resolved"


def test_the_same_gap_after_its_correction_is_a_root_cause(house, ana):
    one, found = small(house)
    reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    pipeline.run(house.customer_id)
    run(one)
    house.book(2)
    twice(one)
    back = only_break(one)
    assert (back.is_back, back.status) == (True, "open")
    case = ExceptionCase.objects.get()
    assert (case.state, case.severity) == ("regressed", 2)
    assert "Came back" in dict(case.evidence["lines"])


def test_above_the_limit_somebody_else_lets_it_through(house, ana, ben):
    one, found = large(house)
    asked = reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    assert (asked.state, only_break(one).status) == ("asked", "open")
    with pytest.raises(NotNowError, match="Somebody else has to let this through"):
        reconcile_correct.approve(asked.pk, actor=ana)
    done = reconcile_correct.approve(asked.pk, actor=ben)
    assert (done.state, done.approver_name) == ("done", ben.name)
    pipeline.run(house.customer_id)
    assert len(house.erp.rows("SELECT * FROM stock_journal")) == 1
    with pytest.raises(NotNowError, match="It is done already"):
        reconcile_correct.approve(asked.pk, actor=ben)


def test_a_customer_may_let_one_person_do_it(house, ana):
    _, found = large(house)
    policy = {**approval.policy_of(house.customer), approval.STOCK: approval.ONE}
    approval.set_policy(house.customer, policy, actor="A. Dmin")
    assert reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted").state == "done"


def test_a_refused_correction_can_be_asked_for_again(house, ana, ben):
    _, found = large(house)
    asked = reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    with pytest.raises(NotNowError, match="waits for approval already"):
        reconcile_correct.ask(found.pk, "adjust", actor=ben, reason="Counted")
    refused = reconcile_correct.refuse(asked.pk, actor=ben, reason="Count again")
    assert (refused.state, refused.outcome) == ("refused", "Count again")
    assert reconcile_correct.ask(found.pk, "accept", actor=ana, reason="Let it be").state == "asked"


def test_what_was_asked_for_another_gap_is_not_let_through(house, ana, ben):
    _, found = large(house)
    asked = reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    Break.objects.update(gap="-6")
    with pytest.raises(NotNowError, match="The difference has changed"):
        reconcile_correct.approve(asked.pk, actor=ben)


def test_without_a_flow_there_is_nothing_to_post_over(house, ana):
    _, found = small(house)
    house.books.flows_in.filter(object_type="adjustment").delete()
    changes.touch(house.customer_id)
    failed = reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    assert (failed.state, "No flow brings adjustments" in failed.outcome) == ("failed", True)
    assert Break.objects.get().status == "open"


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        ("many", "is no quantity"),
        ("1e3000000", "is no quantity"),
        ("-3", "between 0 and the gap of −2"),
        ("0", "between 0"),
    ],
)
def test_a_quantity_that_cannot_be_is_refused(house, ana, quantity, said):
    _, found = small(house)
    with pytest.raises(NotNowError, match=said):
        reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted", quantity=quantity)
    assert not Correction.objects.exists()


def test_a_part_of_the_gap_may_be_adjusted(house, ana):
    _, found = small(house)
    done = reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="One is lost", quantity="−1")
    assert done.quantity == "-1"


def test_an_accepted_gap_is_silent_until_it_changes(house, ana):
    one, found = small(house)
    reconcile_correct.ask(found.pk, "accept", actor=ana, reason="Two are lent to the fair")
    run(one)
    assert (Break.objects.get().status, ExceptionCase.objects.get().state) == (
        "accepted",
        "resolved",
    )
    house.book(1)
    twice(one)
    assert (Break.objects.get().status, Break.objects.get().gap) == ("open", "-3")
    assert ExceptionCase.objects.get().state == "regressed"


def test_a_correction_needs_its_reason_and_has_to_help(house, ana):
    _, found = small(house)
    with pytest.raises(NotNowError, match="Say in a sentence why"):
        reconcile_correct.ask(found.pk, "adjust", actor=ana, reason=" ")
    with pytest.raises(NotNowError, match="does not help against this"):
        reconcile_correct.ask(found.pk, "reingest", actor=ana, reason="Try")


def test_an_order_the_erp_lost_is_sent_again(house, ana):
    house.count()
    house.order("1001", ("TENT-2P", 2))
    house.erp.rows("DELETE FROM sales_order_line")
    house.erp.rows("DELETE FROM sales_order")
    one = define_orders(house)
    twice(one)
    done = reconcile_correct.ask(only_break(one).pk, "resend", actor=ana, reason="It was deleted")
    assert done.outcome == "1001 is on its way to ERP again"
    pipeline.run(house.customer_id)
    assert len(house.erp.orders("1001")) == 1
    run(one)
    assert Break.objects.get().status == "closed"
