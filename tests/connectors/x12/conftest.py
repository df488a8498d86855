"""A warehouse's server for each test, and clients of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.connectors.connection import Connection
from integrations.connectors.edi_files.client import FilesClient
from integrations.connectors.x12 import CONNECTOR
from tests.connectors.conformance import connection
from tests.connectors.x12.server import Server

PASSWORD = "correct horse"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(PASSWORD)
    yield made
    made.close()


@pytest.fixture
def open_client(server: Server) -> Iterator[Any]:
    """Clients of the server, each with a worker's name of its own."""
    made: list[FilesClient] = []

    def open_(*, secrets: dict[str, str] | None = None, **settings: Any) -> FilesClient:
        to = to_server(server, secrets=secrets, **settings)
        made.append(FilesClient(to))
        return made[-1]

    yield open_
    for client in made:
        client.close()


@pytest.fixture
def client(open_client: Any) -> FilesClient:
    return open_client()


def to_server(
    server: Server, *, secrets: dict[str, str] | None = None, **settings: Any
) -> Connection:
    known = {"password": PASSWORD} if secrets is None else secrets
    return agreed(secrets=known, **{**server.address, **settings})


def agreed(*, secrets: dict[str, str] | None = None, **settings: Any) -> Connection:
    """A connection to the warehouse NWIND3PL in Reno; without an address where none is needed."""
    entered = {
        "own_id": "PORTAL",
        "partner_id": "NWIND3PL",
        "usage": "T",
        "site": "RNO1",
        "depositor_name": "ACME GOODS",
        "warehouse_name": "NORTHWIND 3PL RENO",
    }
    return connection(CONNECTOR, settings={**entered, **settings}, secrets=secrets or {})
