"""A remedy on its way: tried on all, sent to a few, then to all, cancelled, undone."""

import pytest

from integrations.models import LookupRow, Message
from monitoring.domain import carrying, deeds, fixing, leases
from monitoring.domain.deeds import Deed, NotDoneError
from monitoring.domain.fixing import ListChangedError, NothingLeftError
from monitoring.domain.leases import HeldError
from monitoring.domain.states import NotNowError
from monitoring.models import CaseEvent, ExceptionCase, Fix, FixItem
from portal.core import clock
from tests import pipeline
from tests.monitoring.conftest import hold
from tests.monitoring.lanes import apply, outcomes, settle, verdicts

pytestmark = [pytest.mark.db, pytest.mark.long]
LAST = 2**62


def lookup(case, ana, value="TENT-2P", **fields):
    terms = {"table": "sku", "code": case.value, "value": value, "insist": False}
    return fixing.begin(
        case, "lookup", terms, words=f"{case.value} → {value} added to lookup sku",
        ids=fixing.frozen(case, up_to=LAST), person=ana, **fields,
    )  # fmt: skip


def test_nothing_is_changed_or_sent_before_somebody_lets_it_go(harbor, ana, sink):
    fix = lookup(hold(harbor, "1001", "1002"), ana)
    settle(fix)
    assert (fix.state, verdicts(fix)) == ("checked", ["pass", "pass"])
    assert pipeline.states() == ["held", "held"]
    assert not LookupRow.objects.filter(code="TENT-OLD").exists()
    assert sink.taken == []
    assert CaseEvent.objects.get(action="dry_run").text == (
        "Dry run of TENT-OLD → TENT-2P added to lookup sku: 2 pass"
    )


def test_all_of_it_goes_and_the_case_closes(harbor, ana, sink):
    case = hold(harbor, *[str(n) for n in range(1001, 1051)])
    fix = apply(lookup(case, ana), ana)
    assert (fix.state, fix.closed_case, set(outcomes(fix))) == ("done", True, {"passed"})
    assert sorted(o["number"] for o in sink.taken) == [str(n) for n in range(1001, 1051)]
    case.refresh_from_db()
    assert (case.state, case.documents) == ("resolved", 50)
    assert case.resolution == "TENT-OLD → TENT-2P added to lookup sku"
    assert not leases.of([case.pk])


def test_while_it_is_under_way_the_case_stays_open(harbor, ana, sink):
    case = hold(harbor, "1001", "1002")
    fix = settle(lookup(case, ana))
    fixing.go(fix.pk, person=ana, shown=fix.digest, canary=False)
    carrying.step(fix.pk)
    case.refresh_from_db()
    assert not Message.objects.filter(state="held").exists()
    assert case.is_open
    settle(fix)
    case.refresh_from_db()
    assert case.state == "resolved"


def test_a_canary_of_five_goes_first_and_waits_for_a_person(harbor, ana, sink):
    case = hold(harbor, *[str(n) for n in range(1001, 1013)])
    fix = settle(lookup(case, ana))
    fixing.go(fix.pk, person=ana, shown=fix.digest, canary=True)
    settle(fix)
    assert (fix.state, len(sink.taken)) == ("paused", 5)
    assert outcomes(fix).count("passed") == 5
    assert pipeline.states(state="held") == ["held"] * 7
    fixing.go(fix.pk, person=ana, shown=fix.digest, canary=False)
    settle(fix)
    assert (fix.state, len(sink.taken)) == ("done", 12)


def test_a_canary_never_takes_a_later_document_of_an_object_first(harbor, ana, sink):
    earlier = pipeline.order("1001", sku="TENT-OLD", quantity="1")
    later = pipeline.order("1001", sku="TENT-OLD", quantity="3")
    hold(harbor, "1002")
    pipeline.store(harbor.shop, earlier)
    pipeline.run(harbor.customer_id)
    pipeline.store(harbor.shop, later)
    pipeline.run(harbor.customer_id)
    case = ExceptionCase.objects.get()
    fix = settle(lookup(case, ana))
    keys = Message.objects.in_bulk([item.message_id for item in carrying.canary(fix)])
    assert len({m.business_key for m in keys.values()}) == len(keys)


