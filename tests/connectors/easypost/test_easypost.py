"""EasyPost's documents both ways, and that a label is bought once."""

import copy
import hashlib
import hmac
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
from integrations.connectors.easypost import mapper
from integrations.connectors.easypost.client import shape
from integrations.connectors.inbound import Native, Refused
from integrations.connectors.outbound import Outbound, Outcome
from integrations.mapping import MISSING, compile_mapping
from portal.core.errors import NeedsPerson, Permanent, Retryable
from tests.connectors.conformance import client_of, connection, read_stream
from tests.connectors.described.lists import Lists, Reply
from tests.connectors.described.vendor import KEY
from tests.connectors.easypost.account import Account
from tests.connectors.easypost.harness import DOCUMENT

EASYPOST = registry.get("easypost")
GOLDEN = Path(__file__).parent / "golden"
SECRET = "Hafen-Ü"  # its NFKD form has other bytes


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_bytes())


def account_at(url: str = "https://api.example.com/v2", **settings: Any) -> Connection:
    given = {"services": ["USPS GroundAdvantage", "USPS Priority"], "from_addresses": ["adr_01"],
             "parcel": "12 x 9 x 4"}  # fmt: skip
    secrets = {"api_key": KEY, "webhook_secret": SECRET}
    return connection(EASYPOST, settings={"url": url, **given, **settings}, secrets=secrets)


def read(document: Any) -> Native:
    return mapper.read("shipment", "", json.dumps(document).encode(), account_at())


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


def test_a_shipment_becomes_the_golden_call() -> None:
    document = mapped(golden("shipment.out"), "out")
    assert shape(account_at(), document) == golden("shipment.post")


def test_where_it_goes_is_told_by_its_order_if_it_does_not_say() -> None:
    said = golden("shipment.out")
    order = {"ship_to": said.pop("ship_to")}
    assert shape(account_at(), mapped(said, "out", order=order)) == golden("shipment.post")


@pytest.mark.parametrize(
    ("status", "ours"),
    [("unknown", None), ("pre_transit", "label_created"), ("in_transit", "in_transit"),
     ("out_for_delivery", "out_for_delivery"), ("available_for_pickup", "out_for_delivery"),
     ("delivered", "delivered"), ("return_to_sender", "returned_to_sender"),
     ("failure", "exception"), ("error", "exception"), ("cancelled", "cancelled")],
)  # fmt: skip
def test_the_carriers_word_becomes_a_state_of_ours(status: str, ours: str | None) -> None:
    [document] = read(native(tracker={"status": status})).documents
    assert mapped(document).get("tracking_state") == ours


def test_a_status_nobody_knows_is_said() -> None:
    found = read(native(tracker={"status": "beamed_up"}))
    assert found.documents == []
    assert [(p.code, p.value) for p in found.problems] == [("schema_drift", "beamed_up")]


@pytest.mark.parametrize(
    "changed", [{"reference": None}, {"reference": "mine"}, {"postage_label": None}]
)
def test_what_others_ship_and_what_has_no_label_is_no_news(changed: dict[str, Any]) -> None:
    assert read(native(**changed)) == Native("shipment", [], [])


def test_a_tracker_tells_only_how_far_its_shipment_is() -> None:
    [document] = read(golden("tracker.event")).documents
    assert mapper.remote_id("shipment", document) == "shp_01"
    body = mapped(document)
    assert (body["tracking"], body["tracking_state"]) == (["9400100000000000000001"], "delivered")
    assert not {"carrier", "labels", "freight"} & set(body)
    assert validate("shipment", body) == []
    stranger = golden("tracker.event")
    stranger["result"]["shipment_id"] = None
    assert read(stranger).documents == []


def signed(body: bytes, secret: bytes) -> dict[str, str]:
    digest = hmac.new(secret, body, hashlib.sha256).hexdigest()
    return {"x-hmac-signature": f"hmac-sha256-hex={digest}"}


