"""The Tryton connector against Tryton 8.2."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.tryton.client import TrytonClient
from integrations.domain import deliver
from integrations.mapping import MISSING, compile_mapping
from integrations.models import Message
from monitoring.models import ExceptionCase
from portal.core import clock
from portal.core.errors import NeedsPerson, Retryable
from tests import pipeline
from tests.connectors.conformance import client_of, connection, read_stream
from tests.connectors.tryton.harness import order, outbound
from tests.counterparts.tryton_running import Tryton, tryton, work

SALES = pytest.mark.counterpart(system="tryton", flow="order to cash")
STOCK = pytest.mark.counterpart(system="tryton", flow="stock and shipments")
REFUSED = pytest.mark.counterpart(system="tryton", flow="refusals in its own words")
SLOW = pytest.mark.counterpart(system="tryton", flow="more orders than it takes")
CONNECTOR = registry.get("tryton")


@pytest.fixture
def client(erp: Tryton) -> Iterator[TrytonClient]:
    entered = {**erp.settings, "since": "2026-01-01T00:00:00"}
    with client_of(CONNECTOR, connection(CONNECTOR, settings=entered, secrets=erp.secrets)) as made:
        yield made


@pytest.fixture
def new(request: pytest.FixtureRequest) -> str:
    """A number no other test's order has."""
    return f"{request.node.name}-{time.monotonic_ns()}"[-60:]


def sell(client: TrytonClient, document: dict[str, Any], **known: Any) -> Any:
    [outcome] = client.deliver([outbound(document, **known)])
    return outcome


def read(client: TrytonClient, stream: str) -> list[dict[str, Any]]:
    """What a poll from the beginning brings, as valid canonical documents."""
    found = []
    for documents, _ in read_stream(client, stream, {}):
        for one in documents:
            native = CONNECTOR.mapper.read(one.object_type, one.topic, one.body, client._connection)
            mapping = compile_mapping(CONNECTOR.mapper.MAPPINGS[one.object_type, "in"], name="in")
            for document in native.documents:
                outcome = mapping.run(
                    document, lookup=lambda table, code: code,
                    binding=lambda kind, remote: MISSING, context={},
                )  # fmt: skip
                assert outcome.problems == []
                assert validate(one.object_type, outcome.body) == []
                found.append(outcome.body)
    return found


@SALES
def test_it_knows_the_key_and_what_its_user_may_do(client):
    checks = list(client.test_connection())
    assert [check.name for check in checks if check.passed is False] == []
    assert "Tryton knows the key" in next(one.text for one in checks if one.name == "key")


@SALES
def test_an_order_becomes_a_sale_that_it_plans_to_ship_and_to_invoice(client, erp, new):
    outcome = sell(client, order(new))
    assert outcome.error is None, outcome
    [sale] = erp.sales(new)
    assert str(sale["id"]) == outcome.remote_id
    # 2 × 189.00 and 10 % tax of the product's category
    assert (sale["state"], sale["total_amount"]) == ("processing", "415.80")
    assert len(sale["shipments"]) == len(sale["invoices"]) == 1
    [shipment] = erp.find(
        "stock.shipment.out",
        "delivery_address.party_name delivery_address.city delivery_address.street",
        ["id", "=", sale["shipments"][0]],
    )
    address = shipment["delivery_address"]
    assert (address["party_name"], address["street"]) == ("Sam Reyes", "5 Main St")


@SALES
def test_an_order_whose_answer_was_lost_is_one_sale(client, erp, new):
    first = sell(client, order(new))
    again = sell(client, order(new), retried=True)
    once_more = sell(client, order(new))
    assert first.error is again.error is once_more.error is None
    assert first.remote_id == again.remote_id == once_more.remote_id
    assert len(erp.sales(new)) == 1