def test_what_would_fail_for_the_same_cause_stays_and_the_rest_goes(harbor, ana, sink):
    case = hold(harbor, "1001", "1002")
    body = pipeline.order("1003", sku="TENT-OLD")
    body["lines"].append({**body["lines"][0], "line_no": "2", "sku": "GONE-1"})
    pipeline.store(harbor.shop, body)
    pipeline.run(harbor.customer_id)
    fix = apply(lookup(case, ana), ana)
    assert verdicts(fix) == ["pass", "pass", "fail"]
    assert outcomes(fix) == ["passed", "passed", "held"]  # it is held for the other cause now
    case.refresh_from_db()
    assert case.state == "resolved"
    other = ExceptionCase.objects.get(closed_at=None)
    assert (other.value, other.documents) == ("GONE-1", 1)


def test_a_replay_can_be_cancelled_and_what_did_not_go_stays_held(harbor, ana, sink):
    case = hold(harbor, *[str(n) for n in range(1001, 1011)])
    fix = settle(lookup(case, ana))
    fixing.go(fix.pk, person=ana, shown=fix.digest, canary=True)
    settle(fix)
    fixing.cancel(fix.pk, actor=ana.name)
    settle(fix)
    assert fix.state == "cancelled"
    assert outcomes(fix).count("left") == 5
    case.refresh_from_db()
    assert (case.is_open, case.documents) == (True, 5)


def test_within_ten_minutes_it_can_be_undone(harbor, ana, sink):
    sink.status = 503
    case = hold(harbor, "1001", "1002")
    fix = settle(lookup(case, ana))
    fixing.go(fix.pk, person=ana, shown=fix.digest, canary=False)
    carrying.step(fix.pk)
    fixing.cancel(fix.pk, actor=ana.name)
    fixing.undo(fix.pk, person=ana)
    settle(fix)
    assert (fix.state, outcomes(fix)) == ("undone", ["taken_back", "taken_back"])
    assert not LookupRow.objects.filter(code="TENT-OLD").exists()
    case.refresh_from_db()
    assert (case.is_open, case.documents) == (True, 2)
    assert "TENT-OLD means what it meant before" in CaseEvent.objects.get(action="undone").text


def test_after_ten_minutes_it_cannot(harbor, ana, sink):
    fix = apply(lookup(hold(harbor, "1001"), ana), ana)
    Fix.objects.update(finished_at=clock.now() - fixing.UNDO_FOR)
    with pytest.raises(NotNowError, match="10 minutes at most"):
        fixing.undo(fix.pk, person=ana)
    assert FixItem.objects.get().outcome == "passed"


def test_another_list_than_the_one_shown_is_refused(harbor, ana):
    fix = settle(lookup(hold(harbor, "1001"), ana))
    with pytest.raises(ListChangedError):
        fixing.go(fix.pk, person=ana, shown="0" * 64, canary=False)
    assert pipeline.states() == ["held"]


def test_what_was_not_tried_does_not_go(harbor, ana):
    fix = lookup(hold(harbor, "1001"), ana)
    with pytest.raises(NotNowError, match="being tried"):
        fixing.go(fix.pk, person=ana, shown=fix.digest, canary=False)


def test_who_has_the_case_keeps_others_from_acting(harbor, ana, ben):
    case = hold(harbor, "1001")
    fix = settle(lookup(case, ana))
    with pytest.raises(HeldError):
        lookup(case, ben)
    with pytest.raises(HeldError):
        fixing.go(fix.pk, person=ben, shown=fix.digest, canary=False)
    assert Fix.objects.count() == 1


def test_a_value_that_is_no_product_is_refused_before_anything_is_tried(harbor, ana):
    harbor.table.default = "master"
    harbor.table.save()
    case = hold(harbor, "1001")
    with pytest.raises(NotDoneError, match="is no product"):
        lookup(case, ana, value="NOTHING")
    assert not Fix.objects.exists()


