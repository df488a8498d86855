import pytest

from integrations.domain import reroute
from integrations.models import Message, MessageEvent, Record, Reservation, RouteDecision
from monitoring.models import CaseEvent, ExceptionCase
from tests import pipeline
from tests.monitoring.hands import mend, page_of, tried, url
from tests.pages.scenery import page, texts

pytestmark = pytest.mark.db


def stock(house, on_hand, sku="TENT-2P", at="2026-03-02T10:00:00Z"):
    body = {"site": house.site, "sku": sku, "on_hand": on_hand, "uom": "EA",
            "as_of": at}  # fmt: skip
    pipeline.store(house, body, object_type="inventory")


def without_site(houses, *numbers):
    """Orders that want more than any warehouse has."""
    for house in (houses.RNO1, houses.ATL2):
        stock(house, "1")
    pipeline.store(houses.shop, *[pipeline.order(number) for number in numbers])
    pipeline.run(houses.customer_id)
    return ExceptionCase.objects.get(code="insufficient_stock")


def outgoing(house):
    return pipeline.states(direction="out", endpoint=house)


def test_an_order_no_site_can_take_is_sent_where_a_person_says(operator, houses, sink):
    case = without_site(houses, "1001", "1002")
    shown = page(operator.get(f"/cases/{case.pk}/?remedy=reroute"))
    assert texts(shown, "select[name=site] option") == [
        "ATL2, House ATL2: TENT-2P needs 2, has 1",
        "RNO1, House RNO1: TENT-2P needs 2, has 1",
    ]
    fix = mend(operator, case, "reroute", site="ATL2")
    assert (fix.words, fix.state) == ("Sent to ATL2", "done")
    assert outgoing(houses.ATL2) == ["confirmed", "confirmed"], pipeline.story()
    assert outgoing(houses.RNO1) == []
    assert pipeline.states(direction="in", object_type="order") == ["applied", "applied"]
    case.refresh_from_db()
    assert (case.state, case.resolution) == ("resolved", "Sent to ATL2")
    decision = RouteDecision.objects.order_by("-pk").first()
    assert (decision.chosen, decision.actor) == ("ATL2", "Operator")
    assert decision.explanation["text"] == "ATL2 chosen by Operator"
    held = Reservation.objects.values_list("site", "state", "quantity")
    assert [(site, int(quantity)) for site, _, quantity in held] == [("ATL2", 2), ("ATL2", 2)]


def test_each_order_is_sent_to_one_warehouse_and_once_to_the_erp(operator, houses, sink):
    mend(operator, without_site(houses, "1001"), "reroute", site="ATL2")
    pipeline.store(houses.shop, pipeline.order("1001"))
    pipeline.run(houses.customer_id)
    assert outgoing(houses.erp) == ["confirmed"]
    assert outgoing(houses.ATL2) == ["confirmed"]
    assert outgoing(houses.RNO1) == []


def test_what_waits_for_the_other_warehouse_is_taken_back_and_the_reservation_moves(houses, sink):
    order = waiting_at_rno(houses)
    done = reroute.reroute([order.pk], site="ATL2", actor="Ana Ruiz")
    assert (done.sent, done.refused) == ([order.pk], {})
    assert (outgoing(houses.RNO1), outgoing(houses.ATL2)) == (["superseded"], ["waiting"])
    assert outgoing(houses.erp) == ["waiting"]
    assert sorted(Reservation.objects.values_list("site", "state")) == [
        ("ATL2", "hard"),
        ("RNO1", "released"),
    ]
    event = MessageEvent.objects.get(to_state="superseded")
    assert (event.actor, event.cause) == ("Ana Ruiz", "Sent to ATL2: chosen by Ana Ruiz")


def waiting_at_rno(houses):
    from integrations.domain import receive

    stock(houses.RNO1, "10")
    stock(houses.ATL2, "10")
    pipeline.store(houses.shop, pipeline.order("1001"))
    receive.receive(houses.customer_id)
    assert outgoing(houses.RNO1) == ["waiting"]
    return Record.objects.get(object_type="order")


