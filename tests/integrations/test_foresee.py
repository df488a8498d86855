"""The dry run of a remedy: it says what would happen, and nothing happens."""

import json
from collections import Counter
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from integrations.domain import (
    changes,
    configuration,
    foresee,
    hub,
    lookups,
    receive,
    replay,
    reroute,
)
from integrations.domain.problems import ProblemsOpened
from integrations.domain.translate import Translator
from integrations.models import LookupRow, LookupTable, Message, Payload, Problem, Record
from monitoring.models import ExceptionCase
from portal.core import events
from portal.core.ids import uuid7
from portal.customers.models import Customer
from tests import pipeline
from tests.integrations.test_pipeline import sink
from tests.monitoring.conftest import harbor, hold
from tests.pages.scenery import HELD_ROWS

__all__ = ["harbor", "sink"]

pytestmark = pytest.mark.db


def nothing() -> None:
    """A remedy that changes nothing for all."""


def again(ids: list[UUID]) -> None:
    replay.replay(ids, actor="Ana Ruiz", cause="replayed by Ana Ruiz")


def row(place, code: str, value: str = "TENT-2P"):
    return lambda: lookups.put(place.table, code, value, by="Ana Ruiz", insist=True)


def held(**filters) -> list[UUID]:
    found = Message.objects.filter(state="held", **filters)
    return list(found.order_by("id").values_list("pk", flat=True))


def foreseen(place, *, change=nothing, release=again, ids=None) -> list[foresee.Foreseen]:
    ids = held() if ids is None else ids
    found = foresee.foresee(place.customer_id, ids, change=change, release=release)
    return [one for chunk in found for one in chunk]


def told(found) -> list[tuple[str, str, str]]:
    return [(one.verdict, one.code, one.text) for one in found]


