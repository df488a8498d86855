"""Calls of the generic HTTP connector."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.http import mapper
from integrations.connectors.outbound import Outbound, Outcome
from integrations.mapping import MISSING, compile_mapping
from integrations.mapping.decode import loads
from integrations.transports.http import encode
from portal.core.errors import NeedsPerson, Permanent, Retryable
from tests.connectors.answering import Answering
from tests.connectors.conformance import client_of
from tests.connectors.http.harness import GOLDEN, Harness

HTTP = registry.get("http")
MESSAGE = UUID("018e0000-0000-7000-8000-000000000001")


@pytest.fixture
def system(harnesses: Callable[[str], Any]) -> Harness:
    return harnesses("http")


def item(business_key: str = "harbor/1001", **more: Any) -> Outbound:
    given: dict[str, Any] = {
        "message_id": MESSAGE,
        "object_type": "order",
        "business_key": business_key,
        "document": {"number": "1001", "name": "Zoë 🏕️"},
        "remote_id": None,
        "retried": False,
    }
    return Outbound(**(given | more))


def deliver(system: Harness, url: str, sent: Outbound, **settings: Any) -> Outcome:
    with client_of(HTTP, system.connection_to(url, **settings)) as client:
        [outcome] = client.deliver([sent])
    return outcome


@pytest.mark.parametrize("direction", ["in", "out"])
@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_the_default_mapping_changes_nothing(path: Any, direction: Any) -> None:
    document = loads(path.read_bytes())
    outcome = compile_mapping(mapper.MAPPINGS[path.stem, direction], name="test").run(
        loads(path.read_bytes()),
        lookup=lambda table, code: MISSING,
        binding=lambda kind, known: MISSING,
        context={},
    )
    assert outcome == (document, [])
    assert validate(path.stem, document) == []


def test_a_call_carries_secret_key_and_body(answering: Answering, system: Harness) -> None:
    answering.status, answering.body = 201, b'{"id":"A-7"}'
    outcome = deliver(system, answering.url + "/api/", item())
    [(method, path, headers, body)] = answering.asked
    assert (method, path) == ("POST", "/api/order")
    assert headers["authorization"] == "Bearer 5up3r-hidden"
    assert headers["idempotency-key"] == str(MESSAGE)
    assert headers["content-type"] == "application/json"
    assert body == '{"number":"1001","name":"Zoë 🏕️"}'.encode() == outcome.sent
    assert (outcome.error, outcome.confirmed, outcome.remote_id) == (None, True, "A-7")
    assert outcome.answer["status"] == 201
    assert outcome.answer["body"] == '{"id":"A-7"}'


def test_values_stay_inside_one_segment_of_the_path(answering: Answering, system: Harness) -> None:
    calls = ["order PUT /o/{business_key}/of/{remote_id}", "* POST /other"]
    sent = item("harbor/10 01?a=1#b", remote_id="a/b")
    deliver(system, answering.url, sent, calls=calls)
    assert answering.asked[0][:2] == ("PUT", "/o/harbor%2F10%2001%3Fa%3D1%23b/of/a%2Fb")


@pytest.mark.parametrize("key", ["..", ".", "", "a/../b", "..\\b"])
def test_a_key_that_would_climb_waits_for_a_person(
    answering: Answering, system: Harness, key: str
) -> None:
    outcome = deliver(system, answering.url, item(key), calls=["* POST /o/{business_key}/x"])
    assert isinstance(outcome.error, NeedsPerson)
    assert outcome.error.code == "bad_key"
    assert answering.asked == []


def test_a_type_without_a_call_is_permanent(answering: Answering, system: Harness) -> None:
    outcome = deliver(system, answering.url, item(), calls="shipment POST /s\n\ninvoice PUT /i\n")
    assert isinstance(outcome.error, Permanent)
    assert answering.asked == []


@pytest.mark.parametrize(
    "line",
    ["order", "order DELETE /x", "order POST x", "order POST /x?q={business_key}", "o POST /{x}"],
)
def test_an_unreadable_call_is_told_when_the_client_is_made(system: Harness, line: str) -> None:
    with pytest.raises(Permanent, match="unreadable line"):
        HTTP.client(system.connection(calls=[line]))


def test_a_retry_asks_first_and_does_not_send_what_arrived(
    answering: Answering, system: Harness
) -> None:
    answering.body = b'{"id":"A-7"}'
    look_ups = ["order GET /o/{business_key}"]
    outcome = deliver(system, answering.url, item(retried=True), look_ups=look_ups)
    assert [asked[:2] for asked in answering.asked] == [("GET", "/o/harbor%2F1001")]
    assert (outcome.error, outcome.remote_id) == (None, "A-7")


def test_a_first_try_asks_nothing(answering: Answering, system: Harness) -> None:
    deliver(system, answering.url, item(), look_ups=["* GET /o/{business_key}"])
    assert [asked[0] for asked in answering.asked] == ["POST"]


def test_a_retry_sends_what_is_not_there(answering: Answering, system: Harness) -> None:
    answering.status = 404
    deliver(system, answering.url, item(retried=True), look_ups=["* GET /o/{business_key}"])
    assert [asked[0] for asked in answering.asked] == ["GET", "POST"]


def test_a_look_up_that_fails_sends_nothing(answering: Answering, system: Harness) -> None:
    answering.status = 503
    outcome = deliver(system, answering.url, item(retried=True), look_ups=["* GET /o"])
    assert isinstance(outcome.error, Retryable)
    assert [asked[0] for asked in answering.asked] == ["GET"]


def test_409_confirms_only_where_the_system_means_it(answering: Answering, system: Harness) -> None:
    answering.status = 409
    assert isinstance(deliver(system, answering.url, item()).error, Permanent)
    assert deliver(system, answering.url, item(), conflict_confirms=True).error is None


def test_a_refused_document_is_told_in_the_systems_words(
    answering: Answering, system: Harness
) -> None:
    answering.status, answering.body = 422, b'{"detail":"item ZX not on file"}'
    outcome = deliver(system, answering.url, item())
    assert isinstance(outcome.error, NeedsPerson)
    assert "item ZX not on file" in outcome.error.problems[0].text
    assert outcome.answer["status"] == 422


@pytest.mark.parametrize("body", [b"", b"ok", b"[]", b'{"id":', b'{"id":true}', b'{"id":null}'])
def test_an_answer_that_names_no_id_still_confirms(
    answering: Answering, system: Harness, body: bytes
) -> None:
    answering.body = body
    outcome = deliver(system, answering.url, item())
    assert (outcome.error, outcome.remote_id) == (None, None)


def test_a_redirect_is_not_followed(answering: Answering, system: Harness) -> None:
    answering.status, answering.headers = 302, {"Location": "http://169.254.169.254/"}
    assert isinstance(deliver(system, answering.url, item()).error, Permanent)
    assert len(answering.asked) == 1


def test_an_address_inside_is_refused_before_a_call(system: Harness) -> None:
    outcome = deliver(system, "http://10.0.0.1:8000", item())
    assert isinstance(outcome.error, Permanent)
    assert outcome.error.code == "address_refused"


def test_one_failure_fails_one_item(answering: Answering, system: Harness) -> None:
    calls = ["order POST /o/{business_key}/x"]
    with client_of(HTTP, system.connection_to(answering.url, calls=calls)) as client:
        outcomes = list(client.deliver([item("1"), item(".."), item("3")]))
    assert sum(outcome.error is None for outcome in outcomes) == 2


def test_half_a_surrogate_pair_is_still_sent() -> None:
    assert encode({"a": "\ud83c"}) == b'{"a":"\\ud83c"}'
