"""An old ERP's table, view and procedure, on whichever database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from integrations.connectors.connection import Connection
from integrations.connectors.sql import CONNECTOR
from integrations.connectors.sql.client import SqlClient
from tests.connectors.conformance import connection

TABLE = """
CREATE TABLE legacy_part (
    part_no VARCHAR(20) NOT NULL PRIMARY KEY, "Description" VARCHAR(80), price NUMERIC(12, 4),
    on_hand INTEGER NOT NULL DEFAULT 0, active INTEGER NOT NULL DEFAULT 1, gone CHAR(1) DEFAULT 'N',
    changed_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, picture {bytes}, secret_cost NUMERIC(12, 4)
)
"""
VIEW = 'CREATE VIEW v_part AS SELECT part_no, "Description", price FROM legacy_part'
LINES = """
CREATE TABLE legacy_line (order_no INTEGER NOT NULL, line_no INTEGER NOT NULL, part VARCHAR(20),
    PRIMARY KEY (order_no, line_no))
"""
PROCEDURE = """
CREATE PROCEDURE add_part(p_no text, p_name text, p_price numeric DEFAULT 1.5) LANGUAGE plpgsql AS $$
BEGIN
    IF p_name = 'forbidden' THEN RAISE EXCEPTION 'E103 the name is taken'; END IF;
    IF p_name <> 'void' THEN
        INSERT INTO legacy_part (part_no, "Description", price) VALUES (p_no, p_name, p_price);
    END IF;
END $$
"""
ROWS = [
    ("A-1", "Tent", "61.5000", 12, 1, "N", "2026-03-02 10:00:00"),
    ("A-2", "Tent, large", "99.9000", 3, 1, "N", "2026-03-02 10:00:00"),
    ("A/3,~", "100%_wool", None, 0, 0, "N", "2026-03-02 11:00:00"),
    ("B-1", None, "5.0000", 7, 1, "N", "2026-03-02 12:00:00"),
    ("B-2", "Stove", "10.0000", 7, 1, "Y", "2026-03-02 12:30:00"),
]
PARTS = {
    "relation": "legacy_part",
    "key": ["number"],
    "page_size": 100,
    "fields": [
        {"name": "number", "column": "part_no", "type": "string", "filter": True, "sort": True},
        {"name": "name", "column": "Description", "type": "string", "filter": True, "sort": True},
        {"name": "price", "column": "price", "type": "decimal", "filter": True, "sort": True},
        {"name": "on_hand", "column": "on_hand", "type": "integer", "filter": True, "sort": True},
        {"name": "changed_at", "column": "changed_at", "type": "datetime", "filter": True},
    ],
    "changes": {"column": "changed_at"},
    "deleted": {"column": "gone", "values": ["Y"]},
    "create": {
        "fields": [
            {"name": "number", "into": "part_no", "type": "string", "required": True},
            {"name": "name", "into": "Description", "type": "string", "required": True},
            {"name": "price", "into": "price", "type": "decimal"},
        ],
        "once_by": ["number"],
    },
}
# The same, with a procedure that makes a row.
BY_CALL = {
    **PARTS,
    "create": {
        "procedure": "add_part",
        "once_by": ["number"],
        "fields": [
            {"name": "number", "into": "p_no", "type": "string", "required": True},
            {"name": "name", "into": "p_name", "type": "string", "required": True},
            {"name": "price", "into": "p_price", "type": "decimal"},
        ],
    },
}


def fill(run: Any, *, is_postgresql: bool) -> None:
    """`run(statement, **values)` on an empty database."""
    for statement in (TABLE.format(bytes="BYTEA" if is_postgresql else "BLOB"), VIEW, LINES):
        run(statement)
    if is_postgresql:
        run(PROCEDURE)
    for row in ROWS:
        put(run, *row)


def put(run: Any, *row: Any) -> None:
    names = ("no", "name", "price", "on_hand", "active", "gone", "at")
    run(
        'INSERT INTO legacy_part (part_no, "Description", price, on_hand, active, gone, changed_at,'
        " secret_cost) VALUES (:no, :name, :price, :on_hand, :active, :gone, :at, 77.1234)",
        **dict(zip(names, row, strict=True)),
    )


@contextmanager
def client_of(url: str) -> Iterator[SqlClient]:
    made = SqlClient(settings_of(url))
    yield made
    made.close()


def settings_of(url: str) -> Connection:
    return connection(CONNECTOR, settings={"url": url}, secrets={})


def runner(engine: Any) -> Any:
    def run(statement: str, **values: Any) -> list[dict[str, Any]]:
        with engine.begin() as opened:
            found = opened.execute(text(statement), values)
            return [dict(row) for row in found.mappings()] if found.returns_rows else []

    return run