@SALES
def test_an_order_whose_answer_is_cut_off_is_uncertain_and_then_one_sale(
    client, erp, new, monkeypatch
):
    create = client._api.create

    def lost(*given: Any) -> Any:
        create(*given)  # Tryton has done it
        raise Retryable("the connection was cut", uncertain=True)

    monkeypatch.setattr(client._api, "create", lost)
    outcome = sell(client, order(new, ship_to=None))
    assert isinstance(outcome.error, Retryable) and outcome.error.uncertain
    monkeypatch.undo()
    [draft] = erp.sales(new)
    again = sell(client, order(new, ship_to=None), retried=True)
    assert (again.error, again.remote_id) == (None, str(draft["id"]))
    assert [sale["state"] for sale in erp.sales(new)] == ["processing"]


@SALES
def test_two_channels_may_count_alike(client, erp, new):
    first = sell(client, order(new, description="webshop"))
    second = sell(client, order(new, description="marketplace"))
    assert first.remote_id != second.remote_id
    assert len(erp.sales(new)) == 2


@SALES
def test_an_address_is_entered_once(client, erp, new):
    for number in range(3):
        sell(client, order(f"{new}-{number}"))
    same = erp.find(
        "party.address", "city", ["party_name", "=", "Sam Reyes"], ["street", "=", "5 Main St"]
    )
    assert len(same) == 1


@SALES
def test_its_invoice_comes_back_once_it_is_posted(client, erp, new):
    sell(client, order(new))
    [sale] = erp.sales(new)
    erp.press("account.invoice", sale["invoices"][0], "post")
    [invoice] = [one for one in read(client, "invoices") if one.get("order_number") == new]
    assert invoice["status"] == "posted"
    assert invoice["totals"] == {"lines": "378.00", "tax": "37.80", "total": "415.80"}
    assert [(line["sku"], line["quantity"]) for line in invoice["lines"]] == [("TENT-2P", "2")]


@SALES
def test_an_order_can_be_cancelled_until_it_is_planned(erp, new):
    entered = {**erp.settings, "order_state": "quotation"}
    with client_of(
        CONNECTOR, connection(CONNECTOR, settings=entered, secrets=erp.secrets)
    ) as client:
        known = sell(client, order(new)).remote_id
        assert sell(client, order(new, status="cancelled"), remote_id=known).error is None
        assert [sale["state"] for sale in erp.sales(new)] == ["cancelled"]


@SALES
def test_an_order_that_is_planned_is_not_cancelled_behind_its_back(client, erp, new):
    known = sell(client, order(new)).remote_id
    outcome = sell(client, order(new, status="cancelled"), remote_id=known)
    assert isinstance(outcome.error, NeedsPerson)
    assert outcome.error.code == "change_not_supported"
    assert [sale["state"] for sale in erp.sales(new)] == ["processing"]


@SALES
def test_its_orders_and_their_lines_can_be_compared(client, new):
    known = sell(client, order(new)).remote_id
    [said] = [
        one for one in client.orders(since=clock.now() - timedelta(hours=1)) if one.number == new
    ]
    assert (said.remote_id, said.status, said.total) == (known, "open", "415.80")
    [line] = client.order_lines([known])[known]
    assert (line.item, line.quantity) == ("TENT-2P", "2")


@REFUSED
def test_a_product_it_does_not_have_is_told_with_its_place(client, erp, new):
    lines = [{**order(new)["lines"][0], "product": "NOPE"}]
    outcome = sell(client, order(new, lines=lines))
    assert isinstance(outcome.error, NeedsPerson)
    [problem] = outcome.error.problems
    assert (problem.code, problem.path, problem.value) == (
        "unknown_sku",
        "lines[0].product",
        "NOPE",
    )
    assert erp.sales(new) == []


@REFUSED
def test_what_it_refuses_is_told_in_its_own_words_and_makes_nothing(client, erp, new):
    lines = [{**order(new)["lines"][0], "quantity": "2.5"}]
    outcome = sell(client, order(new, lines=lines))
    assert isinstance(outcome.error, NeedsPerson)
    assert outcome.error.code == "erp_refused"
    assert 'for field "Quantity"' in outcome.error.problems[0].text
    assert outcome.answer["status"] == 400
    assert erp.sales(new) == []


