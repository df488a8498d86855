"""Reading the ERP's tables, on SQLite and PostgreSQL."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from integrations.connectors.sql.client import SqlClient
from portal.core.errors import NeedsCredentials, Permanent
from tests.connectors.conformance import read_stream
from tests.connectors.sql.erp import Erp

NOW = datetime(2026, 3, 3, tzinfo=UTC)
LOG = {"log": {"from": "log", "key": "log_no", "changed_at": "changed_at"}}
STREAM = {"products": LOG["log"]}


@pytest.fixture
def log(erp: Erp) -> Any:
    """A table of our own, so that no other test changes it: add(number, changed_at)."""
    erp.rows("DROP TABLE IF EXISTS log")
    erp.rows("CREATE TABLE log (log_no integer PRIMARY KEY, changed_at timestamp, words text)")

    def add(number: int, at: str, words: str = "") -> None:
        erp.rows("DELETE FROM log WHERE log_no = :no", no=number)
        erp.rows("INSERT INTO log VALUES (:no, :at, :words)", no=number, at=at, words=words)

    yield add
    erp.rows("DROP TABLE log")


def read(client: SqlClient, cursor: Any = None) -> tuple[list[int], Any]:
    """The numbers of one pass, and the cursor behind it."""
    numbers, behind = [], cursor or {}
    for documents, position in read_stream(client, "products", behind):
        numbers += [json.loads(document.body)["log_no"] for document in documents]
        behind = position
    return numbers, behind


def test_rows_come_in_the_order_they_changed_across_pages(open_client: Any, log: Any) -> None:
    for number in (5, 3, 9, 1):
        log(number, "2026-03-02 10:00:00")
    log(2, "2026-03-02 09:00:00")
    log(4, "2026-03-02 11:00:00")
    client = open_client(queries=STREAM, page_size=2)
    assert read(client)[0] == [2, 1, 3, 5, 9, 4]


def test_the_next_pass_gives_what_changed_since(open_client: Any, log: Any) -> None:
    log(1, "2026-03-02 10:00:00")
    client = open_client(queries=STREAM, overlap_seconds=0)
    _, cursor = read(client)
    assert read(client, cursor)[0] == []
    log(2, "2026-03-02 10:00:00")
    log(1, "2026-03-02 10:00:01")
    assert read(client, cursor)[0] == [2, 1]


def test_a_row_that_was_committed_late_is_found_by_the_overlap(open_client: Any, log: Any) -> None:
    log(2, "2026-03-02 10:00:00")
    client = open_client(queries=STREAM, overlap_seconds=60)
    _, cursor = read(client)
    log(1, "2026-03-02 09:59:30")
    log(3, "2026-03-02 09:58:30")
    assert read(client, cursor)[0] == [1, 2]


def test_a_row_read_again_has_the_key_it_had_and_a_changed_row_another(
    open_client: Any, log: Any
) -> None:
    log(1, "2026-03-02 10:00:00", "a")
    client = open_client(queries=STREAM)
    keys = [client.fetch("products", {}, now=NOW).documents[0].dedup_key for _ in range(2)]
    log(1, "2026-03-02 10:00:00", "b")
    changed = client.fetch("products", {}, now=NOW).documents[0].dedup_key
    assert keys[0] == keys[1] != changed


def test_a_query_that_ignores_where_it_is_told_to_go_on_is_stopped(
    open_client: Any, log: Any
) -> None:
    for number in range(3):
        log(number, "2026-03-02 10:00:00")
    select = "SELECT * FROM log WHERE changed_at > '1900-01-01' OR :since_at = '' LIMIT :limit"
    queries = {"products": {"select": select, "key": "log_no", "changed_at": "changed_at"}}
    client = open_client(queries=queries, page_size=3)
    first = client.fetch("products", {}, now=NOW)
    with pytest.raises(Permanent) as caught:
        client.fetch("products", first.cursor, now=NOW)
    assert "for ever" in str(caught.value)


def test_times_without_an_offset_are_in_the_erps_zone(open_client: Any, erp: Erp, log: Any) -> None:
    log(1, "2026-07-02 10:00:00")
    client = open_client(queries=STREAM, time_zone="America/Chicago")
    row = json.loads(client.fetch("products", {}, now=NOW).documents[0].body)
    # SQLite has no times, only text, which the mapping reads in the same zone.
    wanted = "2026-07-02T15:00:00Z" if erp.url.startswith("postgresql") else "2026-07-02 10:00:00"
    assert row["changed_at"] == wanted


def test_amounts_arrive_as_exact_text(client: SqlClient) -> None:
    page = client.fetch("prices", {}, now=NOW)
    [base] = [d for d in map(_body, page.documents) if d["list_code"] == "BASE"]
    [price] = [p for p in base["lines"] if (p["item_no"], p["min_qty"]) == ("10-00217", 1)]
    assert not isinstance(price["unit_price"], float)
    assert Decimal(price["unit_price"]) == Decimal("129.00")


def test_invoices_come_with_their_lines_and_web_order(client: SqlClient, erp: Erp) -> None:
    erp.take_shipped_order("WEB-INVOICED")
    erp.invoice()
    documents = [d for page, _ in read_stream(client, "invoices", {}) for d in map(_body, page)]
    [invoice] = [d for d in documents if d["cust_ref"] == "WEB-INVOICED"]
    assert invoice["status"] == "POSTED"
    assert [(line["item_no"], line["qty"]) for line in invoice["lines"]] == [("10-00217", 2)]


def test_a_query_the_database_refuses_is_told_in_its_words(open_client: Any) -> None:
    queries = {"products": {"from": "no_such_table", "key": "a", "changed_at": "b"}}
    with pytest.raises(Permanent) as caught:
        open_client(queries=queries).fetch("products", {}, now=NOW)
    assert caught.value.code == "query_refused"
    assert "no_such_table" in str(caught.value)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"from": "item; DROP TABLE item", "key": "a", "changed_at": "b"}, "a table or view"),
        ({"from": "item", "key": "a b", "changed_at": "b"}, "key is not the name of a column"),
        ({"from": "item", "key": "a"}, "changed_at is not the name of a column"),
        ({"select": "SELECT 1", "key": "a", "changed_at": "b"}, "no :since_at"),
        ({"from": "item", "key": "a", "changed_at": "b", "lines": "SELECT 1"}, "no :keys"),
    ],
)
def test_unusable_queries_are_told(open_client: Any, query: dict[str, str], says: str) -> None:
    with pytest.raises(NeedsCredentials) as caught:
        open_client(queries={"products": query}).fetch("products", {}, now=NOW)
    assert caught.value.code == "settings_invalid"
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://user:pw@db.example.com/erp", "holds a password"),
        ("db2://user@db.example.com/erp", "is not one of"),
        ("postgresql://user@db.example.com/erp?service=x", "option service is not allowed"),
        ("postgresql://user@/erp?host=a.example.com,b.example.com", "more than one host"),
        ("no address", "no database address"),
    ],
)
def test_an_address_that_cannot_be_used_is_told(open_client: Any, url: str, says: str) -> None:
    with pytest.raises(NeedsCredentials) as caught:
        open_client(url=url).fetch("products", {}, now=NOW)
    assert caught.value.code == "bad_address"
    assert says in str(caught.value)


def test_an_address_that_is_not_allowed_is_never_called(open_client: Any) -> None:
    with pytest.raises(Permanent) as caught:
        open_client(url="postgresql://user@10.1.2.3/erp").fetch("products", {}, now=NOW)
    assert caught.value.code == "address_refused"


def _body(document: Any) -> dict[str, Any]:
    return json.loads(document.body)
