"""Which warehouse ships an order: the choice, its reason, and what happens when there is none."""

import pytest
from auditlog.context import set_actor

from integrations.domain import attend, replay
from integrations.models import Message, Record, RecordEvent, Reservation, RouteDecision
from integrations.models.flow import RoutingRules
from monitoring.models import ExceptionCase
from portal.accounts.models import Person
from tests import pipeline
from tests.scenarios.target import Target

pytestmark = pytest.mark.db


@pytest.fixture
def reno(kestrel, shop, sink):
    return warehouse(kestrel, shop, sink, "reno", "RNO1")


@pytest.fixture
def atlanta(kestrel, shop, depot):
    return warehouse(kestrel, shop, depot, "atlanta", "ATL2")


def warehouse(kestrel, shop, target: Target, slug: str, site: str):
    made = pipeline.endpoint(
        kestrel.harbor, slug, settings={"url": target.url}, site=site, rate_per_second=1000,
        concurrency=1,
    )  # fmt: skip
    pipeline.flow(shop, made, routed=True)
    return made


def rules(kestrel, version: int, *found: dict) -> None:
    RoutingRules.objects.create(customer_id=kestrel.harbor, version=version, rules=list(found))


def force(site: str) -> dict:
    return {"n": 10, "if": {}, "then": {"force": site}}


def stock(kestrel, source, as_of: str = "2026-03-02T02:00:00Z", **on_hand: str) -> None:
    """What sites report of TENT-2P."""
    for site, quantity in on_hand.items():
        body = {"site": site, "sku": "TENT-2P", "on_hand": quantity, "as_of": as_of}
        pipeline.store(source, body, object_type="inventory")
    pipeline.run(kestrel.harbor)


def held_orders() -> list:
    return list(Message.objects.filter(state="held").order_by("id").values_list("pk", flat=True))


def test_an_order_goes_to_the_chosen_site_only_and_the_reason_is_kept(
    kestrel, shop, reno, atlanta, sink, depot
):
    rules(kestrel, 1, {"n": 10, "if": {"ship_to.region": ["NV"]}, "then": {"allow": ["ATL2"]}})
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    assert (sink.names, depot.names) == ([], ["1001"])
    decision = RouteDecision.objects.get()
    assert (decision.chosen, decision.rules_version, decision.record_version) == ("ATL2", 1, 1)
    assert decision.explanation["text"].startswith("RNO1 rejected: not allowed (rule 10); ATL2 cho")
    assert Record.objects.get().state == "acknowledged"


def test_the_newest_rules_decide(kestrel, shop, reno, atlanta, sink, depot):
    rules(kestrel, 1, force("RNO1"))
    pipeline.store(shop, pipeline.order("1"))
    pipeline.run(kestrel.harbor)
    rules(kestrel, 2, force("ATL2"))
    pipeline.store(shop, pipeline.order("2"))
    pipeline.run(kestrel.harbor)
    assert (sink.names, depot.names) == (["1"], ["2"])


def test_a_changed_order_stays_with_its_site(kestrel, shop, reno, atlanta, sink, depot):
    rules(kestrel, 1, force("RNO1"))
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    rules(kestrel, 2, force("ATL2"))
    pipeline.store(shop, pipeline.order(po_number="PO-2"))
    pipeline.run(kestrel.harbor)
    assert (sink.names, depot.names) == (["1001", "1001"], [])
    assert RouteDecision.objects.count() == 1


def test_a_site_without_enough_stock_is_passed_over(kestrel, shop, reno, atlanta, sink, depot):
    stock(kestrel, reno, RNO1="1", ATL2="50")
    pipeline.store(shop, pipeline.order(quantity="2"))
    pipeline.run(kestrel.harbor)
    assert (sink.names, depot.names) == ([], ["1001"])
    text = RouteDecision.objects.get().explanation["text"]
    assert text.startswith("RNO1 rejected: TENT-2P needs 2, has 1; ATL2 chosen")


def test_orders_of_one_batch_do_not_count_on_the_same_units(
    kestrel, shop, reno, atlanta, sink, depot
):
    stock(kestrel, reno, RNO1="5", ATL2="5")
    pipeline.store(shop, *[pipeline.order(str(n), quantity="2") for n in range(5)])
    pipeline.run(kestrel.harbor)
    # 5 units a site are 2 orders of 2 each; the fifth order finds 1 and 1.
    assert (len(sink.names), len(depot.names)) == (2, 2)
    case = ExceptionCase.objects.get()
    assert (case.code, case.documents) == ("insufficient_stock", 1)


def test_units_held_by_earlier_orders_are_not_promised_again(
    kestrel, shop, reno, atlanta, sink, depot
):
    stock(kestrel, reno, RNO1="5", ATL2="0")
    for n in range(3):
        pipeline.store(shop, pipeline.order(str(n), quantity="2"))
        pipeline.run(kestrel.harbor)
    assert sink.names == ["0", "1"]
    assert ExceptionCase.objects.get().code == "insufficient_stock"


def test_an_order_no_site_can_take_is_held_with_its_reason_and_routed_when_stock_comes(
    kestrel, shop, reno, atlanta, sink, depot
):
    stock(kestrel, reno, RNO1="1", ATL2="1")
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    case = ExceptionCase.objects.get()
    assert (case.code, case.title, case.customer_title, str(case.at_risk)) == (
        "insufficient_stock", "No warehouse can take the order", "An order is waiting for stock",
        "128.0000",
    )  # fmt: skip
    assert Record.objects.get(object_type="order").state == "released"
    assert RouteDecision.objects.get().chosen == ""
    assert not Reservation.objects.exists()
    stock(kestrel, reno, as_of="2026-03-03T02:00:00Z", ATL2="9")
    assert replay.replay(held_orders(), actor="Ana Ruiz", cause="stock came") == 1
    pipeline.run(kestrel.harbor)
    assert (sink.names, depot.names) == ([], ["1001"])
    case.refresh_from_db()
    assert case.state == "resolved"
    chosen = RouteDecision.objects.order_by("id").values_list("chosen", flat=True)
    assert list(chosen) == ["", "ATL2"]


