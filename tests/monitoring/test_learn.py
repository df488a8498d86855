"""Rules out of remedies: what is worth one, what it would have done, and where else it may help."""

from datetime import timedelta

import pytest

from integrations.models import LookupRow
from monitoring import tasks
from monitoring.domain import fixing, learn, rule_evidence
from monitoring.domain.deeds import NotDoneError
from monitoring.models import Fix, FixItem, RemedyRule
from portal.customers.models import Customer
from tests import pipeline
from tests.monitoring.conftest import hold, place
from tests.monitoring.lanes import settle
from tests.monitoring.rule_scenery import TERMS, WORDS, rule, solve

pytestmark = [pytest.mark.db, pytest.mark.long]


@pytest.fixture
def rialto(kestrel, sink):
    customer = Customer.objects.create(slug="rialto", name="Rialto Tools")
    return place(customer.pk, sink, prefix="rialto-")


@pytest.fixture
def thrice(harbor, maris, rialto, ana, sink):
    """The same row added for three customers."""
    return [solve(hold(where, "1001"), ana) for where in (harbor, maris, rialto)]


def try_all(one: RemedyRule) -> RemedyRule:
    while rule_evidence.try_next(one.pk):
        pass
    one.refresh_from_db()
    return one


def test_a_row_added_for_three_customers_is_proposed(thrice):
    (found,) = learn.proposals()
    assert (found.fix, found.times) == (thrice[2], 3)
    assert found.customers == ["Harbor Outfitters", "Maris Foods", "Rialto Tools"]


def test_twice_is_not_often(harbor, maris, ana, sink):
    for where in (harbor, maris):
        solve(hold(where, "1001"), ana)
    assert learn.proposals() == []


@pytest.mark.parametrize(
    "change",
    [
        {"created_at": "2020-01-01T00:00:00Z"},
        {"undone_at": "2026-03-02T09:00:00Z", "state": "undone"},
        {"terms": {**TERMS, "value": "TENT-3P"}},
        {"terms": {**TERMS, "table": "other"}},
        {"remedy": "edit"},
    ],
)
def test_old_undone_and_other_remedies_are_not_counted(thrice, change):
    Fix.objects.filter(pk=thrice[0].pk).update(**change)
    assert learn.proposals() == []


def test_one_that_was_undone_speaks_against_however_many_were_not(thrice, harbor, ana):
    LookupRow.objects.filter(table=harbor.table, code="TENT-OLD").delete()
    fix = solve(hold(harbor, "1002"), ana)
    assert learn.proposals()[0].times == 4
    fixing.undo(fix.pk, person=ana)
    settle(fix)
    assert learn.proposals() == []


def test_what_held_documents_again_did_not_help(thrice):
    FixItem.objects.filter(fix=thrice[0]).update(outcome="held")
    assert learn.proposals() == []


def test_capitals_of_a_code_make_no_other_remedy(thrice):
    Fix.objects.filter(pk=thrice[0].pk).update(terms={**TERMS, "code": "tent-old", "insist": True})
    assert learn.proposals()[0].times == 3


def test_skips_are_proposed_by_reason_and_place_and_not_by_value(harbor, ana, sink):
    for sku in ("X-1", "X-2", "X-3"):
        solve(hold(harbor, f"1-{sku}", sku=sku), ana, remedy="skip", value="test order")
    solve(hold(harbor, "9", sku="X-4"), ana, remedy="skip", value="sent twice")
    (found,) = learn.proposals()
    assert (found.fix.words, found.times) == ("Skipped: test order", 3)
    made = learn.propose(found.fix.pk, ana, scope="customer")
    assert (made.code, made.path, made.value) == ("unknown_sku", "lines[].sku", "")
    assert made.terms == {"reason": "test order"}


@pytest.mark.parametrize("state", ["proposed", "suggesting", "acting", "off"])
def test_what_has_a_rule_is_not_proposed_again(thrice, state):
    rule(state)
    assert learn.proposals() == []


def test_a_rule_of_one_customer_leaves_the_others_to_be_proposed(thrice, harbor, kestrel):
    rule("suggesting", customer_id=kestrel.harbor)
    assert learn.proposals() == []  # two others are not often
    rule("suggesting", customer_id=kestrel.harbor, value="ELSE")
    assert learn.proposals() == []


def test_a_proposed_rule_tells_what_it_would_have_done_and_would_do_now(
    thrice, harbor, maris, ana, sink
):
    LookupRow.objects.filter(code="TENT-OLD").delete()
    solve(hold(harbor, "1002"), ana, remedy="skip", value="cancelled by phone")
    hold(maris, "2001", "2002")
    sent = len(sink.taken)
    made = learn.propose(thrice[2].pk, ana, scope="all")
    assert (made.state, made.customer, made.proposer) == ("proposed", None, ana)
    assert (made.code, made.path, made.value, made.words) == ("unknown_sku", "", "TENT-OLD", WORDS)
    assert made.evidence["past"] == {
        "days": 90, "cases": 2, "documents": 2,
        "right": 1, "otherwise": 1, "undone": 0, "alone": 0,
    }  # fmt: skip
    try_all(made)
    assert made.evidence["words"] == [
        "It would have acted on 2 cases in the last 90 days, with 2 documents: 1 resolved the same"
        " way, 1 resolved otherwise.",
        "Open now: 1 case, 2 documents; 2 pass, 0 fail.",
    ]
    assert [(one["customer"], one["pass"]) for one in made.evidence["now"]] == [("Maris Foods", 2)]
    assert len(sink.taken) == sent
    assert not LookupRow.objects.filter(code="TENT-OLD").exists()
    assert made.steps.get().text == "Proposed for all customers"


