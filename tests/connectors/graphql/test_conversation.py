"""One call of a GraphQL server: what its answers become, and how long it waits for its points."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from integrations.connectors.graphql import conversation as module
from integrations.connectors.graphql.conversation import Conversation
from integrations.connectors.graphql.faults import Dialect
from integrations.connectors.graphql.quota import Bucket, Quota
from integrations.transports.http import Site
from portal.core import clock
from portal.core.errors import NeedsCredentials, NeedsPerson, Permanent, Retryable
from tests.connectors.answering import Answering
from tests.connectors.graphql.moments import NOON

ASKS = "query Shop { shop { name } }"
CHANGES = "mutation Close { close { id } }"


def quota_of(said: Any) -> Quota | None:
    cost = said.get("cost")
    return Quota(cost[0], cost[1], 100, cost[2]) if cost else None


@pytest.fixture
def server() -> Iterator[Answering]:
    answering = Answering()
    yield answering
    answering.close()


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    naps: list[float] = []
    monkeypatch.setattr(module.time, "sleep", naps.append)
    return naps


def talk(server: Answering, *answers: Any) -> Conversation:
    bodies = [json.dumps(answer).encode() for answer in answers]
    server.body = bodies[0]
    conversation = Conversation(
        Site(server.url), "/graphql", Dialect(name="The shop", quota=quota_of)
    )
    send = conversation.send

    def one_after_the_other(document, variables=None):
        server.body = bodies.pop(0) if len(bodies) > 1 else bodies[0]
        return send(document, variables)

    conversation.send = one_after_the_other  # type: ignore[method-assign]
    return conversation


def test_data_is_given_with_its_numbers_as_they_were_sent(server):
    conversation = talk(server, {"data": {"shop": {"weight": 1.10}}})
    assert str(conversation.ask(ASKS, {"a": 1}).data["shop"]["weight"]) == "1.1"
    method, path, headers, body = server.asked[-1]
    assert (method, path) == ("POST", "/graphql")
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {"query": ASKS, "variables": {"a": 1}}


@pytest.mark.parametrize(
    ("error", "wanted", "code"),
    [
        ({"message": "No", "extensions": {"code": "ACCESS_DENIED"}}, NeedsCredentials, "forbidden"),
        ({"message": "Who?", "extensions": {"code": "UNAUTHENTICATED"}}, NeedsCredentials, "auth_expired"),
        ({"message": "Oops", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}, Retryable, "unavailable"),
        ({"message": "Field 'x' doesn't exist", "extensions": {"code": "undefinedField"}}, Permanent, "refused"),
        ({"message": "Bad id", "path": ["a", 0], "extensions": {"code": "INVALID_VARIABLE"}}, NeedsPerson, "rejected"),
        ({"message": "no code"}, Permanent, "refused"),
        ("one text", Permanent, "refused"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", [200, 400])
def test_an_error_is_what_it_says_whatever_the_status(server, error, wanted, code, status):
    server.status = status
    errors = error if isinstance(error, str) else [error]
    with pytest.raises(wanted) as caught:
        talk(server, {"errors": errors, "data": {"shop": None}}).ask(ASKS)
    assert caught.value.code == code
    words = error if isinstance(error, str) else error["message"]
    told = caught.value.problems[0].text if wanted is NeedsPerson else str(caught.value)
    assert words in told


def test_a_change_that_failed_inside_may_have_happened(server):
    hangs = {"errors": [{"message": "Oops", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}]}
    with pytest.raises(Retryable) as caught:
        talk(server, hangs).ask(CHANGES)
    assert caught.value.uncertain
    with pytest.raises(Retryable) as caught:
        talk(server, hangs).ask(ASKS)
    assert not caught.value.uncertain


@pytest.mark.parametrize("body", [{}, [], {"data": None}, {"data": 5}])
def test_an_answer_without_data_is_no_answer(server, body):
    with pytest.raises(Retryable):
        talk(server, body).ask(ASKS)


def test_a_throttled_call_is_repeated_once_its_points_are_there(server, slept):
    throttled = {"errors": [{"message": "T", "extensions": {"code": "THROTTLED"}}]}
    busy = throttled | {"cost": [20, 10, 50]}
    conversation = talk(server, busy, {"data": {"shop": {}}, "cost": [100, 10, 50]})
    assert conversation.ask(ASKS).data == {"shop": {}}
    assert 2.9 <= slept[0] <= 3.0  # 30 points are missing, 10 come back each second
    assert len(server.asked) == 2


def test_a_long_wait_is_given_back(server, slept):
    throttled = {
        "errors": [{"message": "T", "extensions": {"code": "THROTTLED"}}],
        "cost": [0, 1, 60],
    }
    with pytest.raises(Retryable) as caught:
        talk(server, throttled).ask(ASKS)
    assert (caught.value.code, caught.value.retry_after, slept) == ("rate_limited", 60, [])


def test_who_is_throttled_for_ever_gives_up(server, slept):
    throttled = {
        "errors": [{"message": "T", "extensions": {"code": "THROTTLED"}}],
        "cost": [40, 10, 50],
    }
    with pytest.raises(Retryable):
        talk(server, throttled).ask(ASKS)
    assert len(server.asked) == 4


def test_the_bucket_waits_as_long_as_its_points_take():
    bucket = Bucket()
    with clock.freeze(NOON) as frozen:
        assert bucket.take(ASKS) == 0  # nothing is known yet
        bucket.heard(ASKS, Quota(left=15, restored=10, most=100, required=20))
        assert bucket.take(ASKS) == pytest.approx(0.5)  # 5 are missing
        assert bucket.take(ASKS) == pytest.approx(2.5)  # the next one stands behind it
        frozen.move(60)
        assert bucket.take(ASKS) == 0
        assert [bucket.take(ASKS) for _ in range(4)] == [0] * 4  # 100 points, five calls
        assert bucket.take(ASKS) == pytest.approx(2)


def test_a_call_that_is_given_back_takes_nothing_from_the_bucket():
    bucket = Bucket()
    with clock.freeze(NOON):
        bucket.heard(ASKS, Quota(left=0, restored=1, most=100, required=60))
        assert [bucket.take(ASKS, most=15) for _ in range(3)] == [pytest.approx(60)] * 3
