"""A shop of each test's own."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from tests.connectors.conformance import client_of, connection
from tests.connectors.vendure.server import KEY, PASSWORD, Server

VENDURE = registry.get("vendure")


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def to(server: Server, **settings: Any) -> Connection:
    entered = {"url": server.url, "orders_since": "2026-01-01", **settings}
    secrets = {"api_key": KEY, "password": PASSWORD}
    return connection(VENDURE, settings=entered, secrets=secrets)


@pytest.fixture
def client(server: Server) -> Iterator[Any]:
    with client_of(VENDURE, to(server)) as client:
        yield client
