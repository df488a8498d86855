"""The warehouse at work: watch /in, ship what is due, write /out, five times a second."""

import asyncio
import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from sandbox.faults import Faults
from sandbox.warehouse.counting import inventory_advice
from sandbox.warehouse.inbound import Intake
from sandbox.warehouse.outbound import Outbox
from sandbox.warehouse.picking import Site, ghost_advice, receipt_advice, shipping_advice
from sandbox.warehouse.state import Books

TICK = 0.2
UNFINISHED = (".tmp", ".part", ".filepart")


class Warehouse:
    def __init__(
        self, books: Books, intake: Intake, outbox: Outbox, *, where: Site, root: Path
    ) -> None:
        self.books, self.intake, self.outbox = books, intake, outbox
        self.faults: Faults = outbox.faults
        self.where, self.root = where, root
        self.sets_per_file = 50
        self.inventory_every = 0.0
        self.next_inventory = 0.0

    async def run(self) -> None:
        while True:
            self.tick()
            await asyncio.sleep(TICK)

    def tick(self) -> None:
        if self.faults.settings["closed"]:
            return
        for path in waiting(self.root / "in"):
            self._take(path)
        self._ghosts()
        while self._ship() or self._receive():
            pass
        self._report_stock()
        self.outbox.write()

    def _take(self, path: Path) -> None:
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return
        readable = self.intake.take(path.name, data)
        folder = self.root / "in" / ("archive" if readable else "error")
        os.replace(path, free_name(folder, path.name))
        self.intake.archived(path.name)

    def _ship(self) -> bool:
        """One file of due orders; False when nothing is due."""
        with self.books.transaction():
            numbers = self.books.take_due("945", self.sets_per_file)
            bodies = [self._advice(number) for number in numbers]
            if bodies:
                self.outbox.send("945", bodies)
                self._duplicate(bodies)
        return bool(numbers)

    def _advice(self, number: str) -> list[list[str]]:
        order = self.books.order(number)
        if order is None:
            raise LookupError(f"order {number} is due but not in the books")
        short_by = 1 if self.faults.take("short") else 0
        today = datetime.now(UTC).date()
        body = shipping_advice(self.books, self.where, order, on=today, short_by=short_by)
        shipped = {"status": "shipped", "shipments": order["shipments"] + 1}
        self.books.save_order({**order, **shipped})
        return body

    def _duplicate(self, bodies: list[list[list[str]]]) -> None:
        """The same advices once more under new control numbers, for as many as was asked."""
        again = [body for body in bodies if self.faults.take("duplicate_945")]
        if again:
            self.outbox.send("945", again)

    def _receive(self) -> bool:
        with self.books.transaction():
            numbers = self.books.take_due("944", self.sets_per_file)
            today = datetime.now(UTC).date()
            bodies = [
                receipt_advice(self.books, self.where, self.books.inbound(number), on=today)
                for number in numbers
            ]
            if bodies:
                self.outbox.send("944", bodies)
        return bool(numbers)

    def _ghosts(self) -> None:
        while self.faults.take("unknown_order_945"):
            with self.books.transaction():
                today = datetime.now(UTC).date()
                self.outbox.send("945", [ghost_advice(self.books, self.where, on=today)])

    def _report_stock(self) -> None:
        if not self.inventory_every or time.monotonic() < self.next_inventory:
            return
        self.next_inventory = time.monotonic() + self.inventory_every
        self.report_stock(None)

    def report_stock(self, skus: list[str] | None) -> None:
        with self.books.transaction():
            body = inventory_advice(self.books, self.where, at=datetime.now(UTC), skus=skus)
            self.outbox.send("846", [body])


def waiting(folder: Path) -> list[Path]:
    """Finished files, oldest first."""
    entries = [
        (entry.stat().st_mtime_ns, Path(entry.path))
        for entry in os.scandir(folder)
        if entry.is_file() and not entry.name.startswith(".")
        if not entry.name.endswith(UNFINISHED)
    ]
    return [path for _, path in sorted(entries)]


def free_name(folder: Path, name: str) -> Path:
    """A name in the folder that is not taken: the same file may come in twice."""
    path, number = folder / name, 1
    while path.exists():
        number += 1
        path = folder / f"{name}.{number}"
    return path


def effects(books: Books) -> dict:
    """What took effect here, for the judge."""
    orders = books.rows("SELECT number, accepted, status, shipments, body FROM orders")
    acks = books.rows("SELECT group_control, ack FROM outgoing WHERE ack IS NOT NULL")
    silent = books.rows(
        "SELECT DISTINCT group_control FROM outgoing "
        "WHERE written = 1 AND ack IS NULL AND damaged = 0 AND kind NOT IN ('997', 'TA1')"
    )
    sent = books.rows("SELECT kind, count(*) FROM outgoing WHERE written = 1 GROUP BY kind")
    errors = books.rows("SELECT text FROM errors ORDER BY id")
    return {
        "orders": {row[0]: row[1] for row in orders},
        "double_effects": sum(row[1] - 1 for row in orders),
        "status": {row[0]: row[2] for row in orders},
        "shipments": {row[0]: row[3] for row in orders},
        "receipts": dict(books.rows("SELECT number, accepted FROM inbound")),
        "interchanges": books.counter("interchanges"),
        "duplicates_refused": books.counter("duplicates_refused"),
        "control_conflicts": books.counter("control_conflicts"),
        "files_sent": dict(sent),
        "acks_received": {str(control): code for control, code in acks},
        "unacknowledged": [str(row[0]) for row in silent],
        "waiting_945": books.rows("SELECT count(*) FROM due WHERE kind = '945'")[0][0],
        "stock": dict(books.rows("SELECT sku, on_hand FROM stock")),
        "committed": dict(books.rows("SELECT sku, committed FROM stock WHERE committed > 0")),
        "skus": {row[0]: [line["sku"] for line in json.loads(row[4])["lines"]] for row in orders},
        "errors": [row[0] for row in errors],
    }
