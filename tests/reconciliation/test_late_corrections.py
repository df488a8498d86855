"""What is corrected once is booked once, whatever runs and other people do meanwhile."""

import pytest

from integrations.domain import approval
from monitoring.domain import reconcile_correct, reconcile_define, reconcile_run
from monitoring.domain.states import NotNowError
from monitoring.models import Break, Correction, Reconciliation, ReconRun
from portal.accounts.models import Person
from tests import pipeline
from tests.pages.scenery import page, texts
from tests.reconciliation.conftest import only_break, run, twice
from tests.reconciliation.test_corrections import large, small

pytestmark = [pytest.mark.db, pytest.mark.long]


def finish(one: Reconciliation) -> None:
    while reconcile_run.step(one.pk).done:
        pass


def test_a_run_that_finds_no_difference_ends_what_was_asked_for(house, ana, ben):
    one, found = large(house)
    before = house.erp_stock()
    asked = reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    house.book(-5)
    run(one)
    asked.refresh_from_db()
    assert (asked.state, asked.approver_name) == ("refused", "")
    assert asked.outcome.endswith("UTC found no difference any more.")
    with pytest.raises(NotNowError, match="refused already.*found no difference any more"):
        reconcile_correct.approve(asked.pk, actor=ben)
    pipeline.run(house.customer_id)
    assert house.erp_stock() == before - 5


def test_a_run_that_finds_another_gap_ends_what_was_asked_for(house, ana, ben):
    one, found = large(house)
    asked = reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    house.book(-1)  # -5 + 1 = -4
    run(one)
    asked.refresh_from_db()
    assert asked.state == "refused"
    assert asked.outcome.endswith("UTC found -4 and no longer -5. Look again, and ask for that.")
    again = reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    assert (again.state, again.quantity) == ("done", "-4")  # 4 × 61.50 = 246.00, below 250


def test_the_same_gap_once_more_leaves_what_was_asked_for(house, ana, ben):
    one, found = large(house)
    asked = reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    run(one)
    assert reconcile_correct.approve(asked.pk, actor=ben).state == "done"


@pytest.mark.parametrize(
    ("status", "said"),
    [("closed", "is over"), ("corrected", "corrected already"), ("accepted", "was accepted")],
)
def test_nothing_is_let_through_for_what_is_seen_to(house, ana, ben, status, said):
    _, found = large(house)
    asked = reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    Break.objects.update(status=status)
    before = house.erp_stock()
    with pytest.raises(NotNowError, match=said):
        reconcile_correct.approve(asked.pk, actor=ben)
    pipeline.run(house.customer_id)
    assert house.erp_stock() == before
    asked.refresh_from_db()
    assert (asked.state, asked.approver_name) == ("asked", "")


def test_what_was_accepted_is_corrected_only_once_it_differs_otherwise(house, ana, ben):
    one, found = large(house)
    lent = reconcile_correct.ask(found.pk, "accept", actor=ana, reason="Lent")
    reconcile_correct.approve(lent.pk, actor=ben)
    with pytest.raises(NotNowError, match="It was accepted as it is. It opens again as soon as"):
        reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Lost")
    house.book(-1)  # -5 + 1 = -4
    twice(one)
    assert reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Lost").state == "done"


def test_a_run_that_looked_before_the_correction_says_nothing_of_it(house, ana):
    one, found = small(house)
    before = house.erp_stock()
    reconcile_run.begin(one, "person")
    reconcile_run.step(one.pk)  # the ERP was asked
    reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    finish(one)
    now = only_break(one)
    assert (now.status, now.is_back) == ("corrected", False)
    with pytest.raises(NotNowError, match="corrected already"):
        reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    pipeline.run(house.customer_id)
    assert house.erp_stock() == before - 2
    run(one)
    assert Break.objects.get().status == "closed"


def test_a_run_that_looked_before_leaves_what_was_accepted(house, ana, monkeypatch):
    one, found = small(house)
    compare = reconcile_run._COMPARING["inventory"]

    def accepted_meanwhile(scope):
        found_ = compare(scope)
        reconcile_correct.ask(found.pk, "accept", actor=ana, reason="Lent")
        return found_

    monkeypatch.setitem(reconcile_run._COMPARING, "inventory", accepted_meanwhile)
    run(one)
    assert only_break(one).status == "accepted"


def test_what_is_left_after_a_part_was_adjusted_is_open_again(house, ana):
    one, found = small(house)
    reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="One is lost", quantity="-1")
    pipeline.run(house.customer_id)
    twice(one)
    assert (only_break(one).status, only_break(one).gap) == ("open", "-1")
    rest = reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="The other, too")
    assert (rest.state, rest.quantity) == ("done", "-1")


def again(house, **content) -> Reconciliation:
    return reconcile_define.create(
        house.customer,
        label="Again",
        content={"kind": "inventory", "sides": house.sides, **content},
        actor="E. Ngineer",
    )