def test_what_would_fail_now_is_told_with_its_reason(thrice, harbor, ana):
    LookupRow.objects.filter(table=harbor.table, code="TENT-OLD").delete()
    body = pipeline.order("1002", sku="TENT-OLD")
    body["lines"].append({**body["lines"][0], "line_no": "2", "sku": "GONE-1"})
    pipeline.store(harbor.shop, body)
    hold(harbor, "1003")
    made = try_all(learn.propose(thrice[2].pk, ana, scope="all"))
    assert made.evidence["words"][1] == "Open now: 1 case, 2 documents; 1 passes, 1 fails."
    ((reason, count),) = made.evidence["reasons"].items()
    assert ("GONE-1" in reason, count) == (True, 1)


def test_a_case_that_breaks_the_trial_is_passed_over_and_told(thrice, harbor, ana):
    LookupRow.objects.filter(table=harbor.table, code="TENT-OLD").delete()
    hold(harbor, "1002")
    made = learn.propose(thrice[2].pk, ana, scope="all")
    RemedyRule.objects.filter(pk=made.pk).update(terms={})  # no trial can be made of this
    assert tasks.rule_trial_lane(str(made.pk)) == (1, None)
    made.refresh_from_db()
    assert made.evidence["left"] == []
    assert made.evidence["reasons"] == {"it could not be tried, over an error of ours": 1}
    assert tasks.rule_trial_lane(str(made.pk)) == (0, None)


def test_a_value_that_is_no_product_there_fails_there(thrice, harbor, ana):
    LookupRow.objects.filter(table=harbor.table, code="TENT-OLD").delete()
    harbor.table.default = "master"
    harbor.table.save()
    hold(harbor, "1002")
    made = try_all(learn.propose(thrice[2].pk, ana, scope="all"))
    assert made.evidence["words"][1] == "Open now: 1 case, 1 document; 0 pass, 1 fails."
    assert list(made.evidence["reasons"].values()) == [1]


def test_a_rule_for_one_customer_looks_at_that_customer_only(thrice, harbor, maris, ana, kestrel):
    LookupRow.objects.filter(code="TENT-OLD").delete()
    hold(harbor, "1002")
    hold(maris, "2001")
    made = try_all(learn.propose(thrice[0].pk, ana, scope="customer"))
    assert (made.customer_id, made.evidence["past"]["cases"]) == (kestrel.harbor, 0)
    assert [one["customer"] for one in made.evidence["now"]] == ["Harbor Outfitters"]


def test_of_one_remedy_there_is_one_rule(thrice, ana):
    learn.propose(thrice[2].pk, ana, scope="all")
    with pytest.raises(NotDoneError, match="There is a rule for"):
        learn.propose(thrice[2].pk, ana, scope="all")
    with pytest.raises(NotDoneError, match="There is a rule for"):
        learn.propose(thrice[0].pk, ana, scope="customer")
    assert RemedyRule.objects.count() == 1


def test_a_remedy_that_means_one_document_makes_no_rule(thrice, ana):
    Fix.objects.filter(pk=thrice[0].pk).update(remedy="edit")
    with pytest.raises(NotDoneError, match="No rule can be made"):
        learn.propose(thrice[0].pk, ana, scope="all")


def test_the_same_remedy_is_offered_to_other_customers_and_tried_there_alone(
    harbor, maris, rialto, ana, sink
):
    mine, theirs, other = (
        hold(harbor, "1001"),
        hold(maris, "2001"),
        hold(rialto, "3001", sku="ELSE"),
    )
    again = hold(harbor, "1002", sku="tent-old-b")
    fix = solve(mine, ana)
    assert [case.pk for case in learn.offers(fix)] == [theirs.pk]
    tried = settle(learn.try_elsewhere(fix, theirs.pk, ana))
    assert (tried.state, tried.terms, tried.documents) == ("checked", TERMS, 1)
    assert not LookupRow.objects.filter(table=maris.table, code="TENT-OLD").exists()
    for number in (mine.pk, other.pk, again.pk):
        with pytest.raises(NotDoneError, match=f"C-{number} has nothing any more"):
            learn.try_elsewhere(fix, number, ana)


def test_an_edit_is_offered_to_nobody(harbor, maris, ana, sink):
    hold(maris, "2001")
    fix = solve(hold(harbor, "1001"), ana)
    fix.remedy = "edit"
    assert list(learn.offers(fix)) == []


def test_a_kind_is_measured_from_five_cases_on(harbor, ana, sink):
    from monitoring.queries import memory

    for n in range(4):
        fix = solve(hold(harbor, f"10{n}", sku=f"OLD-{n}"), ana)
        fix.case.leases.update(began_at=fix.finished_at - timedelta(minutes=9))
    assert memory.usual_minutes("unknown_sku") == 4
    fix = solve(hold(harbor, "109", sku="OLD-9"), ana)
    fix.case.leases.update(began_at=fix.finished_at - timedelta(minutes=9))
    assert memory.usual_minutes("unknown_sku") == pytest.approx(9)
