"""Taking back what a person did: held again, compensated, or it stays and says why."""

import pytest
from django.utils import timezone

from integrations.domain import deliver, receive, replay
from integrations.domain.take_back import take_back
from integrations.models import (
    LookupRow,
    Message,
    MessageEvent,
    Problem,
    Record,
    RecordEvent,
)
from monitoring.models import ExceptionCase
from tests import pipeline
from tests.integrations.taking_back import (
    NOTHING_LEFT,
    books,
    held,
    passed,
    replayed,
    standing,
    undo,
)
from tests.monitoring.conftest import hold
from tests.scenarios import target

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def _books_balance(kestrel):
    yield
    assert books() == [], pipeline.story()


def test_documents_nobody_has_begun_with_are_simply_held_again(harbor):
    case = hold(harbor, "1001", "1002")
    ids = held()
    since = replayed(ids)
    assert pipeline.states() == ["received", "received"]
    assert undo(ids, since) == [("taken_back", "held again; nobody had begun with it")] * 2
    assert pipeline.states() == ["held", "held"]
    assert Problem.objects.filter(closed_at=None, closed_by="").count() == 2
    again = ExceptionCase.objects.get()
    assert (again.pk, again.state, again.documents) == (case.pk, "open", 2)
    event = MessageEvent.objects.filter(message_id=ids[0]).last()
    assert (event.from_state, event.to_state) == ("received", "held")
    assert (event.actor, event.cause) == ("Ben Ode", "Taken back: the wrong item")


def test_the_second_time_nothing_is_left_to_take_back(harbor):
    hold(harbor, "1001")
    ids = held()
    since = replayed(ids)
    undo(ids, since)
    events = MessageEvent.objects.count()
    assert undo(ids, since) == [("stays", NOTHING_LEFT)]
    assert MessageEvent.objects.count() == events


def test_an_order_that_was_not_sent_is_held_again_and_waits_in_the_hub(harbor, sink):
    ids, since = passed(harbor, "1001")
    assert pipeline.states() == ["applied", "waiting"]
    assert undo(ids, since) == [("taken_back", "held again; nothing of it had been sent")]
    assert pipeline.states() == ["held", "superseded"]
    order = Record.objects.get()
    assert (order.state, order.version) == ("on_hold", 1)
    assert RecordEvent.objects.filter(record=order).last().cause == "Taken back by Ben Ode"
    pipeline.run(harbor.customer_id)
    assert sink.taken == []


def test_an_order_taken_back_goes_its_way_once_it_is_replayed_again(harbor, sink):
    ids, since = passed(harbor, "1001")
    undo(ids, since)
    replayed(ids)
    pipeline.run(harbor.customer_id)
    assert [o["number"] for o in sink.taken] == ["1001"]
    assert pipeline.states() == ["applied", "superseded", "confirmed"]
    order = Record.objects.get()
    assert (order.state, order.version) == ("released", 2)
    assert (
        RecordEvent.objects.filter(record=order, to_state="released").last().cause == "came again"
    )


def test_an_order_can_be_taken_back_as_often_as_it_is_replayed(harbor, sink):
    ids, since = passed(harbor, "1001")
    undo(ids, since)
    again = replayed(ids)
    receive.receive(harbor.customer_id)
    assert undo(ids, again) == [("taken_back", "held again; nothing of it had been sent")]
    assert pipeline.states() == ["held", "superseded", "superseded"]
    assert Record.objects.get().state == "on_hold"


def test_an_order_that_was_sent_is_cancelled_where_it_was_sent(harbor, sink):
    ids, since = passed(harbor, "1001")
    pipeline.run(harbor.customer_id)
    assert undo(ids, since) == [("compensated", "Erp had it; a cancel was asked for")]
    order = Record.objects.get()
    assert (order.state, order.version) == ("cancel_requested", 2)
    assert RecordEvent.objects.filter(to_state="cancel_requested").get().cause == "cancelled by us"
    assert pipeline.states() == ["applied", "confirmed", "waiting"]
    note = MessageEvent.objects.filter(message_id=ids[0]).last()
    assert (note.from_state, note.to_state, note.actor) == ("applied", "applied", "Ben Ode")
    assert note.cause == "Taken back: the wrong item. Erp had it; a cancel was asked for"
    pipeline.run(harbor.customer_id)
    assert [o["status"] for o in sink.taken] == ["open", "cancelled"]
    assert Record.objects.get().state == "cancelled"
    assert undo(ids, since) == [("stays", NOTHING_LEFT)]


def test_an_order_being_sent_right_now_stays(harbor):
    ids, since = passed(harbor, "1001")
    outgoing = Message.objects.filter(direction="out")
    outgoing.update(state="sending")
    assert undo(ids, since) == [("stays", "it is being sent right now")]
    assert pipeline.states() == ["applied", "sending"]


