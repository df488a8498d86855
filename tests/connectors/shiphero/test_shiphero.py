"""ShipHero: documents both ways, polls, orders, credits and refusals."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.shiphero import mapper
from integrations.mapping import MISSING, Outcome, compile_mapping
from portal.core.errors import NeedsCredentials, NeedsPerson, Retryable
from tests.connectors.conformance import client_of, read_stream
from tests.connectors.shiphero.harness import order, to
from tests.connectors.shiphero.server import REFRESH, Server

HERE = Path(__file__).parent
SHIPHERO = registry.get("shiphero")
NOW = datetime(2026, 11, 30, 14, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def client(server: Server) -> Iterator[Any]:
    with client_of(SHIPHERO, to(server.url)) as client:
        yield client


def golden(name: str, folder: Path = HERE) -> Any:
    return json.loads((folder / "golden" / f"{name}.json").read_bytes())


def mapped(object_type: str, document: Any, *, direction: Any = "in", **context: Any) -> Outcome:
    return compile_mapping(mapper.MAPPINGS[object_type, direction], name="test").run(
        document,
        lookup=lambda table, code: MISSING if table.endswith("_out") else code,
        binding=lambda kind, known: MISSING,
        context=context,
    )


@pytest.mark.parametrize("object_type", ["shipment", "inventory"])
def test_a_native_document_becomes_the_golden_record(object_type: str) -> None:
    body = json.dumps(golden(f"{object_type}.native")).encode()
    [document] = mapper.read(object_type, "", body, to("http://127.0.0.1:1")).documents
    outcome = mapped(object_type, document)
    assert outcome == (golden(f"{object_type}.canonical"), [])
    assert validate(object_type, outcome.body) == []


def test_an_order_becomes_what_shiphero_takes() -> None:
    body = golden("order.canonical", HERE.parent / "shopify") | {"channel": "web"}
    outcome = mapped("order", body, direction="out", settings={"shop_name": "Orders"})
    assert outcome == (golden("order.out"), [])


def test_a_time_that_is_none_is_a_problem() -> None:
    body = json.dumps(golden("shipment.native") | {"created_date": "soon"}).encode()
    native = mapper.read("shipment", "", body, to("http://127.0.0.1:1"))
    assert (native.documents, native.problems[0].path) == ([], "created_date")


def test_a_shipment_with_many_lines_arrives_whole(server: Server, client: Any) -> None:
    server.ship(1, lines=120)
    [document] = client.fetch("shipments", {}, now=NOW).documents
    assert len(json.loads(document.body)["line_items"]["edges"]) == 120


def test_the_next_pass_asks_from_the_last_change_on(server: Server, client: Any) -> None:
    server.ship(1)
    *_, (_, cursor) = read_stream(client, "shipments", {})
    assert cursor["mark"] == "2026-11-30T12:00:00.000000"
    assert len(client.fetch("shipments", cursor, now=NOW).documents) == 1  # the overlap


def test_an_order_is_made_with_its_warehouse_and_customer(server: Server) -> None:
    with client_of(
        SHIPHERO, to(server.url, warehouse_id="WH1", customer_account_id="C7")
    ) as client:
        [outcome] = client.deliver([order("1001")])
    assert (outcome.error, outcome.remote_id) == (None, "O0")
    [made] = server.orders
    assert made["customer_account_id"] == "C7"
    assert server.asked == ["CreateOrder"]
    [edge] = made["line_items"]()["edges"]
    assert (edge["node"]["warehouse_id"], edge["node"]["quantity"]) == ("WH1", 2)


def test_a_repeated_order_is_looked_for_first(server: Server, client: Any) -> None:
    outcomes = [*client.deliver([order("1001")]), *client.deliver([order("1001", retried=True)])]
    assert [(o.error, o.remote_id) for o in outcomes] == [(None, "O0")] * 2
    assert len(server.orders) == 1


def test_an_order_on_hold_is_held_and_released(server: Server, client: Any) -> None:
    assert next(iter(client.deliver([order("1001", status="on_hold")]))).error is None
    assert server.orders[0]["holds"] == {"client_hold": True}
    [outcome] = client.deliver([order("1001", remote_id="O0")])
    assert (outcome.error, server.held) == (None, [{"order_id": "O0", "client_hold": False}])


def test_a_cancelled_order_is_cancelled_where_it_is_and_not_made(
    server: Server, client: Any
) -> None:
    [outcome] = client.deliver([order("1001", status="cancelled")])
    assert (outcome.error, server.orders, server.cancelled) == (None, [], [])
    list(client.deliver([order("1001")]))
    [outcome] = client.deliver([order("1001", status="cancelled", remote_id="O0")])
    assert (outcome.error, [one["order_id"] for one in server.cancelled]) == (None, ["O0"])
    server.orders[0]["fulfillment_status"] = "canceled"
    [outcome] = client.deliver([order("1001", status="cancelled", remote_id="O0")])
    assert (outcome.error, len(server.cancelled)) == (None, 1)


def test_changed_goods_are_a_persons_affair(server: Server, client: Any) -> None:
    list(client.deliver([order("1001")]))
    changed = order("1001", remote_id="O0")
    changed.document["order"]["line_items"][0]["quantity"] = 5
    [outcome] = client.deliver([changed])
    assert isinstance(outcome.error, NeedsPerson)
    assert "other goods" in outcome.error.problems[0].text


@pytest.mark.parametrize("quantity", [0, 1.5, None, "many"])
def test_a_quantity_that_is_not_whole_never_leaves(
    server: Server, client: Any, quantity: Any
) -> None:
    item = order("1001")
    item.document["order"]["line_items"][0]["quantity"] = quantity
    [outcome] = client.deliver([item])
    assert isinstance(outcome.error, NeedsPerson)
    assert server.asked == []


def test_a_refusal_is_told_in_shipheros_words(server: Server, client: Any) -> None:
    server.refuses = [{"errors": [{"code": 3, "message": "Product TENT-2P does not exist"}], "data": None}]  # fmt: skip
    [outcome] = client.deliver([order("1001")])
    assert isinstance(outcome.error, NeedsPerson)
    assert "TENT-2P does not exist" in outcome.error.problems[0].text


def no_credits(required: int, remaining: int) -> dict[str, Any]:
    error = {
        "code": 30,
        "message": "There are not enough credits to perform the requested operation",
        "required_credits": required,
        "remaining_credits": remaining,
        "time_remaining": "1 seconds",
    }
    return {"errors": [error], "data": None}


def test_credits_are_waited_for(server: Server, client: Any) -> None:
    server.refuses = [no_credits(101, 95)]
    [outcome] = client.deliver([order("1001")])
    assert outcome.error is None
    assert server.asked == ["CreateOrder", "CreateOrder"]


def test_many_credits_are_waited_for_elsewhere(server: Server, client: Any) -> None:
    server.refuses = [no_credits(3000, 0)]
    [outcome] = client.deliver([order("1001")])
    assert isinstance(outcome.error, Retryable)
    assert outcome.error.retry_after == pytest.approx(50)


def test_a_token_is_renewed_once_and_a_dead_refresh_token_is_said(
    server: Server, client: Any
) -> None:
    client.fetch("stock", {}, now=NOW)
    server.tokens.clear()  # they end early now and then
    client.fetch("stock", {}, now=NOW)
    assert len(server.tokens) == 1
    nobody = to(server.url, secret="other")
    with client_of(SHIPHERO, nobody) as stranger, pytest.raises(NeedsCredentials) as caught:
        stranger.fetch("stock", {}, now=NOW)
    assert REFRESH not in str(caught.value)


def test_a_warehouse_there_is_none_of_is_said(server: Server) -> None:
    with client_of(SHIPHERO, to(server.url, warehouse_id="WH9")) as client:
        scope = {check.name: check for check in client.test_connection()}["scope"]
    assert scope.passed is False
    assert "Primary" in scope.text