def test_webhooks_prove_who_sent_them() -> None:
    assert EASYPOST.admit
    body = (GOLDEN / "tracker.event.json").read_bytes()
    right = "Hafen-U\u0308".encode()
    received = EASYPOST.admit(signed(body, right), body, account_at())
    assert (received.object_type, received.topic) == ("shipment", "tracker.updated")
    assert received.dedup_key
    assert received.dedup_key.startswith("evt_01:")
    for headers in (signed(body, b"other"), {"x-hmac-signature": "sha256=00"}, {}):
        with pytest.raises(Refused) as caught:
            EASYPOST.admit(headers, body, account_at())
        assert caught.value.status == 401
    other = json.dumps({"id": "evt_2", "description": "batch.updated", "result": {}}).encode()
    with pytest.raises(Refused) as caught:
        EASYPOST.admit(signed(other, right), other, account_at())
    assert caught.value.status == 202


@pytest.fixture
def office() -> Iterator[tuple[Account, Lists]]:
    there, server = Account(golden("shipment.native")), Lists()
    server.answer = there.answer
    yield there, server
    server.close()


def outbound(*, retried: bool = False, known: str | None = None, **changed: Any) -> Outbound:
    document = copy.deepcopy(DOCUMENT) | {"number": "S-1"} | changed
    return Outbound(UUID(int=1), "shipment", "RNO1/S-1", document, known, retried)


def deliver(server: Lists, item: Outbound, **settings: Any) -> Outcome:
    with client_of(EASYPOST, account_at(server.url, **settings)) as client:
        [outcome] = list(client.deliver([item]))
    return outcome


def said(outcome: Outcome) -> str:
    assert isinstance(outcome.error, NeedsPerson), outcome.error
    return " ".join(problem.text for problem in outcome.error.problems)


def test_the_cheapest_of_the_services_that_may_be_bought_is(office: tuple[Account, Lists]) -> None:
    there, server = office
    outcome = deliver(server, outbound())
    assert (outcome.error, outcome.remote_id) == (None, "shp_n1")
    assert there.bought == ["GroundAdvantage"]  # UPS Ground is cheaper, and not in the list
    assert there.shipments["shp_n1"]["reference"] == "RNO1:S-1"
    deliver(server, outbound(number="S-2"), services=["USPS Priority"])
    assert there.bought == ["GroundAdvantage", "Priority"]


def test_a_lost_answer_never_buys_twice(office: tuple[Account, Lists]) -> None:
    there, server = office
    there.loses = 1
    lost = deliver(server, outbound())
    assert isinstance(lost.error, Retryable)
    assert lost.error.uncertain
    again = deliver(server, outbound(retried=True))
    assert (again.error, again.remote_id) == (None, "shp_n1")
    # Even where nobody remembers the try, and where the shipment was corrected since.
    assert deliver(server, outbound()).remote_id == "shp_n1"
    corrected = outbound(known="shp_n1", weight={"value": "9", "uom": "LB"})
    assert deliver(server, corrected).remote_id == "shp_n1"
    assert there.bought == ["GroundAdvantage"]


def test_a_purchase_that_the_account_refuses_as_done_is_done(office: tuple[Account, Lists]) -> None:
    there, server = office
    there.funds = 0.0
    deliver(server, outbound())
    there.funds = 100.0
    calls = []

    def answer(asked: Any) -> Reply:
        if asked.path.endswith("/buy") and not calls:
            calls.append(there.answer(asked))  # another process was faster
        return there.answer(asked)

    server.answer = answer
    outcome = deliver(server, outbound())
    assert (outcome.error, outcome.remote_id) == (None, "shp_n1")
    assert there.bought == ["GroundAdvantage"]


def test_too_little_money_is_for_a_person_and_bought_later(office: tuple[Account, Lists]) -> None:
    there, server = office
    there.funds = 1.0
    assert "Insufficient funds to buy this label." in said(deliver(server, outbound()))
    there.funds = 100.0
    assert deliver(server, outbound()).remote_id == "shp_n1"
    assert len(there.shipments) == 1


