"""Documents written to a described system: where they go, what is looked for first, what came of it."""

import json
from typing import Any
from uuid import UUID

import pytest

from integrations.connectors import registry
from integrations.connectors.outbound import Outbound, Outcome
from portal.core.errors import CrossdockError, NeedsCredentials, NeedsPerson, Permanent, Retryable
from tests.connectors.conformance import client_of
from tests.connectors.described.lists import Lists, Reply

REST = registry.get("rest")
ID = UUID("9b0a0c1e-7a55-4c0b-8f0e-6f4f3c1a2d99")
TEXT = """
auth: {kind: bearer}
test: {path: /me}
writes:
  order:
    path: /orders
    answer_id: data.id
    update: {method: PUT, path: "/orders/{remote_id}"}
  shipment:
    path: /orders/{order.id}/parcels/{number}
    wrap: data.parcel
    leave_out: [order]
    answer_id: id
    idempotency_header: X-Once
    look_up: {path: /parcels, params: {number: "{number}", of: "o-{order.id}"}, found: list, id: list.0.id}
errors:
  message: why
  rules:
    - {status: 409, means: confirmed}
    - {field: ok, is: false, means: person}
"""
SHIPMENT = {"order": {"id": 7}, "number": "S 1/é", "tracking": ["1Z"]}


def item(document: dict[str, Any], kind: str = "shipment", **fields: Any) -> Outbound:
    made = Outbound(ID, kind, "harbor/1", document, None, False)
    return made._replace(**fields)


def deliver(lists: Lists, sent: Outbound, text: str = TEXT) -> Outcome:
    with client_of(REST, lists.connection(text)) as client:
        [outcome] = list(client.deliver([sent]))
    return outcome


def error_of(lists: Lists, sent: Outbound, text: str = TEXT) -> CrossdockError:
    error = deliver(lists, sent, text).error
    assert error is not None
    return error


def test_a_document_goes_to_its_path_wrapped_and_once(lists: Lists) -> None:
    lists.answer = lambda asked: Reply(201, {"id": 12})
    outcome = deliver(lists, item(SHIPMENT))
    [asked] = lists.asked
    assert (asked.method, asked.path) == ("POST", "/api/orders/7/parcels/S%201%2F%C3%A9")
    assert asked.body == {"data": {"parcel": {"number": "S 1/é", "tracking": ["1Z"]}}}
    assert json.loads(outcome.sent) == asked.body
    assert asked.headers["x-once"] == str(ID)
    assert (outcome.error, outcome.remote_id, outcome.answer["status"]) == (None, "12", 201)


def test_what_is_known_there_is_updated(lists: Lists) -> None:
    lists.answer = lambda asked: Reply(said={"data": {}})
    outcome = deliver(lists, item({"n": 1}, "order", remote_id="o-9"))
    assert [(a.method, a.path) for a in lists.asked] == [("PUT", "/api/orders/o-9")]
    assert outcome.remote_id == "o-9"
    deliver(lists, item({"n": 1}, "order"))
    assert [(a.method, a.path) for a in lists.asked[1:]] == [("POST", "/api/orders")]


def test_a_try_that_may_have_arrived_is_looked_for(lists: Lists) -> None:
    lists.answer = lambda asked: Reply(said={"list": [{"id": "p-3"}]})
    outcome = deliver(lists, item(SHIPMENT, retried=True))
    [asked] = lists.asked
    assert (asked.method, asked.path) == ("GET", "/api/parcels")
    assert asked.query == {"number": "S 1/é", "of": "o-7"}
    assert (outcome.error, outcome.remote_id) == (None, "p-3")


@pytest.mark.parametrize("nothing", [Reply(said={"list": []}), Reply(404, {}), Reply(said={})])
def test_what_is_not_found_is_written(lists: Lists, nothing: Reply) -> None:
    lists.answer = lambda asked: nothing if asked.method == "GET" else Reply(201, {"id": "p-4"})
    outcome = deliver(lists, item(SHIPMENT, retried=True))
    assert [asked.method for asked in lists.asked] == ["GET", "POST"]
    assert outcome.remote_id == "p-4"


def test_a_look_up_that_fails_writes_nothing(lists: Lists) -> None:
    lists.answer = lambda asked: Reply(503, {})
    assert isinstance(error_of(lists, item(SHIPMENT, retried=True)), Retryable)
    assert [asked.method for asked in lists.asked] == ["GET"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("..", "bad_key"), (".", "bad_key"), ("../../admin", "bad_key"), ("a/../b", "bad_key"),
        ("..\\admin", "bad_key"), ("", "missing_field"), (None, "missing_field"),
        (["x"], "missing_field"), (True, "missing_field"),
    ],
)  # fmt: skip
def test_a_value_that_is_missing_or_climbs_goes_nowhere(
    lists: Lists, number: Any, code: str
) -> None:
    error = error_of(lists, item({**SHIPMENT, "number": number}))
    assert isinstance(error, NeedsPerson)
    assert [(p.code, p.path) for p in error.problems] == [(code, "number")]
    assert lists.asked == []


