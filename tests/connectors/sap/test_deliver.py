"""Orders into an SAP system: created once, changed with care, rejected as a whole."""

import json
from typing import Any

import pytest

from integrations.connectors.outbound import Outcome
from integrations.connectors.sap.settings import takes_cancels
from portal.core.errors import NeedsPerson, Permanent, Retryable
from tests.connectors.conformance import client_of
from tests.connectors.odata.server import ODataServer
from tests.connectors.sap.harness import ORDERS, Harness


def deliver(client: Any, *items: Any) -> Outcome:
    [outcome] = client.deliver(items)
    return outcome


def sent_to(system: ODataServer, method: str) -> list[tuple[str, dict[str, str]]]:
    return [
        (path, headers)
        for made, path, headers, _ in system.asked
        if made == method and path != "/token"
    ]


def test_an_order_goes_in_with_its_items_in_one_call(
    sap: Harness, client: Any, system: ODataServer
) -> None:
    outcome = deliver(client, sap.outbound(key="HB-1"))
    assert (outcome.error, outcome.remote_id) == (None, "4801")
    assert outcome.answer["status"] == 201
    body = json.loads(outcome.sent)
    assert body["RequestedDeliveryDate"] == "/Date(1772755200000)/"
    assert "status" not in body
    [(_, headers)] = sent_to(system, "POST")
    assert headers["x-csrf-token"]
    # The cookies of the session and no date out of them.
    assert headers["cookie"].split("; ")[1:] == ["lb=7"]


def test_one_session_serves_many_orders_and_an_ended_one_is_renewed_once(
    sap: Harness, client: Any, system: ODataServer
) -> None:
    list(client.deliver([sap.outbound(key=f"HB-{n}") for n in range(6)]))
    assert (system.created, system.csrf_fetched) == (6, 1)
    system.csrf.clear()
    assert deliver(client, sap.outbound(key="HB-7")).error is None
    assert (system.created, system.csrf_fetched) == (7, 2)


def test_a_system_that_takes_none_of_its_tokens_is_tried_later(
    sap: Harness, client: Any, system: ODataServer
) -> None:
    system.faults += [("POST", (403, {"x-csrf-token": "Required"}, b""))] * 2
    outcome = deliver(client, sap.outbound(key="HB-1"))
    assert type(outcome.error) is Retryable
    assert system.created == 0


def test_an_order_whose_answer_was_lost_is_found_and_not_made_twice(
    sap: Harness, client: Any, system: ODataServer
) -> None:
    system.faults.append(("POST", "lost"))
    lost = deliver(client, sap.outbound(key="O'Neil 1"))
    assert isinstance(lost.error, Retryable)
    assert lost.error.uncertain
    assert lost.sent
    again = deliver(client, sap.outbound(key="O'Neil 1", retried=True))
    assert (again.error, again.remote_id) == (None, "4801")
    assert system.created == 1


def test_the_same_reference_of_another_customer_is_another_order(
    sap: Harness, client: Any, system: ODataServer
) -> None:
    deliver(client, sap.outbound(key="PO-1"))
    deliver(client, sap.outbound(key="PO-1", retried=True, SoldToParty="17100002"))
    assert system.created == 2


def test_a_refusal_is_told_in_saps_words_without_its_warnings(
    sap: Harness, client: Any, system: ODataServer
) -> None:
    system.refuses["TENT-2P"] = ("V1/331", "Material TENT-2P is not defined for sales org. 1710")
    outcome = deliver(client, sap.outbound(key="HB-1"))
    assert isinstance(outcome.error, NeedsPerson)
    assert [(p.code, p.value, p.text) for p in outcome.error.problems] == [
        ("erp_refused", "V1/331", "Material TENT-2P is not defined for sales org. 1710")
    ]
    assert outcome.answer["status"] == 400


@pytest.mark.parametrize(("reference", "code"), [("", "missing_field"), ("x" * 36, "too_large")])
def test_an_order_that_could_not_be_found_again_is_not_sent(
    sap: Harness, client: Any, system: ODataServer, reference: str, code: str
) -> None:
    outcome = deliver(client, sap.outbound(key=reference))
    assert isinstance(outcome.error, NeedsPerson)
    assert outcome.error.code == code
    assert (system.created, outcome.sent) == (0, b"")


def test_another_delivery_date_is_written_with_the_version_that_was_read(
    sap: Harness, client: Any, system: ODataServer
) -> None:
    number = deliver(client, sap.outbound(key="HB-1")).remote_id
    etag = system.sets[ORDERS]["4801"]["__metadata"]["etag"]
    later = sap.outbound(key="HB-1", RequestedDeliveryDate="2026-04-01")._replace(remote_id=number)
    outcome = deliver(client, later)
    assert (outcome.error, outcome.remote_id) == (None, "4801")
    assert json.loads(outcome.sent) == {"RequestedDeliveryDate": "/Date(1775001600000)/"}
    [(_, headers)] = sent_to(system, "PATCH")
    assert headers["if-match"] == etag
    # The same again changes nothing.
    assert deliver(client, later).answer == {"found": True}
    assert len(sent_to(system, "PATCH")) == 1


