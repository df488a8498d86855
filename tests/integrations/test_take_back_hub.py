"""Taking back what documents said in the hub: what was there before comes back as a new version."""

import json

import pytest
from django.utils import timezone

from integrations.canonical.problem import Problem as Found
from integrations.domain import problems, receive, replay
from integrations.domain.problems import Trouble
from integrations.models import Endpoint, Message, Problem, Record, RecordVersion
from tests import pipeline
from tests.formats.x12_samples import SET_846
from tests.integrations.taking_back import books, held, passed, replayed, standing, undo
from tests.scenarios.test_order_life import shipment
from tests.scenarios.test_x12 import received

pytestmark = pytest.mark.db

WITHOUT_CANCEL = """
order:
  look_up: SELECT order_no FROM sales_order WHERE cust_ref = :reference
  call: CALL import_order(:document)
"""


@pytest.fixture(autouse=True)
def _books_balance(kestrel):
    yield
    assert books() == [], pipeline.story()


@pytest.fixture
def shop(kestrel):
    return pipeline.endpoint(kestrel.harbor, "shop", settings={})


@pytest.fixture
def erp(kestrel, shop, sink):
    made = pipeline.endpoint(
        kestrel.harbor, "erp", settings={"url": sink.url}, rate_per_second=1000, concurrency=1
    )
    for object_type in ("order", "inventory", "return", "product"):
        pipeline.flow(shop, made, object_type)
    standing()
    return made


def came(shop, body, object_type="order", *, send=True):
    pipeline.store(shop, body, object_type=object_type)
    receive.receive(shop.customer_id)
    if send:
        pipeline.run(shop.customer_id)


def mended(shop, *bodies, object_type="order", send=False):
    """Broken documents, edited by Ana into these bodies. Returns them and a moment before."""
    pipeline.store(shop, *[b"{broken %d" % n for n in range(len(bodies))], object_type=object_type)
    receive.receive(shop.customer_id)
    ids, since = held(direction="in"), timezone.now()
    for message_id, body in zip(ids, bodies, strict=True):
        replay.edit_and_replay(
            message_id, json.dumps(body).encode(), actor="Ana Ruiz", reason="typed by hand"
        )
    receive.receive(shop.customer_id)
    if send:
        pipeline.run(shop.customer_id)
    return ids, since


def quantities(record):
    """What the hub says of an order, version by version."""
    before = RecordVersion.objects.filter(record=record).order_by("version")
    return [body["lines"][0]["quantity"] for body in (*(b.body for b in before), record.body)]


def out(**filters):
    found = Message.objects.filter(direction="out", **filters).order_by("record_version")
    return list(found.values_list("record_version", "state"))


def test_a_change_that_was_not_sent_is_followed_by_what_was_there_before(shop, erp, sink):
    came(shop, pipeline.order("1001", quantity="1"))
    ids, since = mended(shop, pipeline.order("1001", quantity="5"))
    assert out() == [(1, "confirmed"), (2, "waiting")]
    assert undo(ids, since) == [("taken_back", "held again; what was there before stands")]
    order = Record.objects.get()
    assert (order.version, quantities(order)) == (3, ["1", "5", "1"])
    assert out() == [(1, "confirmed"), (2, "superseded")]
    replay.edit_and_replay(
        ids[0], json.dumps(pipeline.order("1001", quantity="7")).encode(), actor="Ana", reason="7"
    )
    pipeline.run(shop.customer_id)
    assert [o["lines"][0]["quantity"] for o in sink.taken] == ["1", "7"]


def test_a_change_the_target_has_stays(shop, erp, sink):
    came(shop, pipeline.order("1001", quantity="1"))
    ids, since = mended(shop, pipeline.order("1001", quantity="5"), send=True)
    assert undo(ids, since) == [("stays", "Erp has this change")]
    assert quantities(Record.objects.get()) == ["1", "5"]


