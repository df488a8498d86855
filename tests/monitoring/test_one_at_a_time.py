"""One remedy at a time in a case: the second is refused in words, and nothing that was begun stays open."""

import pytest

from monitoring import tasks
from monitoring.domain import carrying, fixing
from monitoring.domain.states import NotNowError
from monitoring.models import Fix
from portal.accounts.models import Person
from tests import pipeline
from tests.monitoring.asking import told
from tests.monitoring.conftest import hold
from tests.monitoring.hands import follow, mend, press, tried, url
from tests.monitoring.lanes import settle
from tests.pages.scenery import page, texts

pytestmark = [pytest.mark.db, pytest.mark.long]
ROW = "TENT-OLD → TENT-2P added to lookup sku"
NUMBERS = [str(n) for n in range(1001, 1010)]


def go(client, fix):
    client.post(f"{url(fix)}go/", {"shown": fix.digest})


def toasts(client, response):
    return texts(follow(client, response), ".toast")


def test_what_was_done_is_not_undone_beside_a_remedy_under_way(operator, harbor, sink):
    done = mend(operator, hold(harbor, "1001"), "lookup", value="TENT-2P")
    harbor.table.rows.filter(code="TENT-OLD").delete()
    case = hold(harbor, "1002")
    assert case.pk == done.case_id
    working = tried(operator, case, "lookup", value="TENT-2P")
    go(operator, working)
    assert toasts(operator, operator.post(f"{url(done)}undo/")) == [
        f"Operator is at it: {ROW}, replaying. First wait for its end."
    ]
    assert settle(working).state == "done"


def test_what_was_stopped_is_not_tried_beside_a_remedy_under_way(operator, harbor, sink):
    case = hold(harbor, *NUMBERS)
    stopped = tried(operator, case, "lookup", value="TENT-2P")
    tasks._stop(stopped.pk, tasks.STOPPED)
    working = tried(operator, case, "lookup", value="TENT-2P")
    press(operator, working, "Send canary")
    settle(working)
    assert toasts(operator, operator.post(f"{url(stopped)}again/")) == [
        f"Operator is at it: {ROW}, canary done. First let the rest go or cancel it."
    ]


def test_of_two_tried_remedies_the_second_does_not_go_beside_the_first(operator, harbor, sink):
    case, person = hold(harbor, "1001", "1002"), Person.objects.get(email="operator@kestrel.test")
    first = tried(operator, case, "lookup", value="TENT-2P")
    tasks._stop(first.pk, tasks.STOPPED)
    second = tried(operator, case, "lookup", value="TENT-2P")
    operator.post(f"{url(first)}again/")
    settle(first)
    go(operator, first)
    with pytest.raises(NotNowError, match="Operator is at it"):
        fixing.go(second.pk, person=person, shown=second.digest, canary=False)
    assert settle(first).state == "done"


def test_what_is_tried_again_by_a_person_does_not_go_by_itself(operator, harbor, sink):
    fix = tried(operator, hold(harbor, "1001"), "lookup", value="TENT-2P")
    Fix.objects.filter(pk=fix.pk).update(at_once=True)
    tasks._stop(fix.pk, tasks.STOPPED)
    operator.post(f"{url(fix)}again/")
    assert (settle(fix).state, sink.taken) == ("checked", [])
    assert texts(page(operator.get(url(fix))), "#flow-end button")[0].startswith("Replay")


def paused(client, case):
    fix = tried(client, case, "lookup", value="TENT-2P")
    press(client, fix, "Send canary")
    return settle(fix)


def again_with_a_known_item(harbor):
    """Every order once more, and this time none is held."""
    pipeline.store(harbor.shop, *[pipeline.order(one, sku="TENT-2P") for one in NUMBERS])
    pipeline.run(harbor.customer_id)


def state_of(case):
    case.refresh_from_db()
    return case.state, case.documents


def test_a_canary_whose_case_closes_waits_for_nobody(operator, harbor, sink):
    case = hold(harbor, *NUMBERS)
    fix = paused(operator, case)
    again_with_a_known_item(harbor)
    assert state_of(case) == ("resolved", 9)
    fix.refresh_from_db()
    assert fix.state == "cancelled"
    left = fix.items.filter(outcome="left", told="its case closed before it")
    assert left.count() == 4
    assert texts(page(operator.get(url(fix))), "#flow-end button")[0].startswith("Undo the 5")


