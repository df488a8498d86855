"""Resources of a MariaDB: read, filtered, created by a procedure, and nothing written while reading."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine

from integrations.resources import asking, changes, definition, fitting
from integrations.resources.asking import Clock
from integrations.resources.relations import RowRefusedError
from integrations.transports.sql import Database
from integrations.transports.sql_errors import SqlRefusal
from portal.core.errors import CrossdockError, Retryable
from tests.counterparts import mariadb_install
from tests.resources.database import BY_CALL, PARTS, ROWS, client_of, runner

pytestmark = [
    pytest.mark.counterpart(system="mariadb", flow="tables and procedures as resources"),
    pytest.mark.usefixtures("db"),
]
TABLE = """
CREATE TABLE legacy_part (
    part_no VARCHAR(20) NOT NULL PRIMARY KEY, `Description` VARCHAR(80), price DECIMAL(12, 4),
    on_hand INTEGER NOT NULL DEFAULT 0, active INTEGER NOT NULL DEFAULT 1, gone CHAR(1) DEFAULT 'N',
    changed_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, picture BLOB
)
"""
PROCEDURE = """
CREATE PROCEDURE add_part(IN p_no VARCHAR(20), IN p_name VARCHAR(80), IN p_price DECIMAL(12, 4))
BEGIN
    IF p_name = 'forbidden' THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 31003, MESSAGE_TEXT = 'E103 the name is taken';
    END IF;
    INSERT INTO legacy_part (part_no, `Description`, price) VALUES (p_no, p_name, p_price);
    SELECT 1 AS done;
END
"""
CREATING = definition.read(BY_CALL)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with mariadb_install.server(tmp_path_factory.mktemp("mariadb"), port=port) as found:
        yield found


@pytest.fixture
def run(url: str) -> Any:
    found = runner(create_engine(url))
    found("DROP TABLE IF EXISTS legacy_part")
    found("DROP PROCEDURE IF EXISTS add_part")
    found(TABLE)
    found(PROCEDURE)
    for row in ROWS:
        found(
            "INSERT INTO legacy_part (part_no, `Description`, price, on_hand, active, gone, changed_at)"
            " VALUES (:a, :b, :c, :d, :e, :f, :g)",
            **dict(zip("abcdefg", row, strict=True)),
        )
    return found


@pytest.fixture
def client(url: str, run: Any) -> Iterator[Any]:
    with client_of(url) as made:
        yield made


def test_rows_are_read_page_by_page_by_filter_and_by_key(client):
    clock, found, after = Clock(client.zone), [], None
    part = definition.read(PARTS)
    while True:
        asked = asking.listing(
            part, {"on_hand.from": "0"}, clock, sort="-price", after=after, limit=1
        )
        rows = client.read_rows(asked)
        if not rows:
            break
        found.append(rows[0]["part_no"])
        after = [asking.values.mark(rows[0][one.column]) for one in asked.order]
    assert found == ["A-2", "A-1", "B-1", "A/3,~"]
    [row] = client.read_rows(asking.one(part, "A~13~2~0", clock))
    assert asking.shown(part, row, client.zone)["changed_at"] == "2026-03-02T11:00:00Z"
    prefix = asking.listing(part, {"name.prefix": "100%_w"}, clock, limit=9)
    assert [one["part_no"] for one in client.read_rows(prefix)] == ["A/3,~"]
    hostile = asking.listing(part, {"number": "' OR 1=1 -- "}, clock, limit=9)
    assert client.read_rows(hostile) == []


def test_a_procedure_makes_a_row_once_and_its_words_are_told(client, run):
    [known] = client.procedures()
    assert fitting.faults(CREATING, client.relation("legacy_part"), known) == []
    clock = Clock(client.zone)
    given = {"number": "P-1", "name": "Mug'); --", "price": "1.5"}
    made = client.write_row(asking.creating(CREATING, given, clock))
    again = client.write_row(asking.creating(CREATING, given, clock))
    assert (made.is_new, again.is_new) == (True, False)
    with pytest.raises(RowRefusedError, match="E103"):
        client.write_row(asking.creating(CREATING, {"number": "P-2", "name": "forbidden"}, clock))
    assert len(run("SELECT * FROM legacy_part WHERE part_no LIKE 'P-%'")) == 1


def test_reading_cannot_write_and_ends_in_time(url, run):
    database = Database(url)
    with pytest.raises((SqlRefusal, CrossdockError)), database.reading(seconds=5) as transaction:
        transaction.run("DELETE FROM legacy_part", {})
    with pytest.raises(Retryable) as late, database.reading(seconds=1) as transaction:
        transaction.run("SELECT max(a.seq + b.seq) FROM seq_1_to_100000 a, seq_1_to_100000 b", {})
    assert late.value.code == "timeout"
    with database.transaction() as transaction:
        transaction.run("DELETE FROM legacy_part WHERE part_no = 'B-2'", {})
    database.close()
    assert len(run("SELECT * FROM legacy_part")) == 4


def test_changes_are_followed(client, run):
    part = definition.read(PARTS)
    position = changes.begin(part, client.read_rows(changes.newest(part)))
    step = changes.step(part, position, client.read_rows(changes.reading(part, position)))
    assert step.told == []
    run(
        "UPDATE legacy_part SET on_hand = 1, changed_at = '2026-03-02 12:31:00' WHERE part_no = 'A-1'"
    )
    rows = client.read_rows(changes.reading(part, step.position))
    told = changes.step(part, step.position, rows).told
    assert [one["part_no"] for one in told] == ["A-1"]