def test_an_order_the_rules_allow_no_site_for_is_routed_after_the_rules_are_mended(
    kestrel, shop, reno, atlanta, sink, depot
):
    rules(kestrel, 1, force("SEA9"))
    pipeline.store(shop, pipeline.order("1"), pipeline.order("2"))
    pipeline.run(kestrel.harbor)
    case = ExceptionCase.objects.get()
    assert (case.code, case.documents) == ("no_site_allowed", 2)
    assert (sink.names, depot.names) == ([], [])
    rules(kestrel, 2, force("ATL2"))
    assert replay.replay(held_orders(), actor="Ana Ruiz", cause="rule 10 mended") == 2
    pipeline.run(kestrel.harbor)
    assert depot.names == ["1", "2"]
    case.refresh_from_db()
    assert case.state == "resolved"


def test_a_replay_that_finds_no_site_again_keeps_the_case_open(kestrel, shop, reno, sink):
    rules(kestrel, 1, force("SEA9"))
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    replay.replay(held_orders(), actor="Ana Ruiz", cause="hope")
    pipeline.run(kestrel.harbor)
    assert pipeline.states() == ["held"]
    still_open = ExceptionCase.objects.filter(closed_at=None)
    assert [(c.code, c.documents) for c in still_open] == [("no_site_allowed", 1)]


def test_of_two_versions_without_a_site_only_the_later_is_held(kestrel, shop, reno, sink):
    rules(kestrel, 1, force("SEA9"))
    pipeline.store(shop, pipeline.order(quantity="1"))
    pipeline.run(kestrel.harbor)
    pipeline.store(shop, pipeline.order(quantity="2"))
    pipeline.run(kestrel.harbor)
    assert pipeline.states() == ["superseded", "held"]
    assert ExceptionCase.objects.get().documents == 1
    rules(kestrel, 2, force("RNO1"))
    replay.replay(held_orders(), actor="Ana Ruiz", cause="rule 10 mended")
    pipeline.run(kestrel.harbor)
    assert [o["lines"][0]["quantity"] for o in sink.taken] == ["2"]


def test_a_paused_site_gets_no_new_orders(kestrel, shop, reno, atlanta, sink, depot):
    reno.state = "paused"
    reno.save()
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    assert (sink.names, depot.names) == ([], ["1001"])
    assert "RNO1 rejected: not active" in RouteDecision.objects.get().explanation["text"]


def test_an_order_only_a_paused_site_may_take_waits_for_it_and_goes_on_resume(
    kestrel, shop, reno, atlanta, sink, depot, operator
):
    rules(kestrel, 1, force("RNO1"))
    with set_actor(Person.objects.get(email="operator@kestrel.test")):
        attend.pause(reno)
    pipeline.store(shop, pipeline.order("1"), pipeline.order("2"))
    pipeline.run(kestrel.harbor)
    assert not ExceptionCase.objects.exists()
    assert pipeline.states(direction="in") == ["applied", "applied"]
    assert pipeline.states(direction="out") == ["waiting", "waiting"]
    assert RecordEvent.objects.filter(cause="waiting for Reno, paused by Operator").count() == 2
    decision = RouteDecision.objects.first()
    assert decision.chosen == "RNO1"
    assert (
        "RNO1 chosen: paused, the order waits for it, forced (rule 10)"
        in (decision.explanation["text"])
    )
    attend.resume(reno)
    pipeline.run(kestrel.harbor)
    assert (sink.names, depot.names) == (["1", "2"], [])
    assert RouteDecision.objects.count() == 2


def test_an_order_waits_for_a_paused_site_when_the_others_have_not_enough(
    kestrel, shop, reno, atlanta, sink, depot
):
    stock(kestrel, reno, RNO1="9", ATL2="1")
    attend.pause(reno)
    pipeline.store(shop, pipeline.order(quantity="2"))
    pipeline.run(kestrel.harbor)
    assert RecordEvent.objects.filter(cause="waiting for Reno, which is paused").count() == 1
    attend.resume(reno)
    pipeline.run(kestrel.harbor)
    assert (sink.names, depot.names) == (["1001"], [])


def test_an_order_cancelled_at_the_source_is_told_to_the_site_that_has_it_and_to_no_other(
    kestrel, shop, reno, atlanta, sink, depot
):
    rules(kestrel, 1, force("ATL2"))
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    pipeline.store(shop, pipeline.order(status="cancelled"))
    pipeline.run(kestrel.harbor)
    assert (sink.names, [o["status"] for o in depot.taken]) == ([], ["open", "cancelled"])
    assert Record.objects.get().state == "cancelled"


def test_a_cancelled_order_that_was_held_for_a_site_closes_its_case(kestrel, shop, reno, sink):
    rules(kestrel, 1, force("SEA9"))
    pipeline.store(shop, pipeline.order())
    pipeline.run(kestrel.harbor)
    pipeline.store(shop, pipeline.order(status="cancelled"))
    pipeline.run(kestrel.harbor)
    assert pipeline.states() == ["superseded", "applied"]
    assert ExceptionCase.objects.get().state == "resolved"
    assert sink.tried == []