def everything() -> dict[str, list]:
    """Every row of the partner, of every table."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'kestrel'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1')
            found[name] = [line for (line,) in cursor.fetchall()]
        cursor.execute("SELECT t::text FROM public.jobs_wake t ORDER BY 1")
        found["jobs_wake"] = [line for (line,) in cursor.fetchall()]
    return found


def test_a_lookup_row_frees_every_order_that_wants_it(harbor):
    hold(harbor, "1001", "1002", "1003")
    found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert told(found) == [("pass", "", "becomes an order, goes to Erp")] * 3
    assert [(str(one.amount), one.currency) for one in found] == [("128.0000", "USD")] * 3
    assert found[0].targets == ("Erp",)


def test_nothing_has_changed_afterwards_and_nobody_was_told(harbor, sink):
    hold(harbor, "1001", "1002")
    before = everything()
    foreseen(harbor, change=row(harbor, "TENT-OLD"))
    foreseen(harbor)  # and where they are held again
    assert everything() == before
    assert sink.taken == []
    assert ExceptionCase.objects.count() == 1


def test_a_drafted_configuration_is_not_remembered(harbor):
    hold(harbor, "1001")
    before = configuration.live(harbor.customer_id)
    foreseen(harbor, change=row(harbor, "TENT-OLD"))
    after = configuration.live(harbor.customer_id)
    assert after.lookups["sku"].rows == {"TENT-2P": "TENT-2P"}
    assert after.version == before.version
    assert Customer.objects.get(pk=harbor.customer_id).config_version == before.version


def test_the_next_change_gets_the_number_of_the_draft_and_nothing_else_of_it(harbor):
    hold(harbor, "1001")
    foreseen(harbor, change=row(harbor, "TENT-OLD"))
    row(harbor, "STOVE-X")()
    assert set(configuration.of(harbor.customer_id).lookups["sku"].rows) == {"TENT-2P", "STOVE-X"}


def test_no_lane_is_woken(harbor, django_capture_on_commit_callbacks):
    hold(harbor, "1001")
    with django_capture_on_commit_callbacks() as callbacks:
        foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert callbacks == []


def test_a_document_that_fails_for_another_reason_says_which(harbor):
    lines = pipeline.order()["lines"]
    two = [{**lines[0], "sku": "TENT-OLD"}, {**lines[0], "line_no": "2", "sku": "STOVE-X"}]
    pipeline.store(
        harbor.shop, pipeline.order("1001", sku="TENT-OLD"), pipeline.order("1002", lines=two)
    )
    pipeline.run(harbor.customer_id)
    found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert told(found) == [
        ("pass", "", "becomes an order, goes to Erp"),
        ("fail", "unknown_sku", "“STOVE-X” has no row in lookup table sku."),
    ]
    failed = found[1]
    assert (failed.path, failed.value, failed.targets) == ("lines[1].sku", "STOVE-X", ())
    assert failed.fingerprint == ExceptionCase.objects.get(value="STOVE-X").fingerprint


def test_causes_are_told_apart_and_documents_of_one_cause_say_the_same(harbor):
    hold(harbor, "1001", "1002")
    hold(harbor, "1003", sku="STOVE-X")
    found = foreseen(harbor)
    assert Counter(told(found)) == {
        ("fail", "unknown_sku", "“TENT-OLD” has no row in lookup table sku."): 2,
        ("fail", "unknown_sku", "“STOVE-X” has no row in lookup table sku."): 1,
    }


def test_what_would_be_held_on_the_way_out_fails(harbor):
    hold(harbor, "1001")
    harbor.erp.mappings.create(
        object_type="order", direction="out", version=1,
        rows=[["number", "number"], ["account", "$lookup('account', channel)"]],
    )  # fmt: skip
    LookupTable.objects.create(customer_id=harbor.customer_id, name="account", default="hold")
    (found,) = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert told([found]) == [
        ("fail", "lookup_missing", "“shop” has no row in lookup table account.")
    ]
    assert (found.path, found.value) == ("account", "shop")


def test_a_document_that_was_taken_care_of_meanwhile_is_impossible(harbor):
    hold(harbor, "1001", "1002")
    first, second = held()
    row(harbor, "TENT-OLD")()
    again([first])
    pipeline.run(harbor.customer_id)
    found = foreseen(harbor, ids=[first, second])
    assert [(one.verdict, one.code) for one in found] == [
        ("impossible", "not_held"),
        ("pass", ""),
    ]
    assert found[0].text.startswith("no longer held: applied at ")
    assert found[0].text.endswith(" by Ana Ruiz")


def test_a_document_without_content_is_impossible_to_replay_and_can_be_skipped(harbor):
    hold(harbor, "1001", "1002")
    first, _ = held()
    Message.objects.filter(pk=first).update(payload_id=None)
    found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert told(found) == [
        ("impossible", "purged", "its content was removed"),
        ("pass", "", "becomes an order, goes to Erp"),
    ]
    found = foreseen(harbor, release=lambda ids: replay.skip(ids, actor="Ana", reason="twice"))
    assert told(found) == [("pass", "", "ends here")] * 2


def test_a_payload_row_that_is_gone_is_no_content_either(harbor):
    hold(harbor, "1001")
    Payload.objects.all().delete()
    assert told(foreseen(harbor)) == [("impossible", "purged", "its content was removed")]


def test_a_document_that_does_not_exist_is_gone(harbor):
    (found,) = foreseen(harbor, ids=[uuid7()])
    assert told([found]) == [("impossible", "gone", "it is not there any more")]


def test_a_document_of_another_customer_is_refused_before_anything_is_tried(kestrel, harbor):
    hold(harbor, "1001")
    done = []
    with pytest.raises(foresee.NotOfThisCustomerError):
        foresee.foresee(
            kestrel.maris, held(), change=lambda: done.append("changed"), release=done.append
        )
    assert done == []


@pytest.fixture
def houses(kestrel, sink):
    """A shop with two warehouses behind the routing rules, and an ERP that hears of every order."""
    shop = pipeline.endpoint(kestrel.harbor, "shop", label="Web shop")
    erp = pipeline.endpoint(kestrel.harbor, "erp", label="ERP database", settings={"url": sink.url},
                            rate_per_second=1000)  # fmt: skip
    pipeline.flow(shop, erp)
    found = SimpleNamespace(customer_id=kestrel.harbor, shop=shop, erp=erp)
    for order, site in enumerate(("RNO1", "ATL2")):
        one = pipeline.endpoint(
            kestrel.harbor, site.lower(), label=f"House {site}", site=site, rate_per_second=1000,
            settings={"url": sink.url, "site_order": order},
        )  # fmt: skip
        pipeline.flow(shop, one, routed=True)
        setattr(found, site, one)
    return found


def stock(place, house, on_hand: str, *, as_of: str = "2026-03-02T10:00:00Z") -> None:
    body = {"site": house.site, "sku": "TENT-2P", "on_hand": on_hand, "uom": "EA", "as_of": as_of}
    pipeline.store(house, body, object_type="inventory")
    pipeline.run(place.customer_id)


def without_site(place, *numbers: str) -> None:
    for house in (place.RNO1, place.ATL2):
        stock(place, house, "1")
    pipeline.store(place.shop, *[pipeline.order(number) for number in numbers])
    pipeline.run(place.customer_id)


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


def test_nobody_hears_of_the_problems_of_a_dry_run(harbor):
    hold(harbor, "1001")
    heard = []
    with events.isolated():
        events.subscribe(ProblemsOpened)(heard.append)
        foreseen(harbor)
    assert heard == []


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


def test_chunks_hear_nothing_of_each_other_and_are_told_as_they_are_done(harbor, monkeypatch):
    monkeypatch.setattr(foresee, "CHUNK", 2)
    hold(harbor, "1001", "1002", "1003")
    ids, heard = held(), []
    found = foresee.foresee(
        harbor.customer_id, ids, change=row(harbor, "TENT-OLD"), release=again,
        progress=lambda done, of: heard.append((done, of)),
    )  # fmt: skip
    assert [one.message_id for one in next(found)] == ids[:2]
    assert heard == [(2, 3)]
    assert LookupRow.objects.filter(code="TENT-OLD").count() == 0
    assert [one.message_id for one in next(found)] == ids[2:]
    assert heard == [(2, 3), (3, 3)]


def test_documents_of_one_object_stay_in_one_chunk(harbor, monkeypatch):
    monkeypatch.setattr(foresee, "CHUNK", 2)
    late, early = "2026-03-02T15:00:00Z", "2026-03-02T13:00:00Z"
    rows = [*HELD_ROWS, ["source_updated_at", "source_updated_at"]]
    harbor.shop.mappings.update(rows=rows)
    changes.touch(harbor.customer_id)
    hold(harbor, "1001", source_updated_at=late)
    hold(harbor, "1002", "1003")
    hold(harbor, "1001", source_updated_at=early, quantity="9")
    found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert [one.text for one in found] == [
        "becomes an order, goes to Erp",
        "is outdone by a later document",
        "becomes an order, goes to Erp",
        "becomes an order, goes to Erp",
    ]


def test_of_two_documents_that_say_the_same_one_goes(harbor):
    rows = [*HELD_ROWS, ["source_updated_at", "source_updated_at"]]
    harbor.shop.mappings.update(rows=rows)
    changes.touch(harbor.customer_id)
    hold(harbor, "1001", source_updated_at="2026-03-02T15:00:00Z")
    hold(harbor, "1001", source_updated_at="2026-03-02T13:00:00Z")
    found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert [(one.text, one.targets) for one in found] == [
        ("becomes an order, goes to Erp", ("Erp",)),
        ("says nothing new", ()),
    ]


def test_a_chunk_that_takes_too_long_is_made_smaller(harbor, monkeypatch):
    monkeypatch.setattr(foresee, "LOCKED_AT_MOST_SECONDS", 0)
    hold(harbor, "1001", "1002", "1003", "1004", "1005")
    found = foresee.foresee(
        harbor.customer_id, held(), change=row(harbor, "TENT-OLD"), release=again
    )
    assert [[one.verdict for one in chunk] for chunk in found] == [["pass"]] * 5


def test_the_configuration_is_built_once_for_all_chunks(harbor, monkeypatch):
    monkeypatch.setattr(foresee, "CHUNK", 1)
    hold(harbor, "1001", "1002", "1003")
    with CaptureQueriesContext(connection) as seen:
        found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert [one.verdict for one in found] == ["pass"] * 3
    assert sum('FROM "integrations_flow"' in query["sql"] for query in seen) == 1


def test_a_change_that_is_refused_is_told_as_it_is(harbor):
    hold(harbor, "1001")
    harbor.table.default = "master"
    harbor.table.save()
    with pytest.raises(lookups.NotAProductError):
        foreseen(
            harbor, change=lambda: lookups.put(harbor.table, "TENT-OLD", "NO-TENT", by="Ana Ruiz")
        )
    assert pipeline.states(direction="in") == ["held"]


def test_a_product_put_into_the_hub_frees_what_wants_it(harbor):
    hold(harbor, "1001")
    harbor.table.default = "master"
    harbor.table.save()

    def change() -> None:
        body = {"sku": "TENT-OLD", "title": "Tent", "status": "active", "base_uom": "EA"}
        offer = hub.Offer(
            None, harbor.erp.pk, "product", "TENT-OLD", body, json.dumps(body), b"1" * 32
        )
        hub.apply(harbor.customer_id, [offer])

    assert told(foreseen(harbor)) == [
        ("fail", "unknown_sku", "“TENT-OLD” has no row in lookup table sku.")
    ]
    assert told(foreseen(harbor, change=change)) == [("pass", "", "becomes an order, goes to Erp")]
    assert not Record.objects.filter(object_type="product").exists()


def test_a_document_that_ended_a_process_is_not_tried_but_can_be_skipped(harbor):
    hold(harbor, "1001", "1002")
    first, _ = held()
    text = f"{receive.DEADLY}, 3 times; an engineer has to look at it"
    Problem.objects.filter(message=first).update(code="poison", text=text)
    found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    assert told(found) == [
        ("impossible", "deadly", "it ended the process that worked on it, so it is not tried here"),
        ("pass", "", "becomes an order, goes to Erp"),
    ]
    found = foreseen(harbor, release=lambda ids: replay.skip(ids, actor="Ana", reason="broken"))
    assert told(found) == [("pass", "", "ends here")] * 2


def test_a_document_that_breaks_our_code_fails_alone(harbor, monkeypatch):
    hold(harbor, "1001", "1002", "1003")
    read = Translator.read

    def breaks(translator, message):
        if b"1002" in message.body:
            raise ZeroDivisionError
        return read(translator, message)

    monkeypatch.setattr(Translator, "read", breaks)
    found = foreseen(harbor, change=row(harbor, "TENT-OLD"))
    broken = "The document stops our own code (ZeroDivisionError); an engineer has to look at it"
    assert told(found) == [
        ("pass", "", "becomes an order, goes to Erp"),
        ("fail", "poison", broken),
        ("pass", "", "becomes an order, goes to Erp"),
    ]