@SALES
def test_a_sale_that_stands_half_way_is_led_on_from_there(client, erp, new):
    entered = {**erp.settings, "order_state": "draft"}
    with client_of(CONNECTOR, connection(CONNECTOR, settings=entered, secrets=erp.secrets)) as only:
        known = sell(only, order(new)).remote_id
    assert [sale["state"] for sale in erp.sales(new)] == ["draft"]
    again = sell(client, order(new))
    assert (again.error, again.remote_id) == (None, known)
    assert [sale["state"] for sale in erp.sales(new)] == ["processing"]


@REFUSED
def test_a_party_it_does_not_have_is_told(client, new):
    outcome = sell(client, order(new, party="C-404"))
    assert isinstance(outcome.error, NeedsPerson)
    assert outcome.error.code == "missing_customer"


@STOCK
def test_a_shipment_that_it_did_comes_back(client, erp, new):
    sell(client, order(new))
    [sale] = erp.sales(new)
    erp.ship(sale["shipments"][0])
    [shipment] = [one for one in read(client, "shipments") if one["order_number"] == new]
    assert (shipment["site"], shipment["status"]) == ("WH", "complete")
    assert shipment["lines"] == [{"sku": "TENT-2P", "shipped": "2", "uom": "EA"}]
    assert shipment["ship_to"]["name"] == "Sam Reyes"


@STOCK
def test_what_a_warehouse_shipped_is_done_there_and_comes_back_no_second_time(client, erp, new):
    known = sell(client, order(new)).remote_id
    before = erp.quantity("TENT-2P")
    shipped = {"order_id": known, "reference": f"S-{new}", "shipped_on": clock.now().date().isoformat(),
               "tracking": ["1Z999"], "lines": [{"product": "TENT-2P", "quantity": "2"}]}  # fmt: skip
    for retried in (False, True):
        outcome = sell(client, shipped, kind="shipment", retried=retried)
        assert outcome.error is None, outcome
    assert [sale["shipment_state"] for sale in erp.sales(new)] == ["sent"]
    assert erp.quantity("TENT-2P") == before - 2
    resource = f"stock.shipment.out,{outcome.remote_id}"
    notes = erp.find("ir.note", "message", ["resource", "=", resource])
    assert [note["message"] for note in notes] == ["1Z999"]
    assert [one for one in read(client, "shipments") if one["order_number"] == new] == []


@STOCK
def test_what_was_not_shipped_stays_to_be_shipped(client, erp, new):
    lines = [
        {"product": sku, "quantity": "5", "unit": "", "unit_price": "9.50"}
        for sku in ("MUG-330", "ROPE-10")
    ]
    known = sell(client, order(new, lines=lines)).remote_id
    first = {
        "order_id": known,
        "reference": f"A-{new}",
        "lines": [{"product": "MUG-330", "quantity": "3"}],
    }
    rest = {"order_id": known, "reference": f"B-{new}",
            "lines": [{"product": "MUG-330", "quantity": "2"}, {"product": "ROPE-10", "quantity": "5"}]}  # fmt: skip
    assert sell(client, first, kind="shipment").error is None
    assert [sale["shipment_state"] for sale in erp.sales(new)] == ["partially shipped"]
    more = {**rest, "reference": f"C-{new}", "lines": [{"product": "MUG-330", "quantity": "9"}]}
    refused = sell(client, more, kind="shipment").error
    assert isinstance(refused, NeedsPerson) and refused.code == "over_shipment"
    assert sell(client, rest, kind="shipment").error is None
    assert [sale["shipment_state"] for sale in erp.sales(new)] == ["sent"]


@STOCK
def test_a_shipment_waits_until_a_worker_of_tryton_has_planned_it(tmp_path, new):
    with tryton(tmp_path, worker=True) as queues:
        given = connection(CONNECTOR, settings=queues.settings, secrets=queues.secrets)
        with client_of(CONNECTOR, given) as client:
            known = sell(client, order(new)).remote_id
            assert [sale["state"] for sale in queues.sales(new)] == ["confirmed"]
            for number in ("A", "B"):
                part = {"order_id": known, "reference": f"{number}-{new}",
                        "lines": [{"product": "TENT-2P", "quantity": "1"}]}  # fmt: skip
                early = sell(client, part, kind="shipment").error
                assert isinstance(early, Retryable) and "has not planned yet" in str(early)
                work(tmp_path)
                assert sell(client, part, kind="shipment", retried=True).error is None
        work(tmp_path)
        assert [sale["shipment_state"] for sale in queues.sales(new)] == ["sent"]


