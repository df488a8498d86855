"""Taking back where orders were sent: from another warehouse to the first, or to none."""

import json

import pytest
from django.utils import timezone

from integrations.canonical.problem import Problem as Found
from integrations.domain import problems, receive, replay, reroute
from integrations.domain.problems import Trouble
from integrations.models import (
    Message,
    Problem,
    Record,
    RecordEvent,
    Reservation,
    RouteDecision,
)
from monitoring.models import ExceptionCase
from tests import pipeline
from tests.integrations.taking_back import NOTHING_LEFT, books, held, standing, undo
from tests.monitoring.test_reroute import outgoing, stock, waiting_at_rno, without_site

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def _books_balance(kestrel):
    yield
    assert books() == [], pipeline.story()


def claims():
    return sorted(Reservation.objects.values_list("site", "state"))


def chosen():
    return list(RouteDecision.objects.order_by("pk").values_list("chosen", flat=True))


def sent_elsewhere(houses, *numbers):
    """Orders no warehouse could take, which Ana sent to ATL2."""
    standing()
    without_site(houses, *numbers)
    ids, since = held(), timezone.now()
    orders = list(Record.objects.filter(object_type="order").values_list("pk", flat=True))
    reroute.reroute(orders, site="ATL2", actor="Ana Ruiz")
    assert outgoing(houses.ATL2) == ["waiting"] * len(numbers)
    return ids, since


def test_an_order_sent_elsewhere_is_held_again_for_want_of_a_warehouse(houses, sink):
    ids, since = sent_elsewhere(houses, "1001", "1002")
    told = ("taken_back", "held again for want of a warehouse")
    assert undo(ids, since) == [told, told]
    assert outgoing(houses.ATL2) == ["superseded", "superseded"]
    assert held(direction="in") == ids
    assert outgoing(houses.erp) == ["confirmed", "confirmed"]
    assert claims() == [("ATL2", "released"), ("ATL2", "released")]
    assert chosen() == ["", "", "ATL2", "ATL2", "", ""]
    again = RouteDecision.objects.last()
    assert (again.actor, again.explanation["problem"]) == ("", "insufficient_stock")
    case = ExceptionCase.objects.get(closed_at=None)
    assert (case.code, case.documents) == ("insufficient_stock", 2)
    assert RecordEvent.objects.last().cause == "Taken back by Ben Ode"
    assert undo(ids, since) == [("stays", NOTHING_LEFT)] * 2


def test_an_order_held_for_want_of_a_warehouse_once_more_finds_one_when_there_is_stock(
    houses, sink
):
    ids, since = sent_elsewhere(houses, "1001")
    undo(ids, since)
    stock(houses.RNO1, "9", at="2026-03-02T11:00:00Z")
    pipeline.run(houses.customer_id)
    replay.replay(ids, actor="Ana Ruiz", cause="stock came")
    pipeline.run(houses.customer_id)
    assert (outgoing(houses.RNO1), outgoing(houses.ATL2)) == (["confirmed"], ["superseded"])
    assert claims() == [("ATL2", "released"), ("RNO1", "sent")]


def test_an_order_the_other_warehouse_has_stays(houses, sink):
    ids, since = sent_elsewhere(houses, "1001")
    pipeline.run(houses.customer_id)
    assert undo(ids, since) == [("stays", "House ATL2 has it")]
    assert outgoing(houses.ATL2) == ["confirmed"]
    assert chosen() == ["", "ATL2"]


def test_an_order_being_sent_to_the_other_warehouse_stays(houses, sink):
    ids, since = sent_elsewhere(houses, "1001")
    Message.objects.filter(endpoint=houses.ATL2, direction="out").update(state="sending")
    assert undo(ids, since) == [("stays", "it is being sent right now")]


