"""A server that takes alerts, and a shop whose cases are told."""

from collections.abc import Iterator
from datetime import date
from threading import Thread

import pytest

from monitoring.domain.alerts import rotas
from monitoring.models import Rota
from tests import pipeline
from tests.core.web_server import Server
from tests.monitoring.alerts.scenery import webhook
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


@pytest.fixture
def desk(server, kestrel):
    return webhook(server)


@pytest.fixture
def nights(ana, ben):
    made = Rota(
        name="Nights", time_zone="UTC", every="daily", first_on=date(2026, 3, 2), minute=480
    )
    return rotas.put(made, members=[ana, ben])