def test_who_comes_in_between_is_seen_and_the_order_is_read_again(
    sap: Harness, client: Any, system: ODataServer
) -> None:
    number = deliver(client, sap.outbound(key="HB-1")).remote_id
    later = sap.outbound(key="HB-1", RequestedDeliveryDate="2026-04-01")._replace(remote_id=number)
    system.faults.append(("PATCH", "changed"))
    assert deliver(client, later).error is None
    assert len(sent_to(system, "PATCH")) == 2
    system.faults += [("PATCH", "changed")] * 3
    outcome = deliver(
        client,
        sap.outbound(key="HB-1", RequestedDeliveryDate="2026-05-01")._replace(remote_id=number),
    )
    assert isinstance(outcome.error, Retryable)
    assert outcome.error.code == "conflict"


def test_an_order_that_is_locked_is_tried_later(
    sap: Harness, client: Any, system: ODataServer
) -> None:
    words = b'{"error":{"code":"V1/042","message":{"value":"Sales document 4711 is being processed by ADA"}}}'
    system.faults.append(("POST", (400, {}, words)))
    outcome = deliver(client, sap.outbound(key="HB-1"))
    assert isinstance(outcome.error, Retryable)
    assert "processed by ADA" in str(outcome.error)


def test_other_quantities_of_an_order_that_is_there_ask_a_person(
    sap: Harness, client: Any, system: ODataServer
) -> None:
    number = deliver(client, sap.outbound(key="HB-1")).remote_id
    more = [{"Material": "TENT-2P", "RequestedQuantity": "4", "RequestedQuantityUnit": "PC"}]
    outcome = deliver(client, sap.outbound(key="HB-1", to_Item=more)._replace(remote_id=number))
    assert isinstance(outcome.error, NeedsPerson)
    assert [(p.code, p.path) for p in outcome.error.problems] == [
        ("change_not_supported", "to_Item")
    ]
    assert sent_to(system, "PATCH") == []


def test_a_cancel_rejects_each_item_and_again_changes_nothing(
    sap: Harness, client: Any, system: ODataServer
) -> None:
    number = deliver(client, sap.outbound(key="HB-1")).remote_id
    items = "/API_SALES_ORDER_SRV/A_SalesOrderItem"
    system.fill(items, "SalesOrderItem", system.sets[ORDERS]["4801"]["to_Item"]["results"])
    for row in system.sets[items].values():
        row["__metadata"] = {}  # an item keeps no versions
    to = sap.to(system, rejection_reason="50")
    assert takes_cancels(to)
    cancel = sap.outbound(key="HB-1", status="cancelled")._replace(remote_id=number)
    with client_of(sap.connector, to) as rejecting:
        assert deliver(rejecting, cancel).error is None
        [(path, headers)] = sent_to(system, "PATCH")
        assert path.endswith("A_SalesOrderItem(SalesOrder='4801',SalesOrderItem='10')")
        assert headers["if-match"] == "*"
        assert system.sets[items]["10"]["SalesDocumentRjcnReason"] == "50"
        assert deliver(rejecting, cancel).answer == {"found": True}
    assert len(sent_to(system, "PATCH")) == 1


@pytest.mark.parametrize(
    ("remote_id", "code"), [("4801", "change_not_supported"), (None, "unknown_order")]
)
def test_a_cancel_that_cannot_be_made_asks_a_person(
    sap: Harness, client: Any, remote_id: str | None, code: str
) -> None:
    assert not takes_cancels(sap.connection())
    cancel = sap.outbound(key="HB-1", status="cancelled")._replace(remote_id=remote_id)
    outcome = deliver(client, cancel)
    assert isinstance(outcome.error, NeedsPerson)
    assert outcome.error.code == code


def test_what_it_does_not_take_is_said(sap: Harness, client: Any) -> None:
    outcome = deliver(client, sap.outbound(key="HB-1")._replace(object_type="shipment"))
    assert isinstance(outcome.error, Permanent)
    assert outcome.error.code == "not_supported"


def test_an_order_number_reaches_no_other_address(
    sap: Harness, client: Any, system: ODataServer
) -> None:
    odd = sap.outbound(key="HB-1")._replace(remote_id="4711')/../x?y='")
    assert isinstance(deliver(client, odd).error, Permanent)
    assert all("/../" not in path or "''" in path for _, path, _, _ in system.asked)
