"""An Odoo of its own for each test that changes something, by each protocol, and a client to it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from integrations.connectors.odoo.settings import JSON_2, JSON_RPC
from tests.connectors.conformance import client_of
from tests.connectors.odoo.harness import Harness
from tests.connectors.odoo.server import OdooServer
from tests.connectors.odoo.world import filled


@pytest.fixture
def harness_(harnesses: Callable[[str], Any]) -> Harness:
    return harnesses("odoo")


@pytest.fixture(params=[(JSON_RPC, 16), (JSON_2, 19)], ids=["json-rpc", "json-2"])
def protocol(request: pytest.FixtureRequest) -> tuple[str, int]:
    return request.param


@pytest.fixture
def odoo(harness_: Harness, protocol: tuple[str, int]) -> Iterator[OdooServer]:
    made = filled(harness_.key, version=protocol[1])
    yield made
    made.close()


@pytest.fixture
def connect(
    harness_: Harness, odoo: OdooServer, protocol: tuple[str, int]
) -> Iterator[Callable[..., Any]]:
    """A client with these settings."""
    opened = []

    def connected(**settings: Any) -> Any:
        context = client_of(
            harness_.connector, harness_.to(odoo, **{"protocol": protocol[0], **settings})
        )
        opened.append(context)
        return context.__enter__()

    yield connected
    for context in opened:
        context.__exit__(None, None, None)


@pytest.fixture
def client(connect: Callable[..., Any]) -> Any:
    return connect()
