"""The dry run of orders that need a warehouse."""

from uuid import UUID

import pytest

from integrations.domain import lookups, reroute
from integrations.models import LookupTable, Message, Problem, Record
from tests import pipeline
from tests.integrations.foreseeing import again, foreseen, held, row, stock, told, without_site
from tests.pages.scenery import HELD_ROWS

pytestmark = pytest.mark.db


def test_orders_without_stock_are_held_again(houses):
    without_site(houses, "1001")
    (found,) = foreseen(houses)
    assert (found.verdict, found.code) == ("fail", "insufficient_stock")
    assert found.text.startswith("No warehouse can take this order: ")


def test_stock_for_two_of_three_orders_lets_two_pass(houses):
    without_site(houses, "1001", "1002", "1003")
    stock(houses, houses.RNO1, "5", as_of="2030-01-01T00:00:00Z")  # 5 ÷ 2 = 2 orders, 1 over
    found = foreseen(houses)
    assert [one.verdict for one in found] == ["pass", "pass", "fail"]
    assert (found[0].text, found[0].targets) == ("goes to House RNO1", ("House RNO1",))


def test_an_order_sent_to_another_warehouse_goes_there(houses):
    without_site(houses, "1001", "1002")
    orders = dict(Message.objects.filter(state="held").values_list("pk", "order_id"))
    found = foreseen(
        houses,
        release=lambda ids: reroute.reroute([orders[i] for i in ids], site="ATL2", actor="Ana"),
    )
    assert told(found) == [("pass", "", "goes to House ATL2")] * 2
    assert found[0].targets == ("House ATL2",)


def test_an_order_sent_back_to_a_warehouse_it_was_taken_from_goes_there(houses):
    without_site(houses, "1001")
    order = Record.objects.get(object_type="order").pk
    reroute.reroute([order], site="ATL2", actor="Ana")
    reroute.reroute([order], site="RNO1", actor="Ana")
    Message.objects.filter(endpoint=houses.RNO1, direction="out").update(state="held")
    found = foreseen(houses, release=lambda _: reroute.reroute([order], site="ATL2", actor="Ana"))
    assert told(found) == [("pass", "", "goes to House ATL2 instead")]


def test_an_order_that_may_not_be_sent_elsewhere_stays_held(houses):
    without_site(houses, "1001")
    Record.objects.filter(object_type="order").update(state="cancelled")
    order = Record.objects.get(object_type="order").pk
    (found,) = foreseen(
        houses, release=lambda _: reroute.reroute([order], site="ATL2", actor="Ana")
    )
    assert (found.verdict, found.code) == ("fail", "insufficient_stock")


def test_what_is_foreseen_is_what_happens(houses):
    """A mixed batch: orders, a change, repeats, unknown items, too little stock, and documents nobody can read."""
    place = houses
    place.table = LookupTable.objects.create(
        customer_id=place.customer_id, name="sku", default="hold"
    )
    place.shop.mappings.create(object_type="order", direction="in", version=1,
                               rows=[*HELD_ROWS, ["source_updated_at", "source_updated_at"]])  # fmt: skip
    lookups.put(place.table, "TENT-2P", "TENT-2P", by="Ana Ruiz")
    for house in (place.RNO1, place.ATL2):
        stock(place, house, "6")
    lines = pipeline.order()["lines"]
    late, early = "2026-03-02T15:00:00Z", "2026-03-02T13:00:00Z"
    pipeline.store(
        place.shop,
        pipeline.order("known", source_updated_at=late),
        pipeline.order("same"),
        pipeline.order("third"),
    )
    pipeline.run(place.customer_id)
    pipeline.store(
        place.shop,
        *[pipeline.order(f"new-{n}", sku="TENT-OLD") for n in range(6)],
        pipeline.order("known", sku="TENT-OLD", source_updated_at=early, quantity="9"),
        pipeline.order("same", sku="TENT-OLD"),
        pipeline.order(
            "same-2", lines=[{**lines[0], "sku": "TENT-OLD"}, {**lines[0], "line_no": "2"}]
        ),
        pipeline.order(
            "two", lines=[{**lines[0], "sku": "TENT-OLD"}, {**lines[0], "sku": "STOVE"}]
        ),
        pipeline.order("bad", sku="TENT-OLD", currency="XXX"),
        b'{"number": "10',
        pipeline.order("dead", sku="TENT-OLD", status="cancelled"),
    )
    pipeline.run(place.customer_id)
    ids = held()
    change = row(place, "TENT-OLD")
    found = foreseen(place, change=change, ids=ids)
    change()
    again(ids)
    pipeline.run(place.customer_id)
    really = dict(Message.objects.filter(pk__in=ids).values_list("pk", "state"))
    assert [(one.verdict, really[one.message_id]) for one in found] == [
        ("pass", "applied"), ("pass", "applied"), ("pass", "applied"),
        ("fail", "held"), ("fail", "held"), ("fail", "held"),
        ("pass", "superseded"), ("pass", "unchanged"), ("fail", "held"), ("fail", "held"),
        ("fail", "held"), ("fail", "held"), ("pass", "applied"),
    ]  # fmt: skip
    problems = Problem.objects.filter(closed_at=None, message__in=ids).order_by("message_id", "-pk")
    assert {
        one.message_id: (one.code, one.fingerprint) for one in found if one.verdict == "fail"
    } == {p.message_id: (p.code, p.fingerprint) for p in problems}
    went = Message.objects.filter(direction="out", state="confirmed").values_list(
        "record_id", flat=True
    )
    passed = Record.objects.filter(pk__in=went).values_list("number", flat=True)
    assert {"new-0", "new-1", "new-2"} <= set(passed)


def test_channels_are_not_told_of_stock_that_is_only_claimed_in_a_dry_run(houses):
    houses.shop.channel = {"share": 1}
    houses.shop.save()
    pipeline.flow(houses.RNO1, houses.shop, "inventory")
    without_site(houses, "1001")
    told_of = Record.objects.filter(object_type="availability")
    seen = []

    def release(ids: list[UUID]) -> None:
        reroute.reroute(orders, site="ATL2", actor="Ana")
        seen.append(list(told_of.values_list("version", flat=True)))

    orders = list(Record.objects.filter(object_type="order").values_list("pk", flat=True))
    before = list(told_of.values_list("version", flat=True))
    foreseen(houses, release=release)
    assert (len(before), seen) == (1, [before])
    reroute.reroute(orders, site="ATL2", actor="Ana")
    assert list(told_of.values_list("version", flat=True)) != before
