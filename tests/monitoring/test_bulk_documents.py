"""Skip and retry on many cases: tried first, let go where all of it passes, undone."""

import pytest

from integrations.models import LookupRow, Message
from monitoring.domain import bulk, fixing, leases, states
from monitoring.domain.bulk import DoneBeforeError
from monitoring.domain.fixing import ListChangedError
from monitoring.domain.states import NotNowError
from monitoring.models import BulkAction, CaseEvent, ExceptionCase, Fix
from portal.accounts.models import Person
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.monitoring.lanes import settle
from tests.monitoring.test_bulk import act, frozen, outcomes
from tests.monitoring.test_desk import make

pytestmark = pytest.mark.db


def tried(found):
    """Run the dry runs of a list."""
    for item in found.items.exclude(fix=None):
        settle(item.fix)
    return found


def let_go(found, person, *, shown=None):
    name = shown or bulk.name_of(bulk.passing(found))
    bulk.let_go(found.pk, person=person, shown=name)
    for item in found.items.filter(outcome="gone"):
        settle(item.fix)
    found.refresh_from_db()
    return found


def test_a_skip_is_tried_and_nothing_ends_before_it_is_let_go(harbor, ana):
    cases = [hold(harbor, "1001", "1002", sku="OLD-1"), hold(harbor, "1003", sku="OLD-2")]
    found = tried(act(frozen(cases, ana), "skip", ana, reason="sample orders"))
    assert (found.state, set(pipeline.states())) == ("tried", {"held"})
    assert [(f.documents, f.words, f.person) for f in bulk.passing(found)] == [
        (2, "Skipped: sample orders", ana), (1, "Skipped: sample orders", ana),
    ]  # fmt: skip
    assert not leases.of([case.pk for case in cases])  # nobody works on all of these at once
    let_go(found, ana)
    assert (found.state, outcomes(found)) == ("done", [("gone", ""), ("gone", "")])
    assert set(pipeline.states()) == {"skipped"}
    assert set(ExceptionCase.objects.values_list("state", "resolution")) == {
        ("skipped", "Skipped: sample orders")
    }
    text = f"Skipped: sample orders: all of it, list {found.label}"
    assert CaseEvent.objects.filter(text=text).count() == 2


def test_only_what_passes_wholly_goes(harbor, ana, sink):
    good = hold(harbor, "1001", sku="OLD-1")
    bad = hold(harbor, "1002", sku="OLD-2")
    LookupRow.objects.create(table=harbor.table, code="OLD-1", value="TENT-2P")
    found = tried(act(frozen([good, bad], ana), "retry", ana))
    let_go(found, ana)
    assert outcomes(found) == [
        ("gone", ""),
        ("refused", "Its dry run: 0 of 1 pass. What it holds stays held."),
    ]
    assert [order["number"] for order in sink.taken] == ["1001"]
    bad.refresh_from_db()
    assert (bad.state, bad.documents) == ("new", 1)


def test_documents_that_came_after_the_list_was_made_are_not_of_it(harbor, ana):
    case = hold(harbor, "1001")
    found = frozen([case], ana)
    hold(harbor, "1002")
    let_go(tried(act(found, "skip", ana, reason="sample")), ana)
    states_of = dict(Message.objects.values_list("business_key", "state"))
    assert sorted(states_of.values()) == ["held", "skipped"]
    case.refresh_from_db()
    assert (case.is_open, case.documents) == (True, 1)


def test_nothing_goes_while_dry_runs_are_under_way(harbor, ana):
    found = act(frozen([hold(harbor, "1001")], ana), "skip", ana, reason="sample")
    with pytest.raises(NotNowError, match="not over yet"):
        bulk.let_go(found.pk, person=ana, shown=bulk.name_of([]))


def test_others_than_those_shown_do_not_go(harbor, ana):
    found = tried(act(frozen([hold(harbor, "1001")], ana), "skip", ana, reason="sample"))
    with pytest.raises(ListChangedError):
        bulk.let_go(found.pk, person=ana, shown=bulk.name_of([]))
    assert pipeline.states() == ["held"]


def test_a_case_that_changed_since_its_dry_run_does_not_go(harbor, ana, ben):
    one, two = hold(harbor, "1001", sku="OLD-1"), hold(harbor, "1002", sku="OLD-2")
    found = tried(act(frozen([one, two], ana), "skip", ana, reason="sample"))
    states.comment(one, text="The customer wants this one", actor="M. Brandt")
    leases.take(two.pk, ben)
    let_go(found, ana)
    told = outcomes(found)
    assert told[0][0] == "changed"
    assert told[0][1].startswith("changed meanwhile: The customer wants this one, by M. Brandt at")
    assert told[1] == ("held", "held by Engineer")
    assert set(pipeline.states()) == {"held"}


