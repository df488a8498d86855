"""Orders into, and deliveries, products and invoices out of mock-sap, an imitation of SAP that is not ours.

It has no stock service and calls that of the business partners by another name: those two lists are proven by
golden files only.
"""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound, Outcome
from integrations.mapping import MISSING, compile_mapping
from portal.core import guard
from portal.core.errors import NeedsCredentials, NeedsPerson, Retryable
from tests.connectors.conformance import client_of, connection, read_stream
from tests.connectors.sap.harness import Harness, golden
from tests.counterparts.mock_sap_install import PROGRAM

pytestmark = pytest.mark.counterpart(
    system="mock-sap", flow="order to cash: tokens, CSRF, ETags, refusals, deliveries"
)

SAP = registry.get("sap")
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MockSap:
    """The program as a process of its own, over loopback."""

    def __init__(self, *options: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [str(PROGRAM), "--port", str(self.port), "--oauth", "portal:secret", "--require-if-match",
             "--quiet", *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._wait()

    def _wait(self) -> None:
        for _ in range(100):
            try:
                self.control("GET", "health")
                return
            except requests.ConnectionError:
                time.sleep(0.1)
        raise AssertionError("mock-sap did not start")

    def control(self, method: str, what: str, **named: Any) -> Any:
        answer = requests.request(method, f"{self.url}/_mock/{what}", timeout=10, **named)
        answer.raise_for_status()
        return answer.json()

    def fault(self, **rule: Any) -> None:
        self.control("POST", "faults", json=rule)

    def calls(self, method: str, path: str) -> list[dict[str, Any]]:
        """The requests so far, the newest first."""
        said = self.control("GET", "requests?limit=200")
        found = (
            said
            if isinstance(said, list)
            else next(v for v in said.values() if isinstance(v, list))
        )
        return [one for one in found if one["method"] == method and path in one["path"]]

    def connection(self, *, secret: str = "secret", **settings: Any) -> Connection:
        given = {
            "url": self.url,
            "token_url": f"{self.url}/sap/bc/sec/oauth2/token",
            "client_id": "portal",
            "sales_organization": "1710",
            "distribution_channel": "10",
            "division": "00",
            "delivery_service": "API_OUTBOUND_DELIVERY_SRV",
            "documents_since": "2020-01-01T00:00:00",
            **settings,
        }
        return connection(SAP, settings=given, secrets={"client_secret": secret})

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="module")
def running() -> Iterator[MockSap]:
    started = MockSap()
    yield started
    started.close()


@pytest.fixture
def sap(running: MockSap) -> MockSap:
    guard.set_allowed_networks(lambda: ["127.0.0.0/8"])
    running.control("POST", "reset", json={})
    running.control("DELETE", "faults")
    return running


@pytest.fixture
def client(sap: MockSap) -> Iterator[Any]:
    with client_of(SAP, sap.connection()) as client:
        yield client


def order(key: str, **changed: Any) -> Outbound:
    """The golden order as the default mapping writes it, for a customer and materials mock-sap has."""
    settings = {"order_type": "OR", "sales_organization": "1710", "distribution_channel": "10",
                "division": "00", "ship_to_function": "SH", "sold_to": "1000006"}  # fmt: skip
    wanted = golden("order.canonical") | {"number": key, "requested_delivery": "2099-03-06"}
    outcome = compile_mapping(SAP.mapper.MAPPINGS["order", "out"], name="test").run(
        wanted,
        lookup=lambda table, code: {"TENT-2P": "TG31", "FUEL-1L": "TG31"}.get(code, MISSING),
        binding=lambda kind, known: MISSING,
        context={"settings": settings},
    )
    assert outcome.problems == []
    made = Harness.outbound(None, key=key)  # type: ignore[arg-type]
    return made._replace(document=(outcome.body or {}) | changed)


def deliver(client: Any, item: Outbound) -> Outcome:
    [outcome] = client.deliver([item])
    return outcome


def test_an_order_goes_in_with_items_partner_and_address(sap: MockSap, client: Any) -> None:
    outcome = deliver(client, order("HB-1"))
    assert (outcome.error, outcome.answer["status"]) == (None, 201)
    entity = client._api.entity(
        f"/API_SALES_ORDER_SRV/A_SalesOrder('{outcome.remote_id}')",
        {"$expand": "to_Item,to_Partner/to_Address"},
    )
    assert entity["PurchaseOrderByCustomer"] == "HB-1"
    assert [line["RequestedQuantity"] for line in entity["to_Item"]["results"]] == [
        "3.000",
        "12.000",
    ]
    assert "Reno" in json.dumps(entity["to_Partner"])


def test_an_order_sent_again_after_a_lost_answer_is_found(sap: MockSap, client: Any) -> None:
    made = deliver(client, order("HB-2"))
    before = sap.calls("POST", "A_SalesOrder")
    again = deliver(client, order("HB-2")._replace(retried=True))
    assert (again.error, again.remote_id) == (None, made.remote_id)
    assert len(sap.calls("POST", "A_SalesOrder")) == len(before)


def test_a_changed_date_goes_out_with_the_version_that_was_read(sap: MockSap, client: Any) -> None:
    made = deliver(client, order("HB-3"))
    later = order("HB-3", RequestedDeliveryDate="2099-04-01")._replace(remote_id=made.remote_id)
    outcome = deliver(client, later)
    assert (outcome.error, outcome.answer["status"]) == (None, 204)
    assert deliver(client, later).answer == {"found": True}


def test_without_a_version_it_wants_one_and_with_an_old_one_it_refuses(
    sap: MockSap, client: Any
) -> None:
    made = deliver(client, order("HB-4"))
    path = f"/API_SALES_ORDER_SRV/A_SalesOrder('{made.remote_id}')"
    body = b'{"ShippingCondition":"02"}'
    assert client._api.write("PATCH", path, body).status == 428
    assert (
        client._api.write(
            "PATCH", path, body, etag="W/\"datetime'2001-01-01T00%3A00%3A00'\""
        ).status
        == 412
    )


def test_a_412_is_read_again_and_written(sap: MockSap, client: Any) -> None:
    made = deliver(client, order("HB-5"))
    sap.fault(
        match="A_SalesOrder", method="PATCH", status=412, message="Precondition failed", count=1
    )
    later = order("HB-5", RequestedDeliveryDate="2099-04-01")._replace(remote_id=made.remote_id)
    assert deliver(client, later).error is None
    assert [call["status"] for call in sap.calls("PATCH", "A_SalesOrder")][:2] == [204, 412]


def test_a_session_that_ended_is_renewed_and_the_order_goes_in_once(
    sap: MockSap, client: Any
) -> None:
    deliver(client, order("HB-6"))
    client._api._session._headers = {"x-csrf-token": "of-an-ended-session"}
    outcome = deliver(client, order("HB-7"))
    assert outcome.error is None
    assert [call["status"] for call in sap.calls("POST", "A_SalesOrder")][:3] == [201, 403, 201]


def test_a_busy_system_says_when_to_come_again(sap: MockSap, client: Any) -> None:
    sap.fault(match="A_SalesOrder", method="POST", scenario="busy", count=1)
    outcome = deliver(client, order("HB-8"))
    assert isinstance(outcome.error, Retryable)
    assert outcome.error.retry_after
    assert not outcome.error.uncertain
    assert deliver(client, order("HB-8")._replace(retried=True)).error is None


def test_a_locked_order_is_tried_later(sap: MockSap, client: Any) -> None:
    sap.fault(
        match="A_SalesOrder", method="POST", status=423, message="Locked by user ADA", count=1
    )
    outcome = deliver(client, order("HB-9"))
    assert isinstance(outcome.error, Retryable)
    assert "Locked by user ADA" in str(outcome.error)


def test_a_refusal_is_told_in_its_words(sap: MockSap, client: Any) -> None:
    outcome = deliver(client, order("HB-10", NoSuchField="x"))
    assert isinstance(outcome.error, NeedsPerson)
    assert outcome.error.problems[0].code == "erp_refused"
    assert "NoSuchField" in outcome.error.problems[0].text


@pytest.mark.parametrize("stream", ["deliveries", "products", "billing_documents"])
def test_a_list_is_read_whole_and_resumes_and_becomes_valid_records(
    sap: MockSap, client: Any, stream: str
) -> None:
    pages = list(read_stream(client, stream, {}))
    documents = [document for found, _ in pages for document in found]
    assert documents
    again = [d.dedup_key for found, _ in read_stream(client, stream, {}) for d in found]
    assert again == [document.dedup_key for document in documents]
    for document in documents:
        native = SAP.mapper.read(document.object_type, "", document.body, sap.connection())
        assert native.problems == []
        for one in native.documents:
            outcome = compile_mapping(
                SAP.mapper.MAPPINGS[document.object_type, "in"], name="test"
            ).run(
                one,
                lookup=lambda table, code: code,
                binding=lambda kind, remote: MISSING,
                context={},
            )
            assert outcome.problems == []
            assert validate(document.object_type, outcome.body or {}) == []


def test_an_order_that_is_delivered_there_comes_back_as_a_shipment(
    sap: MockSap, client: Any
) -> None:
    made = deliver(client, order("HB-11"))
    known = {d.dedup_key for found, _ in read_stream(client, "deliveries", {}) for d in found}
    _post_delivery(sap, client, str(made.remote_id))
    fresh = [d for found, _ in read_stream(client, "deliveries", {}) for d in found
             if d.dedup_key not in known]  # fmt: skip
    assert len(fresh) == 1
    native = SAP.mapper.read("shipment", "", fresh[0].body, sap.connection())
    [shipment] = native.documents
    assert shipment["derived"]["order"] == made.remote_id
    assert shipment["derived"]["status"] == "complete"


def _post_delivery(sap: MockSap, client: Any, number: str) -> None:
    """What a warehouse there does: a delivery for all that is open, and its goods issue."""
    token = client._api._site._tokens.current()[0].token.reveal()
    signed = {"Authorization": f"Bearer {token}"}
    service = f"{sap.url}/sap/opu/odata/sap/API_SALES_ORDER_SRV/"
    fetched = requests.get(service, headers={**signed, "x-csrf-token": "Fetch"}, timeout=10)
    signed |= {"x-csrf-token": fetched.headers["x-csrf-token"], "Accept": "application/json"}
    made = requests.post(
        f"{sap.url}/sap/bc/idoc/generate?format=xml", json={"mestyp": "DELVRY", "SalesOrder": number},
        headers=signed, cookies=fetched.cookies, timeout=10,
    )  # fmt: skip
    assert made.ok, made.text[:500]
    posted = requests.post(
        f"{sap.url}/sap/bc/idoc", data=made.content,
        headers={**signed, "Content-Type": "application/xml"}, cookies=fetched.cookies, timeout=10,
    )  # fmt: skip
    assert posted.ok, posted.text[:500]


def test_a_token_that_ran_out_is_renewed() -> None:
    guard.set_allowed_networks(lambda: ["127.0.0.0/8"])
    short = MockSap("--token-ttl", "1")
    try:
        with client_of(SAP, short.connection()) as client:
            assert client.fetch("products", {}, now=NOW).documents
            time.sleep(1.2)
            assert client.fetch("products", {}, now=NOW).documents
        tokens = short.calls("POST", "/oauth2/token")
        assert len(tokens) == 2
    finally:
        short.close()


def test_a_token_that_was_ended_early_is_renewed_once(sap: MockSap, client: Any) -> None:
    client.fetch("products", {}, now=NOW)
    sap.fault(match="A_Product", method="GET", status=401, message="invalid_token", count=1)
    assert client.fetch("products", {}, now=NOW).documents


def test_a_wrong_secret_is_refused_by_name(sap: MockSap) -> None:
    with client_of(SAP, sap.connection(secret="wrong")) as client:
        with pytest.raises(NeedsCredentials):
            client.fetch("products", {}, now=NOW)
        told = {check.name: check.passed for check in client.test_connection()}
    assert (told["host"], told["key"], told["scope"]) == (True, False, None)
