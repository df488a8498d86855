"""Orders and shipments into the ERP, on SQLite and PostgreSQL."""

import uuid
from typing import Any

import pytest

from integrations.connectors.outbound import Outcome
from integrations.connectors.sql.client import SqlClient
from portal.core.errors import NeedsCredentials, NeedsPerson, Permanent, Retryable
from tests.connectors.sql.conftest import outbound
from tests.connectors.sql.erp import Erp
from tests.connectors.sql.harness import order


@pytest.fixture
def number() -> str:
    """A web order number that no other test uses."""
    return f"WEB-{uuid.uuid4().hex[:10]}"


def deliver(client: SqlClient, document: dict[str, Any], **named: Any) -> Outcome:
    [outcome] = client.deliver([outbound(document, **named)])
    return outcome


def problem_of(outcome: Outcome):
    assert isinstance(outcome.error, NeedsPerson)
    [problem] = outcome.error.problems
    return problem


def shipment(reference: str, **changes: Any) -> dict[str, Any]:
    return {
        "reference": reference,
        "shipment": "SH-1",
        "tracking": "1Z0001",
        "shipped_on": "2026-03-03",
        "lines": [{"item": "10-00217", "qty": "24"}],
        **changes,
    }


def test_an_order_is_written_whole(client: SqlClient, erp: Erp, number: str) -> None:
    outcome = deliver(client, order(number))
    [row] = erp.orders(number)
    assert outcome.error is None
    assert outcome.confirmed
    assert outcome.remote_id == str(row["order_no"])
    assert outcome.answer["status"] == "created"
    assert (row["cust_no"], row["ship_city"], row["status"]) == ("WEB", "RENO", "OPEN")
    assert str(row["order_date"]) == "2026-03-02"
    assert float(row["freight"]) == 12.5
    assert erp.lines(number) == [("10-00217", 24, 0), ("10-00234", 2, 0)]


@pytest.mark.parametrize("retried", [False, True])
def test_an_order_delivered_twice_is_there_once(
    client: SqlClient, erp: Erp, number: str, retried: bool
) -> None:
    first = deliver(client, order(number))
    second = deliver(client, order(number), retried=retried)
    assert second.error is None
    assert second.remote_id == first.remote_id
    assert second.answer["status"] == "already there"
    assert len(erp.orders(number)) == 1
    assert erp.lines(number) == [("10-00217", 24, 0), ("10-00234", 2, 0)]


def test_the_same_order_from_many_threads_at_once_is_there_once(
    client: SqlClient, erp: Erp, number: str
) -> None:
    outcomes = list(client.deliver([outbound(order(number)) for _ in range(12)]))
    assert [outcome.error for outcome in outcomes] == [None] * 12
    assert len({outcome.remote_id for outcome in outcomes}) == 1
    assert len(erp.orders(number)) == 1


def test_an_unknown_item_is_told_in_the_erps_words_and_nothing_stays(
    client: SqlClient, erp: Erp, number: str
) -> None:
    lines = [
        {"number": "1", "item": "10-00217", "qty": "1", "price": "1"},
        {"number": "2", "item": "TENT2P-OLD", "qty": "1", "price": "1"},
    ]
    problem = problem_of(deliver(client, order(number, lines=lines)))
    assert (problem.code, problem.path, problem.value) == (
        "unknown_sku",
        "lines[1].item",
        "TENT2P-OLD",
    )
    assert problem.text.startswith("The ERP says: E103 ITEM UNKNOWN OR BLOCKED")
    assert erp.orders(number) == []


def test_an_unknown_customer_is_told(client: SqlClient, erp: Erp, number: str) -> None:
    problem = problem_of(deliver(client, order(number, customer="C99999")))
    assert problem.code == "missing_customer"
    assert "E102 CUSTOMER UNKNOWN" in problem.text


def test_a_quantity_of_zero_is_told(client: SqlClient, number: str) -> None:
    lines = [{"number": "1", "item": "10-00217", "qty": "0", "price": "1"}]
    problem = problem_of(deliver(client, order(number, lines=lines)))
    assert problem.code == "quantity_not_positive"
    assert "E104" in problem.text


def test_one_refused_order_does_not_stop_the_others(
    client: SqlClient, erp: Erp, number: str
) -> None:
    documents = [order(f"{number}-{n}", customer="C99999" if n == 3 else "WEB") for n in range(6)]
    outcomes = list(client.deliver([outbound(document) for document in documents]))
    assert sum(outcome.error is None for outcome in outcomes) == 5
    assert [len(erp.orders(f"{number}-{n}")) for n in range(6)] == [1, 1, 1, 0, 1, 1]


def test_a_refusal_nobody_explained_is_told_in_the_erps_words(
    open_client: Any, number: str
) -> None:
    writes = {"order": {"look_up": "SELECT 1 WHERE 1 = 0", "call": "SELECT a FROM nowhere"}}
    problem = problem_of(deliver(open_client(writes=writes), order(number)))
    assert problem.code == "erp_refused"
    assert "nowhere" in problem.text


def test_a_persons_error_map_wins_over_the_usual_meanings(open_client: Any, number: str) -> None:
    client = open_client(errors='{P3102: credit_hold, "^E102": credit_hold}')
    problem = problem_of(deliver(client, order(number, customer="C99999")))
    assert problem.code == "credit_hold"