@pytest.mark.parametrize(
    "number", ["a?x=1", "a#b", "//evil.example/", "a%2e%2e", "http://x", "@evil"]
)
def test_a_value_stays_in_its_segment_of_its_host(lists: Lists, number: str) -> None:
    lists.answer = lambda asked: Reply(201, {})
    assert deliver(lists, item({**SHIPMENT, "number": number})).error is None
    [asked] = lists.asked
    assert asked.path.startswith("/api/orders/7/parcels/")
    assert asked.path.count("/") == 5
    assert asked.query == {}


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(422, {"why": "No such carrier."}), NeedsPerson, "The system refused the document: No such carrier."),
        (Reply(200, {"ok": False, "why": "Closed."}), NeedsPerson, "The system refused the document: Closed."),
        (Reply(404, {}), Permanent, ""),
        (Reply(403, {}), NeedsCredentials, ""),
    ],
)  # fmt: skip
def test_a_refusal_is_said_in_the_systems_words(
    lists: Lists, reply: Reply, kind: type[CrossdockError], said: str
) -> None:
    lists.answer = lambda asked: reply
    outcome = deliver(lists, item(SHIPMENT))
    assert type(outcome.error) is kind
    assert outcome.answer["status"] == reply.status
    if said:
        assert outcome.error.problems[0].text == said  # type: ignore[union-attr]


def test_what_is_there_already_is_confirmed_by_a_rule(lists: Lists) -> None:
    lists.answer = lambda asked: Reply(409, {"ok": False})
    assert deliver(lists, item(SHIPMENT)).error is None


def test_a_good_answer_needs_no_json(lists: Lists) -> None:
    lists.answer = lambda asked: Reply(200, b"OK")
    outcome = deliver(lists, item(SHIPMENT))
    assert (outcome.error, outcome.remote_id) == (None, None)


def test_a_kind_that_is_not_described_is_not_sent(lists: Lists) -> None:
    error = error_of(lists, item({}, "invoice"))
    assert (type(error), error.code) == (Permanent, "not_supported")
    assert lists.asked == []


def test_a_missing_secret_fails_each_document_and_raises_nothing(lists: Lists) -> None:
    text = TEXT.replace("kind: bearer", "kind: basic")
    with client_of(REST, lists.connection(text)) as client:
        outcomes = list(client.deliver([item(SHIPMENT), item({}, "order")]))
    assert [type(outcome.error) for outcome in outcomes] == [NeedsCredentials, NeedsCredentials]


def test_a_secret_in_a_parameter_is_in_no_error(lists: Lists) -> None:
    text = TEXT.replace("kind: bearer", "kind: query, name: api_key")
    lists.answer = lambda asked: Reply(500 if asked.query["api_key"] == "t-5up3r-hidden" else 401)
    error = error_of(lists, item(SHIPMENT), text)
    assert isinstance(error, Retryable)
    assert "5up3r-hidden" not in repr(error)


def test_a_write_may_say_more_in_its_address(lists: Lists) -> None:
    text = TEXT.replace("    wrap:", '    params: {by: "{number}", of: desk}\n    wrap:')
    assert deliver(lists, item({**SHIPMENT, "number": "S&1"}), text).error is None
    assert lists.asked[-1].query == {"by": "S&1", "of": "desk"}


def test_a_call_comes_first_where_the_system_is_not_ready(lists: Lists) -> None:
    first = "    first: {path: '/orders/{order.id}/open', when: tags.*.name, is: [new, held]}\n"
    text = TEXT.replace("    wrap:", f"{first}    wrap:")
    for name, calls in (("new", ["/api/orders/7/open", "/api/orders/7/parcels/S%201%2F%C3%A9"]),
                        ("old", ["/api/orders/7/parcels/S%201%2F%C3%A9"])):  # fmt: skip
        lists.asked.clear()
        assert deliver(lists, item({**SHIPMENT, "tags": [{"name": name}]}), text).error is None
        assert [asked.path for asked in lists.asked] == calls
    lists.answer = lambda asked: Reply(422, {"why": "closed"})
    lists.asked.clear()
    error = error_of(lists, item({**SHIPMENT, "tags": [{"name": "held"}]}), text)
    assert isinstance(error, NeedsPerson)
    assert len(lists.asked) == 1
