"""A shop of each test's own."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from tests.connectors.conformance import client_of, connection
from tests.connectors.shopify.server import CLIENT, SECRET, Server


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def to(server: Server, **settings: Any) -> Connection:
    entered = {"url": server.url, "client_id": CLIENT, "orders_since": "2026-01-01", **settings}
    return connection(registry.get("shopify"), settings=entered, secrets={"client_secret": SECRET})


@pytest.fixture
def client(server: Server) -> Iterator[Any]:
    with client_of(registry.get("shopify"), to(server)) as client:
        yield client