def test_a_change_to_a_known_order_is_for_a_person(
    client: SqlClient, erp: Erp, number: str
) -> None:
    known = deliver(client, order(number)).remote_id
    problem = problem_of(deliver(client, order(number, freight="99"), remote_id=known))
    assert problem.code == "change_not_supported"
    assert float(erp.orders(number)[0]["freight"]) == 12.5


def test_a_change_is_written_where_the_erp_takes_it(
    open_client: Any, erp: Erp, number: str
) -> None:
    look_up = "SELECT order_no FROM sales_order WHERE cust_ref = :reference"
    change = "UPDATE sales_order SET freight = :freight WHERE cust_ref = :reference"
    client = open_client(
        writes={"order": {"look_up": look_up, "statements": ["SELECT 1"], "change": [change]}}
    )
    erp.take_shipped_order(number)
    outcome = deliver(client, order(number, freight="99"), remote_id="5")
    assert outcome.answer["status"] == "changed"
    assert float(erp.orders(number)[0]["freight"]) == 99


def test_a_cancellation_is_booked_once_and_may_be_repeated(
    client: SqlClient, erp: Erp, number: str
) -> None:
    known = deliver(client, order(number)).remote_id
    for retried in (False, True):
        outcome = deliver(
            client, order(number, status="cancelled"), remote_id=known, retried=retried
        )
        assert outcome.error is None
    assert erp.orders(number)[0]["status"] == "CANCELLED"


def test_cancelling_what_was_never_there_leaves_nothing(
    client: SqlClient, erp: Erp, number: str
) -> None:
    outcome = deliver(client, order(number, status="cancelled"))
    assert (outcome.error, outcome.remote_id) == (None, None)
    assert erp.orders(number) == []


def test_cancelling_what_was_shipped_is_for_a_person(
    client: SqlClient, erp: Erp, number: str
) -> None:
    erp.take_shipped_order(number)
    problem = problem_of(deliver(client, order(number, status="cancelled"), remote_id="5"))
    assert (problem.code, problem.value) == ("not_found", number)


def test_a_shipment_is_booked_once(client: SqlClient, erp: Erp, number: str) -> None:
    deliver(client, order(number))
    for retried in (False, True):
        outcome = deliver(client, shipment(number), object_type="shipment", retried=retried)
        assert outcome.error is None
    [row] = erp.orders(number)
    assert (row["status"], row["tracking"]) == ("SHIPPED", "1Z0001")
    assert erp.lines(number) == [("10-00217", 24, 24), ("10-00234", 2, 0)]


def test_a_shipment_of_an_order_the_erp_does_not_have_open_is_for_a_person(
    client: SqlClient, number: str
) -> None:
    problem = problem_of(deliver(client, shipment(number), object_type="shipment"))
    assert problem.code in {"order_not_open", "not_found"}
    assert problem.value == number


def test_an_object_the_erp_has_no_statements_for_is_refused(client: SqlClient, number: str) -> None:
    outcome = deliver(client, order(number), object_type="return")
    assert isinstance(outcome.error, Permanent)


def test_values_are_bound_and_never_part_of_the_statement(
    client: SqlClient, erp: Erp, number: str
) -> None:
    hostile = "Robert'); DROP TABLE sales_order;--"
    document = order(number)
    document["ship_to"]["name"] = hostile
    assert deliver(client, document).error is None
    assert erp.orders(number)[0]["ship_name"] == hostile


@pytest.mark.parametrize(
    ("writes", "says"),
    [
        ("order: [", "writes is not YAML near line 1"),
        ("order: 5", "writes.order must have fields"),
        ("order: {look_up: SELECT 1}", "needs `call` or `statements`"),
        ("order: {call: SELECT 1}", "needs `look_up`"),
        ("order: {look_up: SELECT 1, statements: [{run: SELECT 1}]}", "has `each` and `run`"),
    ],
)
def test_unusable_settings_open_one_case_for_the_endpoint(
    open_client: Any, writes: str, says: str
) -> None:
    with pytest.raises(NeedsCredentials) as caught:
        list(open_client(writes=writes).deliver([outbound(order("X"))]))
    assert caught.value.code == "settings_invalid"
    assert says in str(caught.value)


def test_a_lost_connection_is_uncertain_and_a_hung_statement_is_not(
    open_client: Any, erp: Erp, number: str
) -> None:
    if not erp.url.startswith("postgresql"):
        pytest.skip("SQLite has no connection that can be lost")
    for call, code, uncertain in (
        ("SELECT pg_terminate_backend(pg_backend_pid())", "unavailable", True),
        (
            "SELECT set_config('statement_timeout', '50', true); SELECT pg_sleep(5)",
            "timeout",
            False,
        ),
    ):
        statements = [part.strip() for part in call.split(";")]
        writes = {"order": {"look_up": "SELECT 1 WHERE false", "statements": statements}}
        outcome = deliver(open_client(writes=writes), order(number))
        assert isinstance(outcome.error, Retryable)
        assert (outcome.error.code, outcome.error.uncertain) == (code, uncertain)