def test_a_case_that_loses_all_it_holds_during_the_canary_closes_after_it(operator, harbor, sink):
    case = hold(harbor, *NUMBERS)
    fix = tried(operator, case, "lookup", value="TENT-2P")
    operator.post(f"{url(fix)}go/", {"shown": fix.digest, "canary": "1"})
    carrying.step(fix.pk)
    again_with_a_known_item(harbor)
    assert state_of(case)[0] == "open"
    assert settle(fix).state == "cancelled"
    assert state_of(case) == ("resolved", 9)


def test_a_fix_cancelled_after_its_last_document_closes_the_case(operator, harbor, sink):
    case = hold(harbor, "1001", "1002")
    fix = tried(operator, case, "lookup", value="TENT-2P")
    go(operator, fix)
    carrying.step(fix.pk)
    pipeline.run(harbor.customer_id)
    carrying._settle(fix)
    operator.post(f"{url(fix)}cancel/")
    assert settle(fix).state == "cancelled"
    assert state_of(case) == ("resolved", 2)


def test_a_fix_that_breaks_after_its_last_document_closes_the_case(operator, harbor, sink):
    case = hold(harbor, "1001", "1002")
    fix = tried(operator, case, "lookup", value="TENT-2P")
    go(operator, fix)
    carrying.step(fix.pk)
    pipeline.run(harbor.customer_id)
    tasks._stop(fix.pk, tasks.STOPPED)
    assert state_of(case) == ("resolved", 2)


def test_another_may_cancel_what_waits_after_its_canary(operator, engineer, harbor, sink):
    case = hold(harbor, *NUMBERS)
    fix = paused(operator, case)
    press(engineer, fix, "Cancel")
    assert settle(fix).state == "cancelled"
    assert state_of(case) == ("open", 4)


def test_a_case_with_a_canary_is_neither_merged_nor_split(operator, harbor, sink):
    case, other = hold(harbor, *NUMBERS), hold(harbor, "2001", sku="TENT-NEW")
    fix = paused(operator, case)
    why = (
        f"A remedy is under way in C-{case.pk}. Operator is at it: {ROW}, canary done."
        " First let the rest go or cancel it."
    )
    merged = operator.post(f"/cases/{case.pk}/merge/", {"into": str(other.pk)})
    assert toasts(operator, merged) == [why]
    some = [str(pk) for pk in fix.items.filter(outcome="").values_list("message_id", flat=True)]
    split = operator.post(f"/cases/{case.pk}/split-off/", {"split": some[:1]})
    assert toasts(operator, split) == [why]


def test_the_log_names_who_let_go_and_who_took_back(operator, engineer, harbor, sink):
    case = hold(harbor, *NUMBERS)
    fix = paused(operator, case)
    operator.post(f"/cases/{case.pk}/release/")
    press(engineer, fix, "Replay the other")
    settle(fix)
    press(engineer, fix, "Undo the 9")
    settle(fix)
    assert told(case, "let_go", "undo") == [
        ("Engineer", f"Let go: {ROW}"),
        ("Engineer", f"Takes back: {ROW}"),
    ]


def test_what_broke_half_way_can_be_taken_back(operator, harbor, sink):
    case = hold(harbor, "1001", "1002")
    fix = tried(operator, case, "lookup", value="TENT-2P")
    go(operator, fix)
    carrying.step(fix.pk)
    tasks._stop(fix.pk, tasks.STOPPED)
    press(operator, fix, "Undo the 2")
    assert settle(fix).state == "undone"
    assert not harbor.table.rows.filter(code="TENT-OLD").exists()
    assert pipeline.states() == ["held", "held"]


def test_what_came_after_the_list_was_frozen_is_pointed_to_at_the_end(operator, harbor, sink):
    case = hold(harbor, "1001")
    fix = tried(operator, case, "lookup", value="TENT-2P")
    hold(harbor, "1002")
    press(operator, fix, "Replay")
    assert settle(fix).state == "done"
    end = page(operator.get(url(fix))).select_one("#flow-end").text
    assert "The case holds 1 document: go back to it" in end
