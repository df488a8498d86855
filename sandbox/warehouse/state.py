"""The warehouse's books: what it took in, what it owes, and what it sent."""

import json
import time
from typing import Any

from sandbox.catalog import BY_SKU, SITES, opening_stock
from sandbox.tables import Tables

SCHEMA = """
CREATE TABLE IF NOT EXISTS interchanges (
    sender TEXT, control TEXT, digest TEXT, file TEXT, archived INTEGER DEFAULT 0,
    PRIMARY KEY (sender, control));
CREATE TABLE IF NOT EXISTS orders (
    number TEXT PRIMARY KEY, accepted INTEGER, status TEXT, body TEXT, shipments INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS inbound (
    number TEXT PRIMARY KEY, accepted INTEGER, body TEXT);
CREATE TABLE IF NOT EXISTS stock (sku TEXT PRIMARY KEY, on_hand INTEGER, committed INTEGER);
CREATE TABLE IF NOT EXISTS due (id INTEGER PRIMARY KEY, at REAL, kind TEXT, number TEXT);
CREATE INDEX IF NOT EXISTS due_at ON due (at);
CREATE TABLE IF NOT EXISTS outgoing (
    id INTEGER PRIMARY KEY, kind TEXT, group_control INTEGER, file TEXT, data BLOB,
    bodies TEXT, damaged INTEGER, written INTEGER DEFAULT 0, ack TEXT);
CREATE TABLE IF NOT EXISTS errors (id INTEGER PRIMARY KEY, at REAL, text TEXT);
"""


class Books(Tables):
    """The warehouse's orders, deliveries, stock, and the files it took and gave."""

    def __init__(self, path: str) -> None:
        super().__init__(path, schema=SCHEMA)

    def counter(self, name: str) -> int:
        found = self.rows("SELECT value FROM counters WHERE name = ?", (name,))
        return found[0][0] if found else 0

    def error(self, text: str) -> None:
        self.db.execute("INSERT INTO errors (at, text) VALUES (?, ?)", (time.time(), text))

    def owe(self, kind: str, number: str, *, after: float) -> None:
        self.db.execute(
            "INSERT INTO due (at, kind, number) VALUES (?, ?, ?)",
            (time.time() + after, kind, number),
        )

    def take_due(self, kind: str, most: int) -> list[str]:
        """Numbers whose time has come, oldest first; they are owed no longer."""
        found = self.rows(
            "DELETE FROM due WHERE id IN (SELECT id FROM due WHERE kind = ? AND at <= ? "
            "ORDER BY id LIMIT ?) RETURNING id, number",
            (kind, time.time(), most),
        )
        return [number for _, number in sorted(found)]

    def order(self, number: str) -> dict[str, Any] | None:
        sql = "SELECT accepted, status, body, shipments FROM orders WHERE number = ?"
        found = self.rows(sql, (number,))
        if not found:
            return None
        accepted, status, body, shipments = found[0]
        facts = {"accepted": accepted, "status": status, "shipments": shipments}
        return {**json.loads(body), "number": number, **facts}

    def save_order(self, order: dict[str, Any]) -> None:
        columns = ("number", "accepted", "status", "shipments")
        body = {name: value for name, value in order.items() if name not in columns}
        self.db.execute(
            "INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?)",
            (
                order["number"],
                order["accepted"],
                order["status"],
                json.dumps(body),
                order["shipments"],
            ),
        )

    def expect(self, inbound: dict[str, Any]) -> None:
        """Remember an announced delivery and count how often it was announced."""
        self.db.execute(
            "INSERT INTO inbound VALUES (?1, 1, ?2) "
            "ON CONFLICT (number) DO UPDATE SET accepted = accepted + 1, body = ?2",
            (inbound["number"], json.dumps(inbound)),
        )

    def inbound(self, number: str) -> dict[str, Any]:
        return json.loads(self.rows("SELECT body FROM inbound WHERE number = ?", (number,))[0][0])

    def seed_stock(self, site: str, uniform: int | None) -> None:
        """The opening stock of the catalogue; only an empty warehouse is filled."""
        if self.rows("SELECT 1 FROM stock LIMIT 1"):
            return
        place = site if site in SITES else min(SITES)
        for sku in BY_SKU:
            amount = opening_stock(sku, place) if uniform is None else uniform
            self.db.execute("INSERT INTO stock VALUES (?, ?, 0)", (sku, amount))

    def on_hand(self, sku: str) -> int | None:
        found = self.rows("SELECT on_hand FROM stock WHERE sku = ?", (sku,))
        return found[0][0] if found else None

    def move(self, sku: str, *, on_hand: int = 0, committed: int = 0) -> None:
        self.db.execute(
            "UPDATE stock SET on_hand = on_hand + ?, committed = max(0, committed + ?) "
            "WHERE sku = ?",
            (on_hand, committed, sku),
        )
