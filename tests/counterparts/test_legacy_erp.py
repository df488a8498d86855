"""Orders, shipments and stock through the stored procedures and tables of an old ERP, on engines that we did
not write: whole or not at all, once, and refused in the ERP's own words."""

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from integrations.connectors.outbound import Outbound, Outcome
from integrations.connectors.sql.client import SqlClient
from portal.core.errors import NeedsCredentials, NeedsPerson
from tests.connectors.conformance import read_stream
from tests.connectors.sql.harness import order
from tests.counterparts import mariadb_install, postgresql_install
from tests.counterparts.legacy_erp import ITEMS, LegacyErp
from tests.counterparts.running import free_port

FLOW = "orders, shipments and stock by stored procedures"
NOW = datetime(2026, 3, 3, tzinfo=UTC)
numbers = (f"WEB-{10_000 + at}" for at in itertools.count())


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=pytest.mark.counterpart(system=name, flow=FLOW))
        for name in ("mariadb", "postgresql")
    ],
)
def erp(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if request.param == "postgresql":
        begun = postgresql_install.server()
        password = postgresql_install.PASSWORD
    else:
        begun = mariadb_install.server(tmp_path_factory.mktemp("mariadb"), port=free_port())
        password = ""
    with begun as url:
        made = LegacyErp(url, password)
        yield made
        made.close()


@pytest.fixture
def client(erp: LegacyErp) -> SqlClient:
    return erp.client()


@pytest.fixture
def number() -> str:
    """A web order number that no other test uses."""
    return next(numbers)


def lines(*given: tuple[str, str]) -> list[dict[str, str]]:
    return [
        {"number": str(at), "item": item, "qty": quantity, "price": "129.00"}
        for at, (item, quantity) in enumerate(given, start=1)
    ]


def outbound(
    document: dict[str, Any], object_type: str = "order", *, retried: bool = False
) -> Outbound:
    return Outbound(uuid4(), object_type, f"harbor/{document['reference']}", document, None, retried)  # fmt: skip


def deliver(
    client: SqlClient, document: dict[str, Any], *named: str, retried: bool = False
) -> Outcome:
    [outcome] = client.deliver([outbound(document, *named, retried=retried)])
    return outcome


def problem_of(outcome: Outcome) -> Any:
    assert isinstance(outcome.error, NeedsPerson), outcome.error
    [problem] = outcome.error.problems
    return problem


def test_an_order_is_taken_whole_by_the_procedure(erp, client, number) -> None:
    before = erp.on_hand(ITEMS[0])
    outcome = deliver(client, order(number, lines=lines((ITEMS[0], "24"), (ITEMS[1], "2"))))
    assert outcome.error is None
    [(order_no, *head)] = erp.run(
        f"SELECT order_no, cust_no, ship_city, freight, status FROM sales_order WHERE cust_ref = '{number}'"
    )
    assert (outcome.remote_id, outcome.answer["status"]) == (str(order_no), "created")
    assert [str(value) for value in head] == ["WEB", "RENO", "12.5000", "OPEN"]
    taken = erp.run(f"SELECT item_no, qty FROM sales_order_line WHERE order_no = {order_no}")
    assert [(item, int(many)) for item, many in taken] == [(ITEMS[0], 24), (ITEMS[1], 2)]
    assert erp.on_hand(ITEMS[0]) == before - 24


def test_an_unknown_item_is_refused_in_its_own_words_and_all_is_rolled_back(
    erp, client, number
) -> None:
    before = erp.on_hand(ITEMS[0])
    wrong = order(number, lines=lines((ITEMS[0], "5"), ("TENT2P-OLD", "1")))
    problem = problem_of(deliver(client, wrong))
    assert (problem.code, problem.path) == ("unknown_sku", "lines[1].item")
    assert "ITEM UNKNOWN OR SHORT: TENT2P-OLD" in problem.text
    assert erp.run(f"SELECT * FROM sales_order WHERE cust_ref = '{number}'") == []
    assert erp.on_hand(ITEMS[0]) == before


def test_the_settings_say_what_a_number_means_and_the_rest_is_told_in_its_words(
    erp, number
) -> None:
    unexplained = erp.client(errors='{"31003": credit_hold, P3103: credit_hold}')
    wrong = order(number, lines=lines(("NOBODYS", "1")))
    assert problem_of(deliver(unexplained, wrong)).code == "credit_hold"
    nowhere = erp.client(writes={"order": {"look_up": "SELECT 1 WHERE 1 = 0", "call": "CALL gone(:document)"}})  # fmt: skip
    problem = problem_of(deliver(nowhere, order(number)))
    assert problem.code == "erp_refused"
    assert "gone" in problem.text


@pytest.mark.parametrize("retried", [False, True])
def test_an_order_delivered_twice_is_there_once(erp, client, number, retried) -> None:
    before = erp.on_hand(ITEMS[2])
    document = order(number, lines=lines((ITEMS[2], "3")))
    first = deliver(client, document)
    second = deliver(client, document, retried=retried)
    assert (second.error, second.remote_id) == (None, first.remote_id)
    assert second.answer["status"] == "already there"
    assert erp.on_hand(ITEMS[2]) == before - 3


def test_a_duplicate_key_that_the_look_up_does_not_find_is_held_and_nothing_is_taken(
    erp, number
) -> None:
    """The look-up of this entry is blind, so that the procedure itself meets the key."""
    seen = "SELECT order_no FROM sales_order WHERE cust_ref = :reference"
    blind = {"order": {"look_up": f"{seen} AND tracking IS NOT NULL", "call": "CALL import_order(:document)"}}  # fmt: skip
    document = order(number, lines=lines((ITEMS[0], "1")))
    assert deliver(erp.client(), document).error is None
    before = erp.on_hand(ITEMS[0])
    problem = problem_of(deliver(erp.client(writes=blind), document))
    assert problem.code == "erp_refused"
    assert "uplicate" in problem.text
    assert erp.on_hand(ITEMS[0]) == before


def test_the_same_order_from_many_threads_at_once_is_there_once(erp, client, number) -> None:
    before = erp.on_hand(ITEMS[1])
    same = order(number, lines=lines((ITEMS[1], "2")))
    outcomes = list(client.deliver([outbound(same) for _ in range(12)]))
    assert [outcome.error for outcome in outcomes] == [None] * 12
    assert len({outcome.remote_id for outcome in outcomes}) == 1
    assert erp.on_hand(ITEMS[1]) == before - 2


def test_a_shipment_is_booked_once_and_a_second_one_is_refused(erp, client, number) -> None:
    deliver(client, order(number, lines=lines((ITEMS[0], "1"))))
    shipment = {"reference": number, "shipment": "SH-1", "tracking": "1Z1", "lines": []}
    assert deliver(client, shipment, "shipment").error is None
    assert deliver(client, shipment, "shipment").answer["status"] == "already there"
    problem = problem_of(deliver(client, {**shipment, "tracking": "1Z2"}, "shipment"))
    assert (problem.code, "NOT OPEN" in problem.text) == ("order_not_open", True)
    assert erp.run(f"SELECT status, tracking FROM sales_order WHERE cust_ref = '{number}'") == [
        ("SHIPPED", "1Z1")
    ]


def test_a_cancellation_finds_what_is_open_and_nothing_else(erp, client, number) -> None:
    document = order(number, lines=lines((ITEMS[0], "1")))
    deliver(client, document)
    cancelled = {**document, "status": "cancelled"}
    assert deliver(client, cancelled).answer["status"] == "cancelled"
    assert problem_of(deliver(client, cancelled)).code == "not_found"


def test_stock_is_polled_and_what_changed_comes_again(erp, number) -> None:
    client = erp.client(overlap_seconds=0, page_size=2)
    documents, cursor = [], {}
    for page, behind in read_stream(client, "stock", cursor):
        documents += page
        cursor = behind
    assert sorted(json.loads(one.body)["item_no"] for one in documents) == ITEMS
    deliver(client, order(number, lines=lines((ITEMS[1], "7"))))
    [again] = client.fetch("stock", cursor, now=NOW).documents
    told = json.loads(again.body)
    assert (told["item_no"], float(told["on_hand"])) == (ITEMS[1], erp.on_hand(ITEMS[1]))


def test_the_connection_test_tells_what_can_be_done(erp, client) -> None:
    found = {line.name: line for line in client.test_connection()}
    assert [found[name].passed for name in ("host", "key", "scope", "clock")] == [True] * 4
    assert found["scope"].text == "It reads stock, products and writes order, shipment."


def test_a_wrong_login_is_told_and_stops(erp, number) -> None:
    wrong = erp.client(url=erp.url.replace("erp@", "stranger@"))
    outcome = deliver(wrong, order(number))
    assert isinstance(outcome.error, NeedsCredentials)
    assert "refused the login" in str(outcome.error)
