"""The same tests on both databases."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from integrations.connectors.base import Outbound
from integrations.connectors.sql import CONNECTOR
from integrations.connectors.sql.client import SqlClient

from ..conformance import connection
from .erp import Erp, postgresql_erp, sqlite_erp


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def erp(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Erp]:
    made = sqlite_erp(tmp_path_factory.mktemp("erp")) if request.param == "sqlite" else postgresql_erp()
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


def order(reference: str, **changes: Any) -> dict[str, Any]:
    return {
        "reference": reference,
        "customer": "WEB",
        "ordered_on": "2026-03-02",
        "currency": "USD",
        "freight": "12.50",
        "tax": "0",
        "status": "open",
        "ship_to": {
            "name": "HARBOR OUTFITTERS DC 2",
            "addr1": "400 QUAY STREET",
            "city": "RENO",
            "state": "NV",
            "zip": "89502",
            "country": "US",
        },
        "lines": [
            {"number": "1", "item": "10-00217", "qty": "24", "price": "129.00"},
            {"number": "2", "item": "10-00234", "qty": "2", "price": "219.00"},
        ],
        **changes,
    }


def outbound(
    document: dict[str, Any], object_type: str = "order", *, remote_id: str | None = None,
    retried: bool = False,
) -> Outbound:  # fmt: skip
    key = f"harbor/{document['reference']}"
    return Outbound(uuid4(), object_type, key, document, remote_id, retried)