def test_an_order_stays_while_it_is_unknown_whether_its_target_has_it(harbor, sink):
    ids, since = passed(harbor, "1001")
    sink.status = 503
    deliver.deliver(harbor.erp.pk)
    assert pipeline.states(direction="out") == ["waiting"]
    assert undo(ids, since) == [("stays", "Erp may have it: a try had no answer")]


def test_an_order_a_later_document_changed_stays(harbor, sink):
    ids, since = passed(harbor, "1001")
    pipeline.store(harbor.shop, pipeline.order("1001", quantity="5"))
    receive.receive(harbor.customer_id)
    assert undo(ids, since) == [("stays", "a later document of the same object came")]
    assert pipeline.states(direction="in") == ["applied", "applied"]


def test_an_order_of_which_something_was_shipped_stays(harbor, sink):
    ids, since = passed(harbor, "1001")
    body = {"number": "S-1", "site": "RNO1", "order_number": "1001", "shipped_at": "2026-03-03",
            "status": "complete", "lines": [{"sku": "TENT-2P", "shipped": "2"}]}  # fmt: skip
    pipeline.store(harbor.erp, body, object_type="shipment")
    receive.receive(harbor.customer_id)
    assert undo(ids, since) == [("stays", "its shipment followed")]


def test_what_failed_again_is_held_with_its_first_problem(harbor):
    case = hold(harbor, "1001")
    ids = held()
    LookupRow.objects.filter(code="TENT-OLD").delete()
    since = timezone.now()
    body = bytes(Message.objects.get().payload.body).replace(b"TENT-OLD", b"TENT-WRONG")
    replay.edit_and_replay(ids[0], body, actor="Ana Ruiz", reason="a try")
    receive.receive(harbor.customer_id)
    assert Problem.objects.get(closed_at=None).value == "TENT-WRONG"
    assert undo(ids, since) == [("taken_back", "held again; it had changed nothing")]
    assert Problem.objects.get(closed_at=None).value == "TENT-OLD"
    assert Problem.objects.get(value="TENT-WRONG").closed_by == "Ben Ode"
    assert b"TENT-OLD" in bytes(Message.objects.get().payload.body)
    assert ExceptionCase.objects.get(closed_at=None).value == case.value


def test_an_edited_order_gets_its_original_bytes_back(harbor):
    standing()
    hold(harbor, "1001")
    ids = held()
    original = bytes(Message.objects.get().payload.body)
    since = timezone.now()
    for sku in (b"TENT-NEW", b"TENT-2P"):
        body = original.replace(b"TENT-OLD", sku)
        replay.edit_and_replay(ids[0], body, actor="Ana Ruiz", reason="typed by hand")
        receive.receive(harbor.customer_id)
    assert pipeline.states() == ["applied", "waiting"]
    assert undo(ids, since)[0][0] == "taken_back"
    assert bytes(Message.objects.get(direction="in").payload.body) == original
    assert pipeline.states() == ["held", "superseded"]


def test_a_skipped_order_is_held_again_with_its_problem(harbor):
    hold(harbor, "1001")
    ids, since = held(), timezone.now()
    replay.skip(ids, actor="Ana Ruiz", reason="a test order")
    assert undo(ids, since) == [("taken_back", "held again")]
    assert pipeline.states() == ["held"]
    assert Problem.objects.get().closed_at is None
    assert undo(ids, since) == [("stays", NOTHING_LEFT)]


def test_a_skipped_order_stays_when_it_came_again_meanwhile(harbor):
    standing()
    hold(harbor, "1001")
    ids, since = held(), timezone.now()
    replay.skip(ids, actor="Ana Ruiz", reason="a test order")
    pipeline.store(harbor.shop, pipeline.order("1001"))
    receive.receive(harbor.customer_id)
    assert undo(ids, since) == [("stays", "a later document of the same object came")]
    assert pipeline.states(direction="in") == ["skipped", "applied"]


def refused_twice(place, sink):
    """Two versions of an order, the first refused by the ERP and the second waiting behind it."""
    standing()
    sink.status = 422
    pipeline.store(place.shop, pipeline.order("1001"))
    pipeline.run(place.customer_id)
    pipeline.store(place.shop, pipeline.order("1001", quantity="5"))
    receive.receive(place.customer_id)
    assert pipeline.states(direction="out") == ["held", "waiting"]
    sink.status = 200
    return held()


def test_a_version_that_gave_way_is_held_again_before_the_newer_one(harbor, sink):
    ids = refused_twice(harbor, sink)
    since = replayed(ids)
    assert pipeline.states(direction="out") == ["superseded", "waiting"]
    assert undo(ids, since) == [("taken_back", "held again")]
    assert pipeline.states(direction="out") == ["held", "waiting"]
    pipeline.run(harbor.customer_id)
    assert sink.taken == []