def test_an_order_that_changed_meanwhile_stays_where_it_was_sent(houses, sink):
    ids, since = sent_elsewhere(houses, "1001")
    pipeline.store(houses.shop, pipeline.order("1001", quantity="1"))
    receive.receive(houses.customer_id)
    assert undo(ids, since) == [("stays", "a later document of the same object came")]
    assert outgoing(houses.ATL2) == ["waiting", "waiting"]


def test_an_order_a_warehouse_had_refused_is_held_there_again(houses, sink):
    standing()
    order = waiting_at_rno(houses)
    refused = Message.objects.get(direction="out", endpoint=houses.RNO1)
    hold_by_the_pipeline(houses, refused)
    since = timezone.now()
    reroute.reroute([order.pk], site="ATL2", actor="Ana Ruiz")
    assert (outgoing(houses.RNO1), outgoing(houses.ATL2)) == (["superseded"], ["waiting"])
    assert undo([refused.pk], since) == [("taken_back", "goes to RNO1 again")]
    assert (outgoing(houses.RNO1), outgoing(houses.ATL2)) == (["held"], ["superseded"])
    assert Problem.objects.get(closed_at=None).code == "ack_rejected"
    assert claims() == [("ATL2", "released"), ("RNO1", "hard")]
    assert chosen() == ["RNO1", "ATL2", "RNO1"]


def hold_by_the_pipeline(houses, message):
    from integrations.domain import messages

    messages.end([message.pk], "held", "Refused by acknowledgement", of=["waiting"])
    found = Found("ack_rejected", "", "", "The warehouse refused the document: W05-02")
    problems.open_problems(
        [Trouble(message.pk, houses.customer_id, houses.RNO1.pk, "order", [found])]
    )


def test_a_site_that_a_replay_found_is_given_up_again(houses, sink):
    standing()
    without_site(houses, "1001")
    ids = held()
    stock(houses.RNO1, "9", at="2026-03-02T11:00:00Z")
    pipeline.run(houses.customer_id)
    since = timezone.now()
    replay.replay(ids, actor="Ana Ruiz", cause="stock came")
    receive.receive(houses.customer_id)
    assert (outgoing(houses.RNO1), outgoing(houses.erp)) == (["waiting"], ["confirmed"])
    assert undo(ids, since) == [("taken_back", "held again; no warehouse had got it")]
    assert (outgoing(houses.RNO1), outgoing(houses.erp)) == (["superseded"], ["confirmed"])
    assert held() == ids
    assert claims() == [("RNO1", "released")]
    assert chosen() == ["", "RNO1", ""]
    assert Record.objects.get(object_type="order").state == "released"


def test_a_site_that_a_replay_found_stays_once_it_has_the_order_beside_the_erp(houses, sink):
    standing()
    without_site(houses, "1001")
    ids = held()
    stock(houses.RNO1, "9", at="2026-03-02T11:00:00Z")
    pipeline.run(houses.customer_id)
    since = timezone.now()
    replay.replay(ids, actor="Ana Ruiz", cause="stock came")
    pipeline.run(houses.customer_id)
    assert undo(ids, since) == [("stays", "House RNO1 has it")]
    assert Record.objects.get(object_type="order").state == "acknowledged"


def test_a_replayed_order_taken_back_lets_its_stock_go(houses, sink):
    standing()
    for house in (houses.RNO1, houses.ATL2):
        stock(house, "9")
    pipeline.store(houses.shop, b"{broken")
    pipeline.run(houses.customer_id)
    ids, since = held(), timezone.now()
    body = json.dumps(pipeline.order("1001")).encode()
    replay.edit_and_replay(ids[0], body, actor="Ana Ruiz", reason="typed by hand")
    receive.receive(houses.customer_id)
    assert claims() == [("RNO1", "hard")]
    assert undo(ids, since) == [("taken_back", "held again; nothing of it had been sent")]
    assert claims() == [("RNO1", "released")]
    assert chosen() == ["RNO1", ""]
    assert bytes(Message.objects.get(pk=ids[0]).payload.body) == b"{broken"