def test_an_order_sent_there_and_back_again_waits_once_at_the_first_warehouse(houses, sink):
    order = waiting_at_rno(houses)
    reroute.reroute([order.pk], site="ATL2", actor="Ana Ruiz")
    reroute.reroute([order.pk], site="RNO1", actor="Ana Ruiz")
    assert (outgoing(houses.RNO1), outgoing(houses.ATL2)) == (["waiting"], ["superseded"])
    pipeline.run(houses.customer_id)
    assert (outgoing(houses.RNO1), outgoing(houses.ATL2)) == (["confirmed"], ["superseded"])
    assert sorted(Reservation.objects.values_list("site", "state")) == [
        ("ATL2", "released"),
        ("RNO1", "sent"),
    ]


def test_an_order_a_warehouse_has_is_not_sent_to_a_second_one(houses, sink):
    order = waiting_at_rno(houses)
    pipeline.run(houses.customer_id)
    done = reroute.reroute([order.pk], site="ATL2", actor="Ana Ruiz")
    assert done.refused == {order.pk: "House RNO1 has it"}
    assert outgoing(houses.ATL2) == []
    assert RouteDecision.objects.count() == 1


def test_a_site_without_a_flow_is_refused(houses, sink):
    order = waiting_at_rno(houses)
    done = reroute.reroute([order.pk], site="MOON", actor="Ana Ruiz")
    assert done.refused == {order.pk: "no flow leads to MOON"}
    assert outgoing(houses.RNO1) == ["waiting"]


def test_an_order_on_hold_stays_where_it_is(houses, sink):
    order = waiting_at_rno(houses)
    Record.objects.filter(pk=order.pk).update(state="on_hold")
    done = reroute.reroute([order.pk], site="ATL2", actor="Ana Ruiz")
    assert done.refused == {order.pk: "it is on hold"}


def test_an_order_a_warehouse_refused_goes_to_another_one(operator, houses, sink):
    from integrations.canonical.problem import Problem
    from integrations.domain import problems
    from integrations.domain.problems import Trouble

    order = waiting_at_rno(houses)
    message = Message.objects.get(direction="out", endpoint=houses.RNO1)
    Message.objects.filter(pk=message.pk).update(state="held")
    refused = Problem("ack_rejected", "", "", "The warehouse refused the document: W05-02")
    problems.open_problems(
        [Trouble(message.pk, houses.customer_id, houses.RNO1.pk, "order", [refused])]
    )
    case = ExceptionCase.objects.get(code="ack_rejected")
    shown = page(operator.get(f"/cases/{case.pk}/?remedy=reroute"))
    assert texts(shown, "select[name=site] option") == ["ATL2, House ATL2: has all of it"]
    mend(operator, case, "reroute", site="ATL2")
    assert (outgoing(houses.RNO1), outgoing(houses.ATL2)) == (["superseded"], ["confirmed"])
    case.refresh_from_db()
    assert case.state == "resolved"
    assert CaseEvent.objects.get(action="reroute").text == "Sent to ATL2: 1 of 1 passed"
    assert order.events.filter(cause="Sent to ATL2: chosen by Operator").count() == 1


def test_when_no_order_can_go_there_the_dry_run_says_why(operator, houses, sink):
    case = without_site(houses, "1001")
    Record.objects.filter(object_type="order").update(state="cancelled")
    fix = tried(operator, case, "reroute", site="ATL2")
    shown = page(operator.get(url(fix)))
    assert texts(shown, ".fix-groups tbody tr") == ["fail it is cancelled 1 128.00 stays here"]
    assert "with this remedy nothing can be" in texts(shown, "#flow-end")[0]
    assert shown.select("#flow-end form[action$='/go/']") == []
    refused = page_of(operator.post(f"{url(fix)}go/", {"shown": fix.digest}, follow=True))
    assert texts(refused, ".toast") == ["None of these documents can be replayed with this remedy."]
    assert not CaseEvent.objects.filter(action="reroute").exists()
