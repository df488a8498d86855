"""The published shape of a warehouse, both ways, and what becomes of it there."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Native
from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.rest3pl import mapper
from integrations.mapping import MISSING, compile_mapping
from portal.core.errors import NeedsPerson
from tests.connectors.conformance import SECRET_MARK, client_of, connection, read_stream
from tests.connectors.described.lists import Lists
from tests.connectors.described.vendor import KEY
from tests.connectors.rest3pl.warehouse import Warehouse
from tests.connectors.token_server import TokenServer

REST3PL = registry.get("rest3pl")
GOLDEN = Path(__file__).parent / "golden"
README = Path(mapper.__file__).with_name("README.md").read_text()
KINDS = ["shipment", "inventory", "receipt", "adjustment", "return"]


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_bytes())


def warehouse_at(url: str = "https://wms.example.com", **settings: Any) -> Connection:
    entered = {"url": f"{url}/v1", "site": "RNO1", **settings}
    return connection(REST3PL, settings=entered, secrets={"token": KEY})


def read(object_type: str, document: Any, to: Connection | None = None) -> Native:
    return mapper.read(object_type, "", json.dumps(document).encode(), to or warehouse_at())


def mapped(object_type: str, document: Any, direction: Any = "in") -> dict[str, Any]:
    outcome = compile_mapping(mapper.MAPPINGS[object_type, direction], name="test").run(
        document,
        lookup=lambda table, code: code,
        binding=lambda kind, known: MISSING,
        context={},
    )
    assert outcome.problems == []
    assert outcome.body is not None
    return outcome.body


@pytest.mark.parametrize("object_type", KINDS)
def test_a_row_becomes_the_golden_record(object_type: str) -> None:
    native = read(object_type, golden(f"{object_type}.native"))
    bodies = [mapped(object_type, document) for document in native.documents]
    assert bodies == golden(f"{object_type}.canonical")
    assert validate(object_type, bodies[0]) == []


def test_an_order_becomes_the_golden_call() -> None:
    order = golden("order.canonical")
    assert validate("order", order) == []
    assert mapped("order", order, "out") == golden("order.put")


def test_prices_and_the_buyers_account_stay_here() -> None:
    sent = json.dumps(mapped("order", golden("order.canonical"), "out"))
    private = ("unit_price", "totals", "279", "sam@", "harbor-12", "Thank you", "currency")
    assert [word for word in private if word in sent] == []


@pytest.mark.parametrize("object_type", ["inbound_shipment", "product"])
def test_goods_and_products_go_as_the_shape_says(object_type: str) -> None:
    canonical = json.loads(
        (GOLDEN.parents[1] / "http" / "golden" / f"{object_type}.json").read_bytes()
    )
    sent = mapped(object_type, canonical, "out")
    assert sent == {name: value for name, value in canonical.items() if name in sent}
    assert "lines" in sent or "title" in sent


def test_the_published_shape_names_every_field_that_is_read_or_sent() -> None:
    for rows in mapper.MAPPINGS.values():
        for row in rows:
            for name in row.target.replace("[]", "").split("."):
                if name != "source_updated_at":  # of updated_at
                    assert name in README, name


def test_a_site_that_is_named_stays() -> None:
    [document] = read("inventory", golden("inventory.native") | {"site": "SPK2"}).documents
    assert document["site"] == "SPK2"


@pytest.fixture
def site() -> Iterator[tuple[Warehouse, Lists]]:
    warehouse, server = Warehouse(), Lists()
    server.answer = warehouse.answer
    yield warehouse, server
    server.close()


def outbound(object_type: str, document: dict[str, Any]) -> Outbound:
    return Outbound(UUID(int=1), object_type, "harbor/1", document, None, False)


def deliver(to: Connection, *items: Outbound) -> list[Outcome]:
    with client_of(REST3PL, to) as client:
        return [outcome for item in items for outcome in client.deliver([item])]


def test_an_order_is_put_changed_and_cancelled_under_its_number(
    site: tuple[Warehouse, Lists],
) -> None:
    warehouse, server = site
    order = golden("order.put")
    sent = [order, order, order | {"status": "cancelled"}]
    outcomes = deliver(warehouse_at(server.url), *(outbound("order", one) for one in sent))
    assert [(o.error, o.remote_id) for o in outcomes] == [(None, "W-orders/1001")] * 3
    assert warehouse.put["orders/1001"]["status"] == "cancelled"
    assert warehouse.changes == 2


def test_what_is_packed_is_for_a_person(site: tuple[Warehouse, Lists]) -> None:
    warehouse, server = site
    order = golden("order.put")
    warehouse.put["orders/1001"], warehouse.packed = order, {"orders/1001"}
    same, other = deliver(
        warehouse_at(server.url),
        outbound("order", order),
        outbound("order", order | {"status": "cancelled"}),
    )
    assert same.error is None
    assert isinstance(other.error, NeedsPerson)
    assert "The order is packed." in str([p.text for p in other.error.problems])


@pytest.mark.parametrize("number", ["a/../b", ".."])
def test_a_number_that_climbs_is_for_a_person(site: tuple[Warehouse, Lists], number: str) -> None:
    warehouse, server = site
    [outcome] = deliver(warehouse_at(server.url), outbound("order", {"number": number}))
    assert isinstance(outcome.error, NeedsPerson)
    assert warehouse.put == {}


def test_what_the_warehouse_refuses_is_said_in_its_words(site: tuple[Warehouse, Lists]) -> None:
    _, server = site
    body = {"number": "1", "lines": [{"sku": "NO-1"}]}
    [outcome] = deliver(warehouse_at(server.url), outbound("order", body))
    assert isinstance(outcome.error, NeedsPerson)
    assert "Item NO-1 is not on file." in str([p.text for p in outcome.error.problems])


def test_a_warehouse_may_want_tokens_of_a_token_server(site: tuple[Warehouse, Lists]) -> None:
    warehouse, server = site
    tokens = TokenServer(mark=SECRET_MARK)
    warehouse.tokens = {tokens.token(1)}
    to = connection(
        REST3PL,
        settings={"url": f"{server.url}/v1", "token_url": tokens.token_url, "client_id": "portal"},
        secrets={"client_secret": "s"},
    )
    with client_of(REST3PL, to) as client:
        pages = list(read_stream(client, "stock", {}))
    tokens.close()
    assert [documents for documents, _ in pages] == [[]]
    assert len(tokens.granted) == 1


def test_accounts_are_told_by_the_token() -> None:
    one = REST3PL.account(warehouse_at())
    other = connection(
        REST3PL, settings={"url": "https://wms.example.com/v1"}, secrets={"token": "another"}
    )
    assert one.startswith("wms.example.com/v1#")
    assert one != REST3PL.account(other)
    assert KEY not in one
