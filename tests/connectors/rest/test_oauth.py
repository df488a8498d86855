"""A described system that wants OAuth 2.0."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from portal.core.errors import NeedsCredentials
from tests.connectors.conformance import SECRET_MARK, client_of, connection
from tests.connectors.token_server import TokenServer

REST = registry.get("rest")
TEXT = """
auth: {kind: oauth}
test: {path: /me}
writes: {order: {path: /orders, answer_id: id}}
"""


@pytest.fixture
def server() -> Iterator[TokenServer]:
    running = TokenServer(mark=SECRET_MARK)
    yield running
    running.close()


def system(server: TokenServer, **settings: Any) -> Connection:
    entered = {
        "url": server.url,
        "description": TEXT,
        "token_url": server.token_url,
        "client_id": "portal",
        **settings,
    }
    return connection(REST, settings=entered, secrets={"client_secret": f"s {SECRET_MARK}"})


def order() -> Outbound:
    return Outbound(UUID(int=1), "order", "harbor/1", {"number": "1"}, None, False)


def test_calls_carry_a_token_that_was_asked_for(server: TokenServer) -> None:
    with client_of(REST, system(server, scope="orders")) as client:
        outcomes = [*client.deliver([order()]), *client.deliver([order()])]
        told = {line.name: line.passed for line in client.test_connection()}
    assert [(outcome.error, outcome.remote_id) for outcome in outcomes] == [(None, "A-7")] * 2
    [asked] = server.granted
    assert asked.form == {"grant_type": "client_credentials", "scope": "orders"}
    assert told["key"] is True


def test_the_token_server_gets_the_headers_of_calls_only_where_it_wants_them(
    server: TokenServer,
) -> None:
    more = "\nheaders: {X-Service: Desk}\ncall_id: X-Call\n"
    for auth, given in (("kind: oauth", False), ("kind: oauth, same_headers: true", True)):
        text = TEXT.replace("kind: oauth", auth) + more
        with client_of(REST, system(server, description=text)) as client:
            assert [outcome.error for outcome in client.deliver([order()])] == [None]
        asked, called = server.granted[-1].headers, server.called[-1].headers
        assert (asked.get("x-service") == "Desk", "x-call" in asked) == (given, given)
        assert called["x-service"] == "Desk"
        assert called["x-call"] != asked.get("x-call")


def test_a_token_may_go_by_itself_in_a_header_of_its_own(server: TokenServer) -> None:
    text = TEXT.replace("kind: oauth", "kind: oauth, name: X-Token, identifies: body")
    with client_of(REST, system(server, description=text)) as client:
        list(client.deliver([order()]))
    assert server.called[0].headers["x-token"] == server.token(1)
    assert "authorization" not in server.called[0].headers
    assert "authorization" not in server.granted[0].headers
    assert server.granted[0].form["client_id"] == "portal"


def test_a_token_address_is_asked_for(server: TokenServer) -> None:
    with client_of(REST, system(server, token_url="")) as client:
        [outcome] = list(client.deliver([order()]))
    assert isinstance(outcome.error, NeedsCredentials)
    assert "no token address is entered" in str(outcome.error)


def test_a_person_says_yes_where_the_system_wants_one(server: TokenServer) -> None:
    to = system(server, grant="authorisation-code", authorise_url=f"{server.url}/authorise")
    assert REST.authorises(system(server)) is None
    grant = REST.authorises(to)
    assert grant is not None
    assert grant.client.client_id == "portal"
    with client_of(REST, to) as client:
        [outcome] = list(client.deliver([order()]))
    assert "Nobody authorised us" in str(outcome.error)


def test_an_account_is_known_by_who_asks_for_tokens(server: TokenServer) -> None:
    one, other = system(server), system(server, client_id="other")
    assert len({REST.account(one), REST.account(other)}) == 2
    assert REST.account(one) == REST.account(system(server))
    assert REST.account(system(server, grant="authorisation-code")) == ""
