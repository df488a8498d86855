"""What the live test of an ERP database says, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from integrations.connectors.client import Check
from integrations.connectors.sql import probe
from integrations.connectors.sql.client import SqlClient
from integrations.transports import sql
from portal.core import guard
from tests.connectors.sql.erp import Erp


def told(client: SqlClient) -> dict[str, Check]:
    return {check.name: check for check in client.test_connection()}


@pytest.fixture
def on_postgresql(erp: Erp) -> Erp:
    if not erp.url.startswith("postgresql"):
        pytest.skip("SQLite has no logins and no procedures")
    return erp


@pytest.fixture
def weak_url(on_postgresql: Erp) -> Iterator[str]:
    """A login that may read two tables and write none."""
    erp = on_postgresql
    erp.rows("CREATE ROLE weak LOGIN")
    erp.rows("GRANT SELECT ON item, customer TO weak")
    erp.rows("REVOKE EXECUTE ON ALL PROCEDURES IN SCHEMA public FROM PUBLIC")
    yield erp.url.replace("crossdock_owner@", "weak@")
    erp.rows("GRANT EXECUTE ON ALL PROCEDURES IN SCHEMA public TO PUBLIC")
    erp.rows("DROP OWNED BY weak")
    erp.rows("DROP ROLE weak")


def test_every_query_and_write_is_named(client: SqlClient) -> None:
    found = told(client)
    assert found["scope"] == Check(
        "scope",
        True,
        "It reads products, customers, prices, stock, invoices and writes order, shipment, adjustment.",
    )


def test_nothing_is_written_by_the_test(client: SqlClient, erp: Erp) -> None:
    before = erp.rows("SELECT count(*) AS n FROM sales_order")
    told(client)
    assert erp.rows("SELECT count(*) AS n FROM sales_order") == before


def test_a_table_that_is_missing_is_named_with_its_stream(open_client: Any) -> None:
    queries = {"products": {"from": "no_such_table", "key": "a", "changed_at": "b"}}
    scope = told(open_client(queries=queries))["scope"]
    assert scope.passed is False
    assert scope.text.startswith("Cannot read products: ")
    assert "no_such_table" in scope.text
    assert scope.text.endswith("It writes order, shipment, adjustment.")
    assert scope.remedy.startswith("Correct “What is read”")


def test_a_table_that_would_be_written_and_is_missing_is_named(open_client: Any) -> None:
    writes = {"order": {"look_up": "SELECT 1", "statements": ["INSERT INTO no_such VALUES (:a)"]}}
    scope = told(open_client(writes=writes))["scope"]
    assert "Cannot write order: " in scope.text
    assert "no_such" in scope.text


def test_a_procedure_that_is_missing_is_named(open_client: Any, on_postgresql: Erp) -> None:
    writes = {"order": {"look_up": "SELECT 1", "call": "CALL take_order(:document)"}}
    scope = told(open_client(writes=writes))["scope"]
    assert "Cannot write order: there is no procedure take_order." in scope.text


def test_what_the_login_may_not_do_is_named_by_object_type(open_client: Any, weak_url: str) -> None:
    scope = told(open_client(url=weak_url))["scope"]
    assert scope.passed is False
    assert "Cannot read prices: The login may not do this: permission denied for table price" in (
        scope.text
    )
    assert "Cannot write order: The login may not do this" in scope.text
    assert scope.text.endswith("It reads products, customers.")


def test_a_procedure_the_login_may_not_call_is_named(open_client: Any, weak_url: str) -> None:
    writes = {"order": {"look_up": "SELECT 1", "call": "CALL import_order(:document)"}}
    scope = told(open_client(url=weak_url, writes=writes))["scope"]
    assert "Cannot write order: the login may not call import_order." in scope.text


def test_an_unknown_login_and_an_unknown_database_are_told(
    open_client: Any, on_postgresql: Erp
) -> None:
    nobody = told(open_client(url=on_postgresql.url.replace("crossdock_owner@", "nobody@")))
    assert nobody["key"].passed is False
    assert 'role "nobody" does not exist' in nobody["key"].text
    database = urlsplit(on_postgresql.url).path.removeprefix("/")
    nowhere = told(open_client(url=on_postgresql.url.replace(f"/{database}?", "/nowhere?")))
    assert 'database "nowhere" does not exist' in nowhere["key"].text


def test_the_clock_of_the_database_is_compared(open_client: Any, on_postgresql: Erp) -> None:
    assert told(open_client())["clock"].passed is True


def test_a_clock_that_is_six_minutes_ahead_is_told(
    open_client: Any, on_postgresql: Erp, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = "SELECT now() + interval '6 minutes' AS at"
    monkeypatch.setitem(probe._NOW, "postgresql", ahead)
    clock = told(open_client())["clock"]
    assert clock.passed is False
    assert clock.text in {
        "The clock of the database is 6 min ahead of our clock.",
        "The clock of the database is 5 min ahead of our clock.",
    }


def test_a_session_over_the_network_tells_whether_it_is_encrypted(
    open_client: Any, on_postgresql: Erp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server of the tests listens on a socket only, so the place is told instead."""
    monkeypatch.setattr(sql.Database, "place", sql.Place("db.example", 5432))
    monkeypatch.setattr(probe.checks, "host", lambda name, port: (probe.checks.passed("host", ""),))
    monkeypatch.setattr(probe, "permitted", lambda host: ("8.8.8.8",))
    found = told(open_client())
    assert found["tls"].text == "The session is not encrypted, and leads over the internet."
    assert [found[name].passed for name in ("key", "scope", "clock")] == [None, None, None]


def test_a_file_that_is_not_there_is_told_and_not_made(open_client: Any, tmp_path: Any) -> None:
    found = told(open_client(url=f"sqlite:///{tmp_path / 'none.db'}"))
    assert found["host"].text == f"There is no file {tmp_path / 'none.db'}."
    assert not (tmp_path / "none.db").exists()


def test_a_name_that_does_not_resolve_is_told(
    open_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_resolve", _no_address)
    found = told(open_client(url="postgresql://user@no.such.example/erp"))
    assert found["host"].passed is False
    assert found["host"].text == (
        "No name server knows no.such.example: the name does not resolve."
    )


def _no_address(host: str) -> Any:
    raise guard.Retryable(f"The name {host} has no address")


def test_settings_that_cannot_be_used_are_told(open_client: Any) -> None:
    found = list(open_client(queries={"products": {"from": "item"}}).test_connection())
    assert [check.passed for check in found] == [False, None, None, None, None]
    assert "queries.products" in found[0].text