def test_a_case_whose_documents_are_gone_has_nothing_to_freeze(harbor, ana, sink):
    case = hold(harbor, "1001")
    apply(lookup(case, ana), ana)
    with pytest.raises(NothingLeftError):
        fixing.frozen(case, up_to=LAST)


def test_the_next_remedy_takes_the_place_of_one_that_was_only_tried(harbor, ana):
    case = hold(harbor, "1001")
    first = settle(lookup(case, ana))
    second = settle(lookup(case, ana, value="TENT-3P"))
    first.refresh_from_db()
    assert (first.state, second.state) == ("cancelled", "checked")


def test_it_goes_by_itself_only_when_nothing_would_fail(harbor, ana, sink):
    case = hold(harbor, "1001")
    body = pipeline.order("1002", sku="TENT-OLD")
    body["lines"].append({**body["lines"][0], "line_no": "2", "sku": "GONE-1"})
    pipeline.store(harbor.shop, body)
    pipeline.run(harbor.customer_id)
    fix = settle(lookup(case, ana, at_once=True))
    assert (fix.state, sink.taken) == ("checked", [])
    assert "Not sent by itself" in fix.trouble
    other = hold(harbor, "1003", sku="OLD-3")
    fix = settle(lookup(other, ana, at_once=True))
    assert (fix.state, [o["number"] for o in sink.taken]) == ("done", ["1003"])


def test_a_replayed_document_does_not_undo_what_a_later_one_said_meanwhile(harbor, sink):
    """The later one came and was worked on between the release of the held one and its turn."""
    hold(harbor, "1001", quantity="1")
    held = Message.objects.get(state="held")
    LookupRow.objects.create(table=harbor.table, code="TENT-OLD", value="TENT-2P")
    Message.objects.filter(pk=held.pk).update(state="skipped")  # out of the later one's sight
    pipeline.store(harbor.shop, pipeline.order("1001", quantity="3"))
    pipeline.run(harbor.customer_id)
    Message.objects.filter(pk=held.pk).update(state="received", updated_at=clock.now())
    pipeline.run(harbor.customer_id)
    held.refresh_from_db()
    assert held.state == "superseded"
    assert [line["quantity"] for order in sink.taken for line in order["lines"]] == ["3"]


def test_a_document_that_came_again_and_is_held_has_not_passed(harbor, ana, sink):
    case = hold(harbor, "1001", "1002")
    fix = settle(lookup(case, ana))
    hold(harbor, "1001", quantity="3")
    fixing.go(fix.pk, person=ana, shown=fix.digest, canary=False)
    settle(fix)
    case.refresh_from_db()
    items = dict(fix.items.values_list("outcome", "told"))
    assert items == {"passed": "", "left": "it came again, and that has not passed"}
    assert (fix.state, fix.closed_case, case.is_open, case.documents) == ("done", False, True, 1)
    assert CaseEvent.objects.get(action="lookup").text == f"{fix.words}: 1 of 1 passed"
    assert [order["number"] for order in sink.taken] == ["1002"]


@pytest.mark.parametrize(("stays", "told"), [(2, "2 stay"), (1, "1 taken back, 1 stays")])
def test_an_undo_counts_in_the_right_number(harbor, ana, sink, stays, told):
    fix = apply(lookup(hold(harbor, "1001", "1002"), ana), ana)
    fix.items.update(outcome="taken_back")
    fix.items.filter(position__lte=stays).update(outcome="stays")
    Fix.objects.update(state="undoing")
    carrying.step(fix.pk)
    assert f". {told}. " in CaseEvent.objects.get(action="undone").text


def test_what_a_remedy_teaches_has_words_for_being_taken_back():
    reverting = {slug for slug, deed in deeds.DEEDS.items() if type(deed).revert is not Deed.revert}
    assert {slug for slug, deed in deeds.DEEDS.items() if deed.undoes} == reverting
    assert reverting == {"lookup", "mapping", "product"}
