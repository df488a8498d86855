"""Karrio's documents both ways, and that a label is bought once."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Native, Refused
from integrations.connectors.karrio import mapper
from integrations.connectors.karrio.client import shape
from integrations.connectors.outbound import Outbound, Outcome
from integrations.mapping import MISSING, compile_mapping
from portal.core.errors import NeedsPerson, Permanent, Retryable
from tests.connectors.conformance import client_of, connection, read_stream
from tests.connectors.described.lists import Lists, Reply
from tests.connectors.described.vendor import KEY
from tests.connectors.karrio.harness import DOCUMENT, SETTINGS
from tests.connectors.karrio.server import Server

KARRIO = registry.get("karrio")
GOLDEN = Path(__file__).parent / "golden"
SECRET = "whsec-5up3r-hidden"


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_bytes())


def server_at(url: str = "https://karrio.example.com", **settings: Any) -> Connection:
    secrets = {"token": KEY, "webhook_secret": SECRET}
    given = {"url": f"{url}/v1", **SETTINGS, **settings}
    return connection(KARRIO, settings=given, secrets=secrets)


def read(document: Any) -> Native:
    return mapper.read("shipment", "", json.dumps(document).encode(), server_at())


def mapped(document: Any, direction: Any = "in", **context: Any) -> dict[str, Any]:
    outcome = compile_mapping(mapper.MAPPINGS["shipment", direction], name="test").run(
        document,
        lookup=lambda table, code: code,
        binding=lambda kind, known: MISSING,
        context=context,
    )
    assert outcome.problems == []
    assert outcome.body is not None
    return outcome.body


def native(**changed: Any) -> dict[str, Any]:
    return golden("shipment.native") | changed


def test_a_bought_shipment_becomes_the_golden_record() -> None:
    bodies = [mapped(document) for document in read(native()).documents]
    assert bodies == golden("shipment.canonical")
    assert [validate("shipment", body) for body in bodies] == [[]]


def test_a_shipment_of_two_parcels_becomes_the_golden_call() -> None:
    document = mapped(golden("shipment.out"), "out")
    assert shape(server_at(), document) == golden("shipment.post")
    said = golden("shipment.out")
    order = {"ship_to": said.pop("ship_to")}
    assert shape(server_at(), mapped(said, "out", order=order)) == golden("shipment.post")


@pytest.mark.parametrize(
    ("status", "ours"),
    [("created", "label_created"), ("purchased", "label_created"), ("shipped", "in_transit"),
     ("in_transit", "in_transit"), ("out_for_delivery", "out_for_delivery"),
     ("delivered", "delivered"), ("needs_attention", "exception"), ("delivery_failed", "exception"),
     ("cancelled", "cancelled")],
)  # fmt: skip
def test_the_carriers_word_becomes_a_state_of_ours(status: str, ours: str) -> None:
    [document] = read(native(status=status)).documents
    assert mapped(document)["tracking_state"] == ours


def test_a_status_nobody_knows_is_said() -> None:
    found = read(native(status="beamed_up"))
    assert found.documents == []
    assert [(p.code, p.value) for p in found.problems] == [("schema_drift", "beamed_up")]


@pytest.mark.parametrize(
    "changed",
    [{"reference": None}, {"reference": "mine"}, {"status": "draft", "tracking_number": None}],
)
def test_what_others_ship_and_drafts_are_no_news(changed: dict[str, Any]) -> None:
    assert read(native(**changed)) == Native("shipment", [], [])


def test_webhooks_show_the_secret_and_bring_the_shipment() -> None:
    assert KARRIO.admit
    body = json.dumps({"event": "shipment_fulfilled", "data": native(status="delivered")}).encode()
    received = KARRIO.admit({"x-event-id": SECRET}, body, server_at())
    assert (received.object_type, received.topic) == ("shipment", "shipment_fulfilled")
    [document] = mapper.read("shipment", received.topic, body, server_at()).documents
    assert mapper.remote_id("shipment", document) == "shp_01"
    assert mapped(document)["tracking_state"] == "delivered"
    for headers in ({"x-event-id": "other"}, {}):
        with pytest.raises(Refused) as caught:
            KARRIO.admit(headers, body, server_at())
        assert caught.value.status == 401
    other = json.dumps({"event": "batch_completed", "data": {"id": "b"}}).encode()
    with pytest.raises(Refused) as caught:
        KARRIO.admit({"x-event-id": SECRET}, other, server_at())
    assert caught.value.status == 202


@pytest.fixture
def office() -> Iterator[tuple[Server, Lists]]:
    there, server = Server(golden("shipment.native")), Lists()
    server.answer = there.answer
    yield there, server
    server.close()


def outbound(*, retried: bool = False, known: str | None = None, **changed: Any) -> Outbound:
    document = copy.deepcopy(DOCUMENT) | {"number": "S-1"} | changed
    return Outbound(UUID(int=1), "shipment", "YVR1/S-1", document, known, retried)


def deliver(server: Lists, item: Outbound, **settings: Any) -> Outcome:
    with client_of(KARRIO, server_at(server.url, **settings)) as client:
        [outcome] = list(client.deliver([item]))
    return outcome


def said(outcome: Outcome) -> str:
    assert isinstance(outcome.error, NeedsPerson), outcome.error
    return " ".join(problem.text for problem in outcome.error.problems)


def test_the_cheapest_of_the_services_that_may_be_bought_is(office: tuple[Server, Lists]) -> None:
    there, server = office
    outcome = deliver(server, outbound())
    assert (outcome.error, outcome.remote_id) == (None, "shp_n1")
    assert there.bought == ["canadapost_expedited_parcel"]
    assert there.shipments["shp_n1"]["reference"] == "YVR1:S-1"


def test_a_lost_answer_never_buys_twice(office: tuple[Server, Lists]) -> None:
    there, server = office
    deliver(server, outbound(number="S-10"))  # its reference has that of S-1 in it
    there.loses = 1
    lost = deliver(server, outbound())
    assert isinstance(lost.error, Retryable)
    assert lost.error.uncertain
    again = deliver(server, outbound(retried=True))
    assert (again.error, again.remote_id) == (None, "shp_n2")
    assert deliver(server, outbound()).remote_id == "shp_n2"
    assert deliver(server, outbound(known="shp_n2", weight=None)).remote_id == "shp_n2"
    assert len(there.bought) == 2


def test_a_purchase_that_the_server_refuses_as_done_is_done(office: tuple[Server, Lists]) -> None:
    there, server = office
    calls = []

    def answer(asked: Any) -> Reply:
        if asked.path.endswith("/purchase") and not calls:
            calls.append(there.answer(asked))  # another process was faster
        return there.answer(asked)

    server.answer = answer
    outcome = deliver(server, outbound())
    assert (outcome.error, outcome.remote_id) == (None, "shp_n1")
    assert there.effects() == 1


def test_what_a_carrier_refuses_is_said_in_its_words_and_bought_later(
    office: tuple[Server, Lists],
) -> None:
    there, server = office
    there.refusal = "The account is out of funds."
    assert "out of funds" in said(deliver(server, outbound()))
    there.refusal = ""
    assert deliver(server, outbound()).remote_id == "shp_n1"
    assert len(there.shipments) == 1
    there.rates = ()
    assert "Unknown postal code." in said(deliver(server, outbound(number="S-2")))
    there.rates = (("ups", "ups_standard", 9.0),)
    assert "Offered were ups ups_standard." in said(deliver(server, outbound(number="S-3")))


def test_what_was_corrected_before_it_was_paid_for_is_made_anew(
    office: tuple[Server, Lists],
) -> None:
    there, server = office
    there.refusal = "Unknown street."
    deliver(server, outbound())
    there.refusal = ""
    recipient = DOCUMENT["recipient"] | {"address_line1": "126 Church St"}
    assert deliver(server, outbound(recipient=recipient)).remote_id == "shp_n2"
    assert there.shipments["shp_n2"]["reference"] == "YVR1:S-1~2"
    assert there.shipments["shp_n1"]["status"] == "draft"


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"weight": None}, "has no weight"),
        ({"packages": [{"weight": {"value": "1", "uom": "KG"}}, {}]}, "has no weight"),
        ({"recipient": {}}, "no address to go to"),
        ({"recipient": DOCUMENT["recipient"] | {"country_code": "US"}}, "customs papers"),
        ({"number": "S" * 95}, "too long"),
        ({"recipient": DOCUMENT["recipient"] | {"city": ""}}, "city is required"),
    ],
)
def test_what_cannot_be_shipped_is_said(
    office: tuple[Server, Lists], changed: dict[str, Any], text: str
) -> None:
    there, server = office
    assert text in said(deliver(server, outbound(**changed)))
    assert there.shipments == {}


def test_each_site_has_its_own_sender(office: tuple[Server, Lists]) -> None:
    there, server = office
    lines = ["YVR1 = Harbor; 9 Dock St; Vancouver; BC; V6M2V9; CA; 6045550100"]
    deliver(server, outbound(), senders=lines)
    [made] = there.shipments.values()
    assert made["shipper"]["phone_number"] == "6045550100"
    assert "No address" in said(deliver(server, outbound(site="YYZ2"), senders=lines))


@pytest.mark.parametrize(
    ("name", "text", "good"),
    [
        ("senders", "Harbor; 9 Dock St; Vancouver; BC; V6M2V9; CA", True),
        ("senders", "Harbor; 9 Dock St; Vancouver", False),
        ("senders", "Harbor; 9 Dock St; Vancouver; BC; V6M2V9; Canada", False),
        ("parcel", "12 x 9 x 4 IN", True),
        ("parcel", "12 x 9", False),
        ("services", "ups ups_standard", True),
        ("services", "ups", False),
    ],
)
def test_what_is_entered_wrongly_is_said(name: str, text: str, good: bool) -> None:
    [setting] = [one for one in KARRIO.settings if one.name == name]
    assert setting.check
    assert (setting.check(text) == "") is good


def test_a_cancelled_shipment_buys_nothing(office: tuple[Server, Lists]) -> None:
    there, server = office
    assert deliver(server, outbound(status="cancelled")).error is None
    assert there.shipments == {}
    deliver(server, outbound())
    assert "refunded" in said(deliver(server, outbound(status="cancelled")))


def test_a_parcel_that_moved_comes_again(office: tuple[Server, Lists]) -> None:
    there, server = office
    there.add(native(), datetime.now(UTC))
    with client_of(KARRIO, server_at(server.url)) as client:
        first = list(read_stream(client, "shipments", {}))
        there.shipments["shp_01"]["status"] = "delivered"
        second = list(read_stream(client, "shipments", first[-1][1]))
        third = list(read_stream(client, "shipments", second[-1][1]))
    keys = [
        {d.dedup_key for documents, _ in one for d in documents} for one in (first, second, third)
    ]
    assert len(keys[1] - keys[0]) == 1
    assert keys[1] == keys[2]


def test_too_many_calls_wait_and_other_documents_are_not_taken(
    office: tuple[Server, Lists],
) -> None:
    _, server = office
    server.answer = lambda asked: Reply(429, {"detail": "Throttled."}, {"Retry-After": "4"})
    outcome = deliver(server, outbound())
    assert isinstance(outcome.error, Retryable)
    assert outcome.error.retry_after == 4
    assert isinstance(deliver(server, outbound()._replace(object_type="order")).error, Permanent)
