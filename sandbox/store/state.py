"""What the store remembers."""

import json
from datetime import UTC, datetime
from typing import Any

from sandbox.tables import Tables

SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY, status TEXT, created TEXT, modified TEXT, body TEXT);
CREATE INDEX IF NOT EXISTS orders_modified ON orders (modified, id);
CREATE INDEX IF NOT EXISTS orders_created ON orders (created, id);
CREATE TABLE IF NOT EXISTS products (
    id INTEGER PRIMARY KEY, sku TEXT UNIQUE, status TEXT, created TEXT, modified TEXT, body TEXT);
CREATE TABLE IF NOT EXISTS customers (
    id INTEGER PRIMARY KEY, status TEXT, created TEXT, modified TEXT, body TEXT);
CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, order_id INTEGER, body TEXT);
CREATE TABLE IF NOT EXISTS refunds (id INTEGER PRIMARY KEY, order_id INTEGER, body TEXT);
CREATE TABLE IF NOT EXISTS webhooks (id INTEGER PRIMARY KEY, body TEXT);
CREATE TABLE IF NOT EXISTS shipments (
    order_id INTEGER, place TEXT, tracking TEXT, times INTEGER,
    PRIMARY KEY (order_id, place, tracking));
"""

FIRST_ID = {"orders": 1001, "notes": 1, "refunds": 5_000_001, "webhooks": 1, "meta": 1}


def now() -> datetime:
    return datetime.now(UTC)


def text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


class State(Tables):
    """The store's orders, products, customers, webhooks and what came of them."""

    def __init__(self, path: str) -> None:
        super().__init__(path, schema=SCHEMA)

    def take_ids(self, kind: str, count: int = 1) -> range:
        """So many new ids in a row for a kind of thing; an id is never given twice."""
        last = self.count(f"id.{kind}", count) + FIRST_ID[kind] - 1
        return range(last - count + 1, last + 1)

    def get(self, table: str, key: int) -> dict[str, Any] | None:
        found = self.rows(f"SELECT body FROM {table} WHERE id = ?", (key,))
        return json.loads(found[0][0]) if found else None

    def forget_order(self, order_id: int) -> None:
        """Delete an order for good."""
        self.db.execute("DELETE FROM orders WHERE id = ?", (order_id,))

    def save_order(self, body: dict[str, Any]) -> str:
        """Write the order and return the exact JSON that was written."""
        written = text(body)
        self.db.execute(
            "INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?)",
            (
                body["id"],
                body["status"],
                body["date_created_gmt"],
                body["date_modified_gmt"],
                written,
            ),
        )
        return written

    def save_product(self, body: dict[str, Any]) -> None:
        created, modified = body["date_created_gmt"], body["date_modified_gmt"]
        self.db.execute(
            "INSERT OR REPLACE INTO products VALUES (?, ?, ?, ?, ?, ?)",
            (body["id"], body["sku"], body["status"], created, modified, text(body)),
        )

    def save_customer(self, body: dict[str, Any]) -> None:
        created, modified = body["date_created_gmt"], body["date_modified_gmt"]
        self.db.execute(
            "INSERT OR REPLACE INTO customers VALUES (?, '', ?, ?, ?)",
            (body["id"], created, modified, text(body)),
        )

    def save_webhook(self, body: dict[str, Any]) -> None:
        self.db.execute("INSERT OR REPLACE INTO webhooks VALUES (?, ?)", (body["id"], text(body)))

    def webhooks(self) -> list[dict[str, Any]]:
        return [json.loads(row[0]) for row in self.rows("SELECT body FROM webhooks ORDER BY id")]

    def children(self, table: str, order_id: int) -> list[dict[str, Any]]:
        """The notes or refunds of an order, newest first."""
        sql = f"SELECT body FROM {table} WHERE order_id = ? ORDER BY id DESC"
        return [json.loads(row[0]) for row in self.rows(sql, (order_id,))]

    def add_child(self, table: str, order_id: int, body: dict[str, Any]) -> None:
        self.db.execute(f"INSERT INTO {table} VALUES (?, ?, ?)", (body["id"], order_id, text(body)))
