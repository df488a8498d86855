"""One remedy at a time in a case: the second is refused in words, and nothing that was begun stays open."""

import pytest

from monitoring import tasks
from monitoring.domain import fixing
from monitoring.domain.states import NotNowError
from monitoring.models import Fix
from portal.accounts.models import Person
from tests.monitoring.conftest import hold
from tests.monitoring.hands import follow, mend, press, tried, url
from tests.monitoring.lanes import settle
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db
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