def test_an_address_that_cannot_be_verified_buys_nothing(office: tuple[Account, Lists]) -> None:
    there, server = office
    there.undeliverable = "Address not found"
    assert "Address not found" in said(deliver(server, outbound()))
    there.undeliverable = ""
    address = DOCUMENT["to_address"] | {"street1": "2 Pier Road"}
    assert deliver(server, outbound(to_address=address)).error is None
    [bad, good] = there.shipments.values()
    assert (bad["postage_label"], good["reference"]) == (None, "RNO1:S-1~2")
    assert good["to_address"]["street1"] == "2 Pier Road"
    [document] = read(native(reference="RNO1:S-1~2")).documents
    assert document["derived"]["number"] == "S-1"


def test_no_rate_is_said_in_the_carriers_words(office: tuple[Account, Lists]) -> None:
    there, server = office
    there.rates = ()
    assert "USPS: The parcel is too heavy." in said(deliver(server, outbound()))
    there.rates = (("UPS", "Ground", "7.05"),)
    assert "Offered were UPS Ground." in said(deliver(server, outbound(number="S-2")))
    assert there.bought == []


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"weight": None}, "has no weight"),
        ({"weight": {"value": "2", "uom": "EA"}}, "no unit of weight"),
        ({"to_address": {}}, "no address to go to"),
        ({"to_address": DOCUMENT["to_address"] | {"country": "CA"}}, "customs papers"),
        ({"packages": [{}, {}]}, "2 parcels"),
        ({"site": "A:B"}, "colon"),
    ],
)
def test_what_cannot_be_shipped_is_said(
    office: tuple[Account, Lists], changed: dict[str, Any], text: str
) -> None:
    there, server = office
    assert text in said(deliver(server, outbound(**changed)))
    assert there.shipments == {}


def test_each_site_has_its_own_address(office: tuple[Account, Lists]) -> None:
    there, server = office
    lines = ["RNO1 adr_07", "adr_09"]
    deliver(server, outbound(), from_addresses=lines)
    deliver(server, outbound(site="OAK2"), from_addresses=lines)
    assert [s["from_address"]["id"] for s in there.shipments.values()] == ["adr_07", "adr_09"]
    assert "No address" in said(deliver(server, outbound(site="LAX3"), from_addresses=["X adr_1"]))


def test_a_cancelled_shipment_buys_nothing(office: tuple[Account, Lists]) -> None:
    there, server = office
    assert deliver(server, outbound(status="cancelled")).error is None
    assert there.shipments == {}
    deliver(server, outbound())
    assert "refunded" in said(deliver(server, outbound(status="cancelled")))


def test_a_parcel_that_moved_comes_again(office: tuple[Account, Lists]) -> None:
    there, server = office
    there.add(native(), datetime.now(UTC))
    with client_of(EASYPOST, account_at(server.url)) as client:
        first = list(read_stream(client, "shipments", {}))
        there.shipments["shp_01"]["tracker"]["status"] = "delivered"
        second = list(read_stream(client, "shipments", first[-1][1]))
        third = list(read_stream(client, "shipments", second[-1][1]))
    keys = [
        {d.dedup_key for documents, _ in one for d in documents} for one in (first, second, third)
    ]
    assert len(keys[1] - keys[0]) == 1
    assert keys[1] == keys[2]


def test_too_many_calls_wait(office: tuple[Account, Lists]) -> None:
    _, server = office
    server.answer = lambda asked: Reply(
        429, {"error": {"code": "RATE_LIMITED"}}, {"Retry-After": "4"}
    )
    outcome = deliver(server, outbound())
    assert isinstance(outcome.error, Retryable)
    assert outcome.error.retry_after == 4


def test_other_documents_are_not_taken(office: tuple[Account, Lists]) -> None:
    _, server = office
    outcome = deliver(server, outbound()._replace(object_type="order"))
    assert isinstance(outcome.error, Permanent)
