"""The same tests on both databases."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from integrations.connectors.outbound import Outbound
from integrations.connectors.sql import CONNECTOR
from integrations.connectors.sql.client import SqlClient
from tests.connectors.conformance import connection
from tests.connectors.sql.erp import Erp, postgresql_erp, sqlite_erp


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def erp(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Erp]:
    made = (
        sqlite_erp(tmp_path_factory.mktemp("erp"))
        if request.param == "sqlite"
        else postgresql_erp()
    )
    with made as erp:
        yield erp


@pytest.fixture
def open_client(erp: Erp) -> Iterator[Any]:
    """Clients of the ERP with settings of the test's choice."""
    made: list[SqlClient] = []

    def open_(**settings: Any) -> SqlClient:
        to = connection(CONNECTOR, settings={"url": erp.url, **settings}, secrets={})
        made.append(SqlClient(to))
        return made[-1]

    yield open_
    for client in made:
        client.close()


@pytest.fixture
def client(open_client: Any) -> SqlClient:
    return open_client()


def outbound(
    document: dict[str, Any], object_type: str = "order", *, remote_id: str | None = None,
    retried: bool = False,
) -> Outbound:  # fmt: skip
    key = f"harbor/{document['reference']}"
    return Outbound(uuid4(), object_type, key, document, remote_id, retried)