def test_two_versions_of_one_order_are_taken_back_newest_first(shop, erp):
    bodies = [pipeline.order("1001", quantity=quantity) for quantity in ("1", "5")]
    ids, since = mended(shop, *bodies)
    assert out() == [(1, "waiting"), (2, "waiting")]
    assert undo(ids, since) == [
        ("taken_back", "held again; nothing of it had been sent"),
        ("taken_back", "held again; what was there before stands"),
    ]
    order = Record.objects.get()
    assert (order.state, quantities(order)) == ("on_hold", ["1", "5", "1"])
    assert out() == [(1, "superseded"), (2, "superseded")]
    assert held() == ids


def test_the_older_of_two_versions_stays_while_the_newer_one_does(shop, erp):
    bodies = [pipeline.order("1001", quantity=quantity) for quantity in ("1", "5")]
    ids, since = mended(shop, *bodies)
    assert undo(ids[:1], since) == [("stays", "a later document of the same object came")]
    assert [outcome for outcome, _ in undo(ids[1:], since)] == ["taken_back"]
    assert [outcome for outcome, _ in undo(ids[:1], since)] == ["taken_back"]


def test_a_change_that_cancelled_its_order_stays(shop, erp):
    came(shop, pipeline.order("1001"), send=False)
    ids, since = mended(shop, pipeline.order("1001", status="cancelled"))
    assert undo(ids, since) == [("stays", "the order is cancelled")]


def test_a_change_that_put_its_order_on_hold_stays(shop, erp):
    came(shop, pipeline.order("1001"), send=False)
    ids, since = mended(shop, pipeline.order("1001", status="on_hold"))
    assert undo(ids, since) == [("stays", "it moved the order to on hold")]


def stock(on_hand, at):
    return {"site": "RNO1", "sku": "TENT-2P", "on_hand": on_hand, "as_of": f"2026-03-02T{at}:00Z"}


def test_a_stock_report_that_was_not_sent_is_outdone_by_the_one_before(shop, erp, sink):
    came(shop, stock("9", "10:00"), "inventory")
    ids, since = mended(shop, stock("90", "11:00"), object_type="inventory")
    assert undo(ids, since) == [("taken_back", "held again; what was there before stands")]
    assert Record.objects.get().body["on_hand"] == "9"
    assert out() == [(1, "confirmed"), (2, "superseded"), (3, "waiting")]
    pipeline.run(shop.customer_id)
    assert [report["on_hand"] for report in sink.taken] == ["9", "9"]


def test_after_a_stock_report_that_was_sent_the_one_before_is_sent_again(shop, erp, sink):
    came(shop, stock("9", "10:00"), "inventory")
    ids, since = mended(shop, stock("90", "11:00"), object_type="inventory", send=True)
    told = "Erp had it; what was there before is sent after it"
    assert undo(ids, since) == [("compensated", told)]
    assert held() == ids
    pipeline.run(shop.customer_id)
    assert [report["on_hand"] for report in sink.taken] == ["9", "90", "9"]


def test_a_first_stock_report_stays(shop, erp):
    ids, since = mended(shop, stock("9", "10:00"), object_type="inventory")
    told = "the hub knows it since, and there is nothing before to go back to"
    assert undo(ids, since) == [("stays", told)]
    assert out() == [(1, "waiting")]


@pytest.fixture
def depot(kestrel):
    """A warehouse that sends X12 files. Nothing is sent to it here."""
    settings = {"host": "127.0.0.1", "port": 9, "user": "u", "host_key": "", "drop_folder": "in",
                "pick_up_folder": "out", "site": "RNO1", "own_id": "PORTAL", "partner_id": "NWIND3PL",
                "usage": "T"}  # fmt: skip
    return pipeline.endpoint(
        kestrel.harbor, "northwind", "x12", settings=settings, site="RNO1", state="paused"
    )


def edited_into(depot, object_type, body):
    pipeline.store(depot, b"damaged", object_type=object_type)
    receive.receive(depot.customer_id)
    ids, since = held(), timezone.now()
    replay.edit_and_replay(ids[0], body, actor="Ana Ruiz", reason="as it was meant")
    receive.receive(depot.customer_id)
    return ids, since


def test_a_file_that_was_split_stays(depot):
    ids, since = edited_into(depot, "interchange", received("IB", SET_846))
    told = "it was split into its documents, and they go their own way"
    assert undo(ids, since) == [("stays", told)]