def test_versions_that_waited_and_gave_way_wait_again(harbor, sink):
    ids = refused_twice(harbor, sink)
    pipeline.store(harbor.shop, pipeline.order("1001", quantity="7"))
    receive.receive(harbor.customer_id)
    since = replayed(ids)
    assert pipeline.states(direction="out") == ["superseded", "superseded", "waiting"]
    assert undo(ids, since) == [("taken_back", "held again")]
    assert pipeline.states(direction="out") == ["held", "waiting", "waiting"]


def test_a_version_that_gave_way_stays_when_the_newer_one_went(harbor, sink):
    ids = refused_twice(harbor, sink)
    since = replayed(ids)
    pipeline.run(harbor.customer_id)
    assert undo(ids, since) == [("stays", "a later version went in its place")]
    assert pipeline.states(direction="out") == ["superseded", "confirmed"]


def test_a_skipped_version_stays_when_a_later_one_went(harbor, sink):
    ids = refused_twice(harbor, sink)
    since = timezone.now()
    replay.skip(ids, actor="Ana Ruiz", reason="the next one says it all")
    pipeline.run(harbor.customer_id)
    assert undo(ids, since) == [("stays", "a later version of it went")]


def refused(place, sink):
    standing()
    sink.status = 422
    pipeline.store(place.shop, pipeline.order("1001"))
    pipeline.run(place.customer_id)
    sink.status = 200
    return held(direction="out")


def test_a_replayed_delivery_that_was_not_tried_is_held_again(harbor, sink):
    ids = refused(harbor, sink)
    since = replayed(ids)
    assert undo(ids, since) == [("taken_back", "held again; it had not arrived")]
    pipeline.run(harbor.customer_id)
    assert (pipeline.states(direction="out"), sink.taken) == (["held"], [])


def test_a_replayed_delivery_that_is_being_sent_stays(harbor, sink):
    ids = refused(harbor, sink)
    since = replayed(ids)
    Message.objects.filter(pk__in=ids).update(state="sending")
    assert undo(ids, since) == [("stays", "it is being sent right now")]


def test_a_replayed_delivery_that_arrived_is_cancelled_where_nobody_else_has_the_order(
    harbor, sink
):
    ids = refused(harbor, sink)
    since = replayed(ids)
    pipeline.run(harbor.customer_id)
    assert undo(ids, since) == [("compensated", "Erp had it; a cancel was asked for")]
    pipeline.run(harbor.customer_id)
    assert Record.objects.get().state == "cancelled"
    assert undo(ids, since) == [("stays", NOTHING_LEFT)]


def test_a_replayed_delivery_stays_where_another_system_has_the_order_from_before(harbor, sink):
    with target.running() as depot:
        books = pipeline.endpoint(
            harbor.customer_id, "books", settings={"url": depot.url}, label="Books"
        )
        pipeline.flow(harbor.shop, books)
        ids = refused(harbor, sink)
        since = replayed(ids)
        pipeline.run(harbor.customer_id)
        assert undo(ids, since) == [("stays", "Erp has it, and Books has the order")]
    assert Record.objects.get().state == "released"


def test_other_customers_documents_are_not_touched(harbor, maris):
    hold(harbor, "1001")
    hold(maris, "1001")
    ours = held(customer_id=harbor.customer_id)
    theirs = held(customer_id=maris.customer_id)
    since = replayed([*ours, *theirs])
    undo(ours, since)
    assert pipeline.states(customer_id=harbor.customer_id) == ["held"]
    assert pipeline.states(customer_id=maris.customer_id) == ["received"]
    assert not Problem.objects.filter(customer_id=maris.customer_id, closed_at=None).exists()


def test_bites_of_one_action_are_taken_back_one_after_the_other(harbor):
    ids, since = passed(harbor, "1001", "1002", "1003")
    assert [o for o, _ in undo(ids[:2], since)] == ["taken_back", "taken_back"]
    assert pipeline.states(direction="in") == ["held", "held", "applied"]
    assert pipeline.states(direction="out") == ["superseded", "superseded", "waiting"]
    assert [o for o, _ in undo(ids[1:], since)] == ["stays", "taken_back"]
    assert pipeline.states(direction="in") == ["held"] * 3
    case = ExceptionCase.objects.get(closed_at=None)
    assert case.documents == 3


def test_what_was_done_before_that_moment_is_not_taken_back(harbor):
    hold(harbor, "1001")
    ids = held()
    replayed(ids)
    assert undo(ids, timezone.now()) == [("stays", NOTHING_LEFT)]
    assert pipeline.states() == ["received"]


def test_the_answers_stand_in_the_order_asked(harbor):
    hold(harbor, "1001", "1002")
    first, second = held()
    since = replayed([second])
    found = take_back([second, first], since=since, actor="Ben Ode", cause="no")
    assert [(one.message_id, one.outcome) for one in found] == [
        (second, "taken_back"),
        (first, "stays"),
    ]