@pytest.mark.parametrize("keys", [["location", "sku"], ["sku"]])
def test_a_gap_that_two_reconciliations_see_is_booked_once(house, ana, ben, keys):
    _, found = small(house)
    other = again(house, keys=keys)
    twice(other)
    before = house.erp_stock()
    done = reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    second = only_break(other)
    said = f"Adjustment {done.reference} of -2 was booked for it at .* over {found.label}, after"
    with pytest.raises(NotNowError, match=said):
        reconcile_correct.ask(second.pk, "adjust", actor=ben, reason="Counted")
    pipeline.run(house.customer_id)
    assert house.erp_stock() == before - 2
    run(other)
    assert Break.objects.get(pk=second.pk).status == "closed"


def test_a_gap_booked_by_another_reconciliation_is_not_let_through(house, ana, ben):
    _, found = large(house)
    other = again(house)
    twice(other)
    waiting = reconcile_correct.ask(only_break(other).pk, "adjust", actor=ana, reason="Counted")
    first = reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    reconcile_correct.approve(first.pk, actor=ben)
    with pytest.raises(NotNowError, match="was booked for it at"):
        reconcile_correct.approve(waiting.pk, actor=ben)


def test_an_adjustment_has_the_sign_of_the_gap(house, ana):
    _, found = small(house)
    with pytest.raises(NotNowError, match="The gap is -2, and 2 would widen it. Turn the sign."):
        reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted", quantity="2")
    assert not Correction.objects.exists()


def test_what_has_no_price_needs_a_second_person(operator, house, ana, ben):
    house.count({"MUG-12": 1})  # no product says what a mug is worth
    one = house.define()
    twice(one)
    found = only_break(one)
    shown = page(operator.get(f"/reconciliation/breaks/{found.pk}/"))
    said = "Nobody knows what this is worth, so it needs a second person."
    assert said in texts(shown, "aside p")
    assert "not known" in texts(shown, "aside dd")
    asked = reconcile_correct.ask(found.pk, "adjust", actor=ana, reason="Counted")
    assert asked.state == "asked"
    with pytest.raises(NotNowError, match="Somebody else .* nobody knows what it is worth"):
        reconcile_correct.approve(asked.pk, actor=ana)
    assert reconcile_correct.approve(asked.pk, actor=ben).state == "done"


def test_one_person_is_enough_without_a_price_where_the_customer_says_so(house, ana):
    house.count({"MUG-12": 1})
    one = house.define()
    twice(one)
    policy = {**approval.policy_of(house.customer), approval.STOCK: approval.ONE}
    approval.set_policy(house.customer, policy, actor="A. Dmin")
    assert (
        reconcile_correct.ask(only_break(one).pk, "adjust", actor=ana, reason="Counted").state
        == "done"
    )


LIMITS = {"value_limit": "99999.00", "interval_minutes": "15", "agreeing_runs": "2", "piece": "0",
          "weight_share": "1"}  # fmt: skip


def test_whoever_raises_the_limit_lets_nothing_through_that_lies_there(engineer, house, ben):
    one, found = large(house)
    engineer.post(f"/reconciliation/{one.pk}/limits/", LIMITS)
    address = f"/reconciliation/breaks/{found.pk}/"
    assert "more than $250.00 needs" in " ".join(texts(page(engineer.get(address)), "aside p"))
    body = {"adjust-quantity": "-5", "adjust-reason": "Mine"}
    assert engineer.post(f"{address}correct/adjust/", body).status_code == 302
    assert Correction.objects.get().state == "asked"


def test_a_raised_limit_holds_from_the_next_run_on(house, ben):
    one, found = large(house)
    content = one.versions.first().content
    reconcile_define.change(one.pk, {**content, "value_limit": "99999"}, actor=ben.name)
    run(Reconciliation.objects.get())
    assert reconcile_correct.ask(found.pk, "adjust", actor=ben, reason="Counted").state == "done"


def test_without_its_run_a_break_is_judged_by_the_limit_of_its_time(house, ben):
    one, found = large(house)
    content = one.versions.first().content
    reconcile_define.change(one.pk, {**content, "value_limit": "99999"}, actor=ben.name)
    ReconRun.objects.all().delete()
    assert reconcile_correct.ask(found.pk, "adjust", actor=ben, reason="Counted").state == "asked"


def test_the_versions_say_who_raised_the_limit(engineer, operator, house):
    one = house.define()
    engineer.post(f"/reconciliation/{one.pk}/limits/", LIMITS)
    engineer.post(f"/reconciliation/{one.pk}/limits/", {**LIMITS, "piece": "1"})
    shown = page(operator.get(f"/reconciliation/{one.pk}/"))
    assert texts(shown, "#versions dt") == ["Version 3", "Version 2", "Version 1"]
    third, second, first = texts(shown, "#versions dd")
    who = Person.objects.get(email="engineer@kestrel.test").name
    assert second.startswith(f"{who}, ")
    assert second.endswith(": limit $250.00 → $99,999.00")
    assert third.endswith(": limit $99,999.00")
    assert first.startswith("E. Ngineer, ") and first.endswith(": limit $250.00")


def test_a_tolerance_written_with_an_exponent_is_kept(engineer, house):
    one = house.define()
    answer = engineer.post(f"/reconciliation/{one.pk}/limits/", {**LIMITS, "piece": "1e2"})
    assert answer.status_code == 302
    assert one.versions.first().content["tolerances"]["piece"] == {"share": "0", "least": "100"}
