"""Calls of the generic HTTP connector to a system that wants OAuth 2.0."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from integrations.connectors import registry
from integrations.connectors.client import Check
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound, Outcome
from portal.core.errors import CrossdockError, NeedsCredentials, Permanent, Retryable
from tests.connectors.conformance import SECRET_MARK, client_of, connection
from tests.connectors.token_server import TokenServer

HTTP = registry.get("http")
KEY = f"s {SECRET_MARK}"


@pytest.fixture
def server() -> Iterator[TokenServer]:
    running = TokenServer(mark=SECRET_MARK)
    yield running
    running.close()


def system(server: TokenServer, **settings: Any) -> Connection:
    secrets = {"client_secret": KEY}
    for name in ("auth_token", "client_secret"):
        if name in settings:
            secrets[name] = settings.pop(name)
    entered = {"url": server.url, "token_url": server.token_url, "client_id": "portal", **settings}
    return connection(HTTP, settings=entered, secrets=secrets)


def orders(count: int = 1) -> list[Outbound]:
    return [
        Outbound(
            message_id=UUID(int=number),
            object_type="order",
            business_key=f"harbor/{number}",
            document={"number": str(number)},
            remote_id=None,
            retried=False,
        )
        for number in range(count)
    ]


def deliver(to: Connection, count: int = 1) -> list[Outcome]:
    with client_of(HTTP, to) as client:
        outcomes = list(client.deliver(orders(count)))
    assert SECRET_MARK not in repr(outcomes)
    return outcomes


def lines(to: Connection) -> dict[str, Check]:
    with client_of(HTTP, to) as client:
        told = {line.name: line for line in client.test_connection()}
    assert SECRET_MARK not in repr(told)
    return told


def test_a_batch_is_delivered_under_one_token(server: TokenServer) -> None:
    outcomes = deliver(system(server, scope="orders.write"), 40)
    assert [(o.error, o.remote_id) for o in outcomes] == [(None, "A-7")] * 40
    assert len(server.called) == 40
    [asked] = server.granted
    assert asked.form == {"grant_type": "client_credentials", "scope": "orders.write"}


def test_the_client_sends_its_secret_as_the_settings_say(server: TokenServer) -> None:
    deliver(system(server, client_identifies="body", audience="erp"))
    [asked] = server.granted
    assert asked.form == {
        "grant_type": "client_credentials",
        "audience": "erp",
        "client_id": "portal",
        "client_secret": KEY,
    }


def test_a_token_that_ended_early_costs_no_document(server: TokenServer) -> None:
    with client_of(HTTP, system(server)) as client:
        assert [o.error for o in client.deliver(orders(1))] == [None]
        server.valid.clear()
        assert [o.error for o in client.deliver(orders(8))] == [None] * 8
    assert len(server.granted) == 2


def test_a_key_of_a_gateway_goes_beside_the_token(server: TokenServer) -> None:
    to = system(server, auth_header="Ocp-Apim-Subscription-Key", auth_token=f"k {SECRET_MARK}")
    assert deliver(to)[0].error is None
    [called] = server.called
    assert called.headers["ocp-apim-subscription-key"] == f"k {SECRET_MARK}"
    assert called.headers["authorization"] == f"Bearer {server.token(1)}"
    assert "ocp-apim-subscription-key" not in server.granted[0].headers


@pytest.mark.parametrize(
    ("entered", "error", "says"),
    [
        ({"auth_token": "Bearer 1"}, Permanent, "wants the Authorization header"),
        ({"auth_token": "1", "auth_header": "authorization"}, Permanent, "Authorization header"),
        ({"client_id": ""}, NeedsCredentials, "no client ID"),
        ({"client_secret": ""}, NeedsCredentials, "no client secret"),
    ],
)
def test_what_does_not_go_together_is_told_when_the_client_is_made(
    server: TokenServer, entered: dict[str, str], error: type[CrossdockError], says: str
) -> None:
    with pytest.raises(error, match=says):
        HTTP.client(system(server, **entered))


@pytest.mark.parametrize(
    ("status", "said", "error"),
    [
        (401, {"error": "invalid_client", "error_description": KEY}, NeedsCredentials),
        (400, {"error": KEY}, NeedsCredentials),
        (503, {"error": KEY}, Retryable),
        (404, {}, Permanent),
    ],
)
def test_without_a_token_nothing_is_sent_and_nothing_is_uncertain(
    server: TokenServer, status: int, said: dict[str, str], error: type[CrossdockError]
) -> None:
    server.refuse(status, **said)
    outcomes = deliver(system(server), 12)
    assert {type(o.error) for o in outcomes} == {error}
    assert not any(getattr(o.error, "uncertain", False) for o in outcomes)
    assert server.called == []
    assert len(server.granted) == 1  # not once for each document


def test_a_system_that_refuses_every_token_asks_for_credentials(server: TokenServer) -> None:
    server.refuses_all = True
    [outcome] = deliver(system(server))
    assert isinstance(outcome.error, NeedsCredentials)
    assert outcome.answer["body"] == "no good: not shown"


def test_the_connection_test_asks_for_a_token_of_its_own(server: TokenServer) -> None:
    found = lines(system(server))
    assert [found[name].passed for name in ("host", "key", "scope")] == [True, True, None]
    assert found["key"].text == "It answered 200 at /: it takes the secret."
    assert len(server.granted) == 1


def test_the_connection_test_names_what_the_token_server_says(server: TokenServer) -> None:
    server.refuse(401, error="invalid_client", error_description="No such client.")
    found = lines(system(server))
    assert (found["host"].passed, found["key"].passed, found["scope"].passed) == (True, False, None)
    assert found["key"].text == "The token server 127.0.0.1 says invalid_client (No such client.)."
    assert found["key"].remedy == "The key is wrong or was revoked. Enter a new one."


def test_the_connection_test_names_a_token_address_inside(server: TokenServer) -> None:
    found = lines(system(server, token_url="https://10.0.0.1/token"))
    assert found["key"].passed is False
    assert "does not allow calling it" in found["key"].text


def test_whoever_changes_the_token_address_enters_the_secret_anew() -> None:
    told = {setting.name: setting for setting in HTTP.settings}
    assert told["token_url"].place
    assert told["client_secret"].secret
    assert not told["client_secret"].stays
