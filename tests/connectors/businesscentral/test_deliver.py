"""Orders into Business Central: created once, changed with care, deleted where that is wanted."""

import json
from typing import Any

import pytest

from integrations.connectors.businesscentral.settings import DELETED, takes_cancels
from integrations.connectors.outbound import Outcome
from portal.core.errors import NeedsPerson, Permanent, Retryable
from tests.connectors.businesscentral.harness import ORDERS, Harness
from tests.connectors.conformance import client_of
from tests.connectors.odata.server import ODataServer


def deliver(client: Any, *items: Any) -> Outcome:
    [outcome] = client.deliver(items)
    return outcome


def sent_to(system: ODataServer, method: str) -> list[tuple[str, dict[str, str], bytes]]:
    return [(path, headers, body) for made, path, headers, body in system.asked
            if made == method and path != "/token"]  # fmt: skip


def test_an_order_goes_in_with_its_lines_and_numbers_are_numbers(
    businesscentral: Harness, client: Any, system: ODataServer
) -> None:
    outcome = deliver(client, businesscentral.outbound(key="HB-1"))
    assert (outcome.error, outcome.remote_id) == (None, next(iter(system.sets[ORDERS])))
    [(path, _, body)] = sent_to(system, "POST")
    assert path.endswith(ORDERS)
    assert b'"quantity":3,"unitPrice":133.10' in body
    assert b"status" not in body


def test_an_order_whose_answer_was_lost_is_found_and_not_made_twice(
    businesscentral: Harness, client: Any, system: ODataServer
) -> None:
    system.faults.append(("POST", "lost"))
    lost = deliver(client, businesscentral.outbound(key="O'Neil 1"))
    assert isinstance(lost.error, Retryable)
    assert lost.error.uncertain
    again = deliver(client, businesscentral.outbound(key="O'Neil 1", retried=True))
    assert (again.error, again.remote_id) == (None, next(iter(system.sets[ORDERS])))
    assert system.created == 1


def test_an_order_that_is_found_with_other_lines_asks_a_person(
    businesscentral: Harness, client: Any, system: ODataServer
) -> None:
    deliver(client, businesscentral.outbound(key="HB-1"))
    next(iter(system.sets[ORDERS].values()))["salesOrderLines"].clear()
    outcome = deliver(client, businesscentral.outbound(key="HB-1", retried=True))
    assert isinstance(outcome.error, NeedsPerson)
    assert [(p.code, p.path) for p in outcome.error.problems] == [
        ("change_not_supported", "salesOrderLines")
    ]
    assert system.created == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "Application_DialogException"), (409, "Internal_EntityWithSameKeyExists"),
     (400, "BadRequest_InvalidToken")],
)  # fmt: skip
def test_a_refusal_is_told_in_their_words_without_the_id_of_the_call(
    businesscentral: Harness, client: Any, system: ODataServer, status: int, code: str
) -> None:
    words = (
        "The Item No. TENT-2P is blocked.  CorrelationId:  0f8fad5b-d9cb-469f-a165-70867728950e."
    )
    said = {"error": {"code": code, "message": words}}
    system.faults.append(("POST", (status, {}, json.dumps(said).encode())))
    outcome = deliver(client, businesscentral.outbound(key="HB-1"))
    assert isinstance(outcome.error, NeedsPerson)
    assert [(p.code, p.value, p.text) for p in outcome.error.problems] == [
        ("erp_refused", code, "The Item No. TENT-2P is blocked.")
    ]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"externalDocumentNumber": ""}, "missing_field"),
        ({"externalDocumentNumber": "x" * 36}, "too_large"),
        ({"salesOrderLines": [{"lineObjectNumber": "T", "quantity": "many"}]}, "wrong_format"),
    ],
)
def test_an_order_that_cannot_go_is_not_sent(
    businesscentral: Harness, client: Any, system: ODataServer, changed: Any, code: str
) -> None:
    outcome = deliver(client, businesscentral.outbound(key="HB-1", **changed))
    assert isinstance(outcome.error, NeedsPerson)
    assert outcome.error.code == code
    assert system.created == 0


