"""A server that takes alerts, and a shop whose cases are told."""

from collections.abc import Iterator
from threading import Thread

import pytest

from tests import pipeline
from tests.core.web_server import Server
from tests.monitoring.conftest import ana, ben, harbor, maris, sink

__all__ = ["ana", "ben", "harbor", "maris", "sink"]


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    Thread(target=found.serve_forever, args=(0.01,), daemon=True).start()
    yield found
    found.shutdown()
    found.server_close()


@pytest.fixture
def shop(kestrel):
    return pipeline.endpoint(kestrel.harbor, "shop", label="Web shop")