@STOCK
def test_its_stock_is_read_at_first_whole_and_then_as_far_as_it_moved(client, erp, new):
    levels = {one["sku"]: one for one in read(client, "stock")}
    assert set(levels) == {"TENT-2P", "STOVE-1", "MUG-330", "ROPE-10", "LAMP-LED"}
    assert Decimal(levels["LAMP-LED"]["on_hand"]) == Decimal(str(erp.quantity("LAMP-LED")))
    *_, (_, cursor) = read_stream(client, "stock", {})
    line = {"product": "LAMP-LED", "quantity": "4", "unit": "", "unit_price": "24.00"}
    sell(client, order(new, lines=[line]))
    [sale] = erp.sales(new)
    erp.ship(sale["shipments"][0])
    # no look back: what other tests moved before the first pass stays out of sight
    client._connection = connection(
        CONNECTOR, settings={**erp.settings, "overlap_seconds": 0}, secrets=erp.secrets
    )
    [(documents, _)] = read_stream(client, "stock", cursor)
    moved = {json.loads(one.body)["product"]["code"] for one in documents}
    assert "LAMP-LED" in moved
    [level] = [one for one in read(client, "stock") if one["sku"] == "LAMP-LED"]
    assert Decimal(level["on_hand"]) == Decimal(levels["LAMP-LED"]["on_hand"]) - 4


@STOCK
def test_its_products_and_customers_are_read(client):
    products = {one["sku"]: one for one in read(client, "products")}
    assert (products["MUG-330"]["title"], products["MUG-330"]["price"]) == ("Enamel mug", "7.25")
    [customer] = [one for one in read(client, "customers") if one["account"] == "C-1"]
    assert (customer["name"], customer["email"]) == ("Harbor Outfitters", "buying@harbor.example")
    assert customer["addresses"][0]["lines"] == ["1 Pier Road"]


@STOCK
def test_a_change_is_met_by_the_next_pass(client, erp):
    *_, (_, cursor) = read_stream(client, "products", {})
    [product] = erp.find("product.product", "template", ["code", "=", "STOVE-1"])
    erp.change("product.template", product["template"], name="Stove, folding")
    names = [
        json.loads(one.body)["template"]["name"]
        for documents, _ in read_stream(client, "products", cursor)
        for one in documents
    ]
    assert "Stove, folding" in names


@STOCK
def test_its_levels_can_be_compared(client, erp):
    levels = {one.item: one for one in client.levels()}
    assert levels["ROPE-10"].location == "WH"
    assert Decimal(levels["ROPE-10"].quantity) == Decimal(str(erp.quantity("ROPE-10")))


@SLOW
@pytest.mark.db
def test_orders_come_faster_than_it_takes_and_none_is_lost(kestrel, erp, new, monkeypatch):
    shop = pipeline.endpoint(kestrel.harbor, "shop")
    target = pipeline.endpoint(
        kestrel.harbor, "tryton", "tryton", secrets=erp.secrets, concurrency=2,
        settings={**erp.settings, "house_account": "C-1"},
    )  # fmt: skip
    pipeline.flow(shop, target)
    monkeypatch.setattr(deliver, "SEND_SECONDS", 2.0)  # a turn is over before all are taken
    numbers = [f"{new[-40:]}-{n}" for n in range(12)]
    pipeline.store(shop, *(pipeline.order(number) for number in numbers))
    pipeline.receive.receive(kestrel.harbor)
    out = Message.objects.filter(endpoint=target)
    assert out.filter(state="waiting").count() == 12
    left, deadline = [], time.monotonic() + 90
    while out.exclude(state="confirmed").exists():
        assert time.monotonic() < deadline, "\n".join(pipeline.story())
        deliver.deliver(target.pk)
        left.append(out.filter(state="waiting").count())
    assert left[0] > 0 and left[-1] == 0, left
    assert [len(erp.sales(number)) for number in numbers] == [1] * 12
    assert ExceptionCase.objects.count() == 0
