"""A harness for every registered connector, and a network that reaches this machine only."""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from integrations.connectors import registry
from integrations.connectors.connector import Connector
from integrations.transports import http as transport
from portal.core import guard
from tests.connectors.answering import Answering
from tests.connectors.conformance import Harness

HERE = Path(__file__).parent


def _loopback() -> list[str]:
    return ["127.0.0.0/8"]


@pytest.fixture(autouse=True)
def loopback() -> None:
    guard.set_allowed_networks(_loopback)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second is long enough to wait for a server that never answers."""
    monkeypatch.setattr(transport, "TIMEOUT", (0.5, 0.5))


@pytest.fixture
def answering() -> Iterator[Answering]:
    server = Answering()
    yield server
    server.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "harness" in metafunc.fixturenames:
        metafunc.parametrize("harness", registry.SLUGS, indirect=True, scope="session")


@pytest.fixture(scope="session")
def harnesses() -> Iterator[Callable[[str], Any]]:
    """The harness of a connector, started when it is first asked for."""
    started: dict[str, Harness] = {}

    def of(slug: str) -> Harness:
        if slug not in started:
            assert (HERE / slug / "harness.py").exists(), f"the connector {slug} has no harness"
            made = import_module(f"tests.connectors.{slug}.harness").Harness
            allowed = guard._allowed, guard._whose
            guard.set_allowed_networks(_loopback)
            started[slug] = made()
            guard.set_allowed_networks(*allowed)
        return started[slug]

    yield of
    for harness in started.values():
        harness.close()


@pytest.fixture(scope="session")
def harness(request: pytest.FixtureRequest, harnesses: Callable[[str], Any]) -> Harness:
    return harnesses(request.param)


@pytest.fixture
def connector(harness: Harness) -> Connector:
    return registry.get(harness.slug)
