"""A receiver that runs, and a webhook that leads to it."""

from collections.abc import Iterator
from threading import Thread

import pytest

from portal.core import guard
from portal.webhooks.domain import wanted
from tests import pipeline
from tests.core.conftest import resolve
from tests.core.web_server import Server
from tests.webhooks.scenery import hook

__all__ = ["resolve"]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    wanted.forget()
    guard.forget()
    yield
    wanted.forget()
    guard.forget()


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    Thread(target=found.serve_forever, args=(0.01,), daemon=True).start()
    yield found
    found.shutdown()
    found.server_close()


@pytest.fixture
def listening(kestrel, server):
    """A webhook for every event of every customer, and its secret."""
    return hook(server)


@pytest.fixture
def shop(kestrel):
    return pipeline.endpoint(kestrel.harbor, "shop", label="Web shop")
