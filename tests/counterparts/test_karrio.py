"""The Karrio connector with a real Karrio server: rates, a label bought once, and what it says back."""

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import pytest

from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.karrio import mapper
from integrations.connectors.outbound import Outbound, Outcome
from integrations.mapping import MISSING, compile_mapping
from portal.core.errors import NeedsCredentials, NeedsPerson
from tests.connectors.conformance import client_of, connection, read_stream
from tests.counterparts.karrio_install import FOLDER, KARRIO, TOKEN, environment

pytestmark = [
    pytest.mark.counterpart(system="karrio", flow="rates, a label bought once, what it says back"),
    pytest.mark.django_db,
]

CARRIER = {
    "carrier_name": "generic",
    "carrier_id": "harbor_post",
    "credentials": {
        "display_name": "Harbor Post",
        "custom_carrier_name": "harbor_post",
        "account_country_code": "US",
    },
    "active": True,
}
ADDRESS = {"person_name": "Sam Reyes", "address_line1": "1 Pier Road", "city": "Reno",
           "state_code": "NV", "postal_code": "89501", "country_code": "US"}  # fmt: skip


def call(url: str, document: Any = None) -> Any:
    headers = {"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"}
    body = None if document is None else json.dumps(document).encode()
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        return json.loads(answer.read())


def await_port(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(80):
        assert process.poll() is None, "the server ended"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.5)
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [str(KARRIO), "runserver", "--noreload", f"127.0.0.1:{port}"],
        env=environment(), cwd=FOLDER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    base = f"http://127.0.0.1:{port}/v1"
    try:
        await_port(process, port)
        carriers = call(f"{base}/connections")["results"]
        if not any(one["carrier_id"] == "harbor_post" for one in carriers):
            call(f"{base}/connections", CARRIER)
        yield base
    finally:
        process.terminate()
        process.wait(10)


def server_at(url: str, *, token: str = TOKEN, **settings: Any) -> Connection:
    given = {
        "url": url,
        "services": ["harbor_post standard_service"],
        "senders": ["Harbor Outdoor; 9 Dock St; Reno; NV; 89502; US"],
        "parcel": "12 x 9 x 4 IN",
    }
    return connection(
        registry.get("karrio"), settings={**given, **settings}, secrets={"token": token}
    )


def deliver(to: Connection, number: str, *, retried: bool = False, **changed: Any) -> Outcome:
    document = {"site": "RNO1", "number": number, "order_number": "1001", "status": "complete",
                "weight": {"value": "2.5", "uom": "LB"}, "recipient": ADDRESS}  # fmt: skip
    item = Outbound(UUID(int=1), "shipment", "x", document | changed, None, retried)
    with client_of(registry.get("karrio"), to) as client:
        [outcome] = list(client.deliver([item]))
    return outcome


def test_the_connection_test_passes_and_tells_a_wrong_token(url: str) -> None:
    with client_of(registry.get("karrio"), server_at(url)) as client:
        assert [c for c in client.test_connection() if c.passed is False] == []
    refused = deliver(server_at(url, token="key_of_nobody"), "S-0")
    assert isinstance(refused.error, NeedsCredentials)


def test_a_label_is_bought_once_and_comes_back(url: str) -> None:
    to, number = server_at(url), f"S-{uuid4().hex[:8]}"
    bought = deliver(to, number)
    assert bought.error is None, (bought.error, bought.answer)
    assert deliver(to, number, retried=True).remote_id == bought.remote_id
    assert deliver(to, number).remote_id == bought.remote_id
    found = call(f"{url}/shipments?reference=RNO1:{number}")["results"]
    assert [one["id"] for one in found] == [bought.remote_id]
    with client_of(registry.get("karrio"), to) as client:
        documents = [d for page, _ in read_stream(client, "shipments", {}) for d in page]
    natives = [mapper.read("shipment", d.topic, d.body, to) for d in documents]
    assert [native.problems for native in natives if native.problems] == []
    [said] = [d for native in natives for d in native.documents if d["id"] == bought.remote_id]
    outcome = compile_mapping(mapper.MAPPINGS["shipment", "in"], name="test").run(
        said, lookup=lambda table, code: code, binding=lambda kind, known: MISSING, context={}
    )
    assert outcome.problems == []
    assert outcome.body is not None
    assert validate("shipment", outcome.body) == []
    assert (outcome.body["site"], outcome.body["number"]) == ("RNO1", number)
    assert outcome.body["tracking"]
    assert outcome.body["tracking_state"] == "label_created"
    assert outcome.body["carrier"]["name"] == "harbor_post"
    assert outcome.body["labels"]


def test_what_the_server_refuses_is_said_in_its_words(url: str) -> None:
    refused = deliver(
        server_at(url), f"S-{uuid4().hex[:8]}", recipient=ADDRESS | {"country_code": "ZZ"}
    )
    assert isinstance(refused.error, NeedsPerson)
    other = deliver(server_at(url, services=["ups ups_standard"]), f"S-{uuid4().hex[:8]}")
    assert isinstance(other.error, NeedsPerson)
    assert "harbor_post standard_service" in other.error.problems[0].text