def test_another_address_is_written_with_the_version_that_was_read(
    businesscentral: Harness, client: Any, system: ODataServer
) -> None:
    made = deliver(client, businesscentral.outbound(key="HB-1")).remote_id
    moved = businesscentral.outbound(key="HB-1", shipToCity="Elko")._replace(remote_id=made)
    system.faults.append(("PATCH", "changed"))
    outcome = deliver(client, moved)
    assert (outcome.error, outcome.remote_id) == (None, made)
    assert outcome.sent == b'{"shipToCity":"Elko"}'
    # Somebody came in between: it was read again, and written with the version that is there now.
    assert len({headers["if-match"] for _, headers, _ in sent_to(system, "PATCH")}) == 2
    assert system.sets[ORDERS][str(made)]["shipToCity"] == "Elko"


def test_who_always_comes_in_between_makes_it_wait(
    businesscentral: Harness, client: Any, system: ODataServer
) -> None:
    made = deliver(client, businesscentral.outbound(key="HB-1")).remote_id
    system.faults += [("PATCH", "changed")] * 3
    moved = businesscentral.outbound(key="HB-1", shipToCity="Elko")._replace(remote_id=made)
    outcome = deliver(client, moved)
    assert isinstance(outcome.error, Retryable)
    assert outcome.error.code == "conflict"


@pytest.fixture
def deleting(businesscentral: Harness, system: ODataServer) -> Any:
    to = businesscentral.to(system, cancels=DELETED)
    assert takes_cancels(to)
    with client_of(businesscentral.connector, to) as client:
        yield client


def test_a_cancelled_order_is_deleted_and_a_second_time_it_is_gone(
    businesscentral: Harness, deleting: Any, system: ODataServer
) -> None:
    made = deliver(deleting, businesscentral.outbound(key="HB-1")).remote_id
    cancel = businesscentral.outbound(key="HB-1", status="cancelled")._replace(remote_id=made)
    assert deliver(deleting, cancel).error is None
    assert system.sets[ORDERS] == {}
    assert deliver(deleting, cancel._replace(retried=True)).error is None
    assert isinstance(deliver(deleting, cancel).error, Permanent)


def test_an_order_of_which_goods_left_is_not_deleted(
    businesscentral: Harness, deleting: Any, system: ODataServer
) -> None:
    made = deliver(deleting, businesscentral.outbound(key="HB-1")).remote_id
    system.sets[ORDERS][str(made)]["salesOrderLines"][0]["shippedQuantity"] = 1
    cancel = businesscentral.outbound(key="HB-1", status="cancelled")._replace(remote_id=made)
    outcome = deliver(deleting, cancel)
    assert isinstance(outcome.error, NeedsPerson)
    assert outcome.error.code == "order_not_open"
    assert system.sets[ORDERS]


@pytest.mark.parametrize(
    ("remote_id", "code"),
    [("5d115c9c-44e3-ea11-bb43-000d3a2feca1", "change_not_supported"), (None, "unknown_order")],
)
def test_a_cancel_that_cannot_be_made_asks_a_person(
    businesscentral: Harness, client: Any, remote_id: str | None, code: str
) -> None:
    assert not takes_cancels(businesscentral.connection())
    cancel = businesscentral.outbound(key="HB-1", status="cancelled")._replace(remote_id=remote_id)
    outcome = deliver(client, cancel)
    assert isinstance(outcome.error, NeedsPerson)
    assert outcome.error.code == code


def test_what_is_no_id_is_not_put_into_an_address(
    businesscentral: Harness, client: Any, system: ODataServer
) -> None:
    odd = businesscentral.outbound(key="HB-1")._replace(remote_id="1)/../x?(")
    assert isinstance(deliver(client, odd).error, NeedsPerson)
    assert system.asked == []


def test_what_it_does_not_take_is_said(businesscentral: Harness, client: Any) -> None:
    outcome = deliver(client, businesscentral.outbound(key="HB-1")._replace(object_type="shipment"))
    assert isinstance(outcome.error, Permanent)
    assert outcome.error.code == "not_supported"