def test_a_case_with_a_remedy_under_way_or_without_documents_is_left_alone(harbor, ana, ben):
    busy, empty = hold(harbor, "1001"), make(harbor.shop, "endpoint is down")
    fix = fixing.begin(
        busy, "skip", {"reason": "x"}, words="Skipped: x", name="Rule R-1",
        ids=fixing.frozen(busy, up_to=2**62),
    )  # fmt: skip
    Fix.objects.filter(pk=fix.pk).update(state="paused")
    found = act(frozen([busy, empty], ana), "skip", ana, reason="sample")
    assert outcomes(found) == [
        (
            "refused",
            "Rule R-1 is at it: Skipped: x, canary done. First let the rest go or cancel it.",
        ),
        ("refused", "It holds no documents."),
    ]
    assert found.state == "done"  # nothing is there to let go


def test_undone_as_a_unit_the_documents_are_held_again(harbor, ana):
    cases = [hold(harbor, "1001", sku="OLD-1"), hold(harbor, "1002", sku="OLD-2")]
    found = let_go(tried(act(frozen(cases, ana), "skip", ana, reason="sample")), ana)
    bulk.undo(found.pk, ana)
    tried(found)
    found.refresh_from_db()
    assert (found.state, outcomes(found)) == ("undone", [("undone", ""), ("undone", "")])
    assert set(Fix.objects.values_list("state", flat=True)) == {"undone"}
    assert set(pipeline.states()) == {"held"}
    back = ExceptionCase.objects.values_list("state", "times_back")
    assert set(back) == {("open", 0)}  # nothing returned: what ended them was undone


def test_what_had_not_gone_yet_is_called_off(harbor, ana):
    found = tried(act(frozen([hold(harbor, "1001")], ana), "skip", ana, reason="sample"))
    bulk.let_go(found.pk, person=ana, shown=bulk.name_of(bulk.passing(found)))
    bulk.undo(found.pk, ana)
    assert outcomes(found) == [("undone", "Nothing had gone yet.")]
    assert Fix.objects.get().state == "cancelled"
    assert pipeline.states() == ["held"]


def test_a_list_of_many_documents_is_tried_in_its_lane(harbor, ana):
    case = hold(harbor, "1001")
    ExceptionCase.objects.update(documents=5001)
    found = frozen([case], ana)
    bulk.act(found.pk, "skip", {"reason": "sample"}, person=ana, shown=found.digest)
    assert not Fix.objects.exists()
    assert bulk.work(found.pk) == 1
    assert Fix.objects.get().documents == 1


def test_the_person_stays_who_let_it_go(harbor, ana):
    found = tried(act(frozen([hold(harbor, "1001")], ana), "skip", ana, reason="sample"))
    let_go(found, ana)
    closed = CaseEvent.objects.get(action="closed")
    assert (closed.actor, Person.objects.get(name=closed.actor)) == ("Operator", ana)


def test_what_is_kept_held_ends_its_dry_runs_and_can_be_mended_otherwise(harbor, ana, ben):
    one, two = hold(harbor, "1001", sku="OLD-1"), hold(harbor, "1002", sku="OLD-2")
    found = tried(act(frozen([one, two], ana), "skip", ana, reason="sample orders"))
    mine = Fix.objects.get(case=two)
    fixing.go(mine.pk, person=ben, shown=mine.digest, canary=False)
    with pytest.raises(BulkAction.DoesNotExist):
        bulk.keep(found.pk, ben)
    bulk.keep(found.pk, ana)
    settle(mine)
    found.refresh_from_db()
    assert (found.state, outcomes(found)) == (
        "done",
        [("stays", "tried and kept held"), ("changed", "its remedy went its own way meanwhile")],
    )
    assert Fix.objects.get(case=one).state == "cancelled"
    assert (mine.state, pipeline.states()) == ("done", ["held", "skipped"])
    with pytest.raises(DoneBeforeError):
        bulk.keep(found.pk, ana)
    with pytest.raises(DoneBeforeError):
        let_go(found, ana)


def test_what_was_not_tried_is_neither_let_go_nor_kept(harbor, ana):
    found = frozen([hold(harbor, "1001")], ana)
    for verb in (lambda: bulk.keep(found.pk, ana), lambda: let_go(found, ana)):
        with pytest.raises(NotNowError, match="was tried yet"):
            verb()
    assert BulkAction.objects.get(pk=found.pk).state == "shown"
