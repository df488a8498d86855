"""A company in the small ERP, its server, and clients of it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from integrations.connectors import registry
from integrations.connectors.tryton.client import TrytonClient
from tests.connectors.conformance import connection
from tests.connectors.tryton.company import Company
from tests.connectors.tryton.harness import KEY, LONG_AGO
from tests.connectors.tryton.server import Server

CONNECTOR = registry.get("tryton")


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.fixture
def server(company: Company) -> Iterator[Server]:
    started = Server(company, KEY)
    yield started
    started.close()


@pytest.fixture
def client_with(server: Server) -> Iterator[Callable[..., TrytonClient]]:
    made: list[TrytonClient] = []

    def client(**settings: Any) -> TrytonClient:
        entered = {"url": server.url, "database": "erp", "since": LONG_AGO, **settings}
        made.append(TrytonClient(connection(CONNECTOR, settings=entered, secrets={"key": KEY})))
        return made[-1]

    yield client
    for one in made:
        one.close()


@pytest.fixture
def client(client_with: Callable[..., TrytonClient]) -> TrytonClient:
    return client_with()