def test_several_objects_of_one_document_stay(depot):
    edited_into(depot, "interchange", received("IB", SET_846))
    receive.receive(depot.customer_id)
    part = bytes(Message.objects.get(object_type="inventory").payload.body)
    assert Record.objects.filter(object_type="inventory").count() > 1
    Record.objects.all().delete()
    ids, since = edited_into(depot, "inventory", part)
    assert undo(ids, since) == [("stays", "it changed several objects")]


def test_a_shipment_in_the_hub_stays(shop, erp):
    came(shop, pipeline.order("1001"))
    ids, since = mended(shop, shipment(), object_type="shipment")
    assert undo(ids, since) == [("stays", "what it shipped is booked on its order")]


def test_a_return_that_was_not_sent_is_held_again(shop, erp, sink):
    came(shop, pipeline.order("1001"))
    ids, since = mended(shop, a_return(), object_type="return")
    assert out(object_type="return") == [(1, "waiting")]
    assert undo(ids, since) == [("taken_back", "held again; nothing of it had been sent")]
    assert out(object_type="return") == [(1, "superseded")]
    body = json.dumps(a_return()).encode()
    replay.edit_and_replay(ids[0], body, actor="Ana Ruiz", reason="it was right")
    pipeline.run(shop.customer_id)
    assert out(object_type="return") == [(1, "superseded"), (2, "confirmed")]


def a_return():
    return {
        "number": "R-1", "order_number": "1001", "requested_at": "2026-03-04T10:00:00Z",
        "status": "requested", "lines": [{"sku": "TENT-2P", "quantity": "1", "reason": "damaged"}],
    }  # fmt: skip


def test_a_return_the_target_has_stays(shop, erp):
    came(shop, pipeline.order("1001"))
    ids, since = mended(shop, a_return(), object_type="return", send=True)
    assert undo(ids, since) == [("stays", "Erp has it")]


def test_an_order_stays_at_a_system_that_takes_no_cancel(harbor, sink):
    ids, since = passed(harbor, "1001")
    pipeline.run(harbor.customer_id)
    erp = Endpoint.objects.get(pk=harbor.erp.pk)
    erp.connector = "sql"
    erp.settings = {"url": "sqlite:////srv/erp.db", "writes": WITHOUT_CANCEL}
    erp.save()
    assert undo(ids, since) == [("stays", "Erp has it and takes no cancel")]
    assert Record.objects.get().state == "released"
    assert Message.objects.filter(direction="out").get().state == "confirmed"


def test_an_accepted_remark_is_open_again(shop, erp):
    came(shop, pipeline.order("1001"))
    message = Message.objects.get(direction="in")
    found = Found("short_shipment", "lines[0].shipped", "TENT-2P", "1 of 2 shipped")
    problems.open_problems([Trouble(message.pk, shop.customer_id, shop.pk, "order", [found])])
    since = Problem.objects.get().opened_at
    replay.skip([message.pk], actor="Ana Ruiz", reason="the customer knows")
    assert undo([message.pk], min(since, Problem.objects.get().closed_at)) == [
        ("taken_back", "its remark is open again")
    ]
    assert Problem.objects.get().closed_at is None
    assert message.state == "applied"


def test_what_follows_a_skipped_order_waits_for_it_again(shop, erp, sink):
    depot = pipeline.endpoint(shop.customer_id, "reno", settings={}, site="RNO1")
    pipeline.flow(depot, erp, "shipment")
    standing()
    sink.status = 422
    came(shop, pipeline.order("1001"))
    sink.status = 200
    came(depot, shipment(), "shipment")
    ids, since = held(), timezone.now()
    replay.skip(ids, actor="Ana Ruiz", reason="typed in by hand there")
    assert undo(ids, since) == [("taken_back", "held again")]
    pipeline.run(shop.customer_id)
    assert out(object_type="shipment") == [(1, "waiting")]
    assert sink.taken == []
    replayed(ids)
    pipeline.run(shop.customer_id)
    assert [document["number"] for document in sink.taken] == ["1001", "S-1"]
