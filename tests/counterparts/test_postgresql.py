"""Resources of a PostgreSQL: read, filtered, created by a procedure, and nothing written while reading."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url

from integrations.connectors.sql import CONNECTOR
from integrations.connectors.sql.client import SqlClient
from integrations.resources import asking, definition, fitting
from integrations.resources.asking import Clock
from integrations.resources.relations import RowRefusedError
from integrations.transports.sql import Database
from integrations.transports.sql_errors import SqlRefusal
from portal.core.errors import CrossdockError, Retryable
from portal.core.secrets import Secret
from tests.connectors.conformance import connection
from tests.counterparts import postgresql_install
from tests.counterparts.postgresql_install import PASSWORD
from tests.resources.database import BY_CALL, PARTS, fill, runner

pytestmark = pytest.mark.counterpart(system="postgresql", flow="tables and procedures as resources")
CREATING = definition.read(BY_CALL)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with postgresql_install.server() as found:
        yield found


@pytest.fixture(scope="module")
def run(url: str) -> Iterator[Any]:
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg", password=PASSWORD))
    found = runner(engine)
    fill(found, is_postgresql=True)
    yield found
    engine.dispose()


@pytest.fixture
def client(url: str, run: Any) -> Iterator[SqlClient]:
    made = SqlClient(connection(CONNECTOR, settings={"url": url}, secrets={"password": PASSWORD}))
    yield made
    made.close()


def test_rows_are_read_by_filter_and_by_key(client):
    part, clock = definition.read(PARTS), Clock(client.zone)
    dear = client.read_rows(
        asking.listing(part, {"price.from": "60"}, clock, sort="-price", limit=9)
    )
    assert [row["part_no"] for row in dear] == ["A-2", "A-1"]
    [row] = client.read_rows(asking.one(part, "A~13~2~0", clock))
    assert asking.shown(part, row, client.zone)["changed_at"] == "2026-03-02T11:00:00Z"
    hostile = asking.listing(part, {"number": "' OR 1=1 -- "}, clock, limit=9)
    assert client.read_rows(hostile) == []


def test_a_procedure_makes_a_row_once_and_its_words_are_told(client, run):
    [known] = [one for one in client.procedures() if one.name == "add_part"]
    assert fitting.faults(CREATING, client.relation("legacy_part"), known) == []
    clock = Clock(client.zone)
    given = {"number": "P-1", "name": "Mug'); --"}
    made = client.write_row(asking.creating(CREATING, given, clock))
    again = client.write_row(asking.creating(CREATING, given, clock))
    assert (made.is_new, again.is_new) == (True, False)
    with pytest.raises(RowRefusedError, match="E103"):
        client.write_row(asking.creating(CREATING, {"number": "P-2", "name": "forbidden"}, clock))
    assert len(run("SELECT * FROM legacy_part WHERE part_no LIKE 'P-%'")) == 1


def test_reading_cannot_write_and_ends_in_time(url, run):
    database = Database(url, password=Secret(PASSWORD))
    with pytest.raises((SqlRefusal, CrossdockError)), database.reading(seconds=5) as transaction:
        transaction.run("DELETE FROM legacy_part", {})
    with pytest.raises(Retryable) as late, database.reading(seconds=1) as transaction:
        transaction.run("SELECT pg_sleep(20)", {})
    assert late.value.code == "timeout"
    database.close()
    assert len(run("SELECT * FROM legacy_part WHERE part_no NOT LIKE 'P-%'")) == 5
