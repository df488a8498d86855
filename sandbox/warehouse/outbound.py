"""Sending: control numbers and bytes are fixed in the books first, then written and renamed."""

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sandbox.faults import Faults
from sandbox.warehouse.state import Books
from sandbox.x12.read import Segment
from sandbox.x12.write import Envelope, build, build_ta1

CONTROL_NUMBERS = 999_999_999


class Outbox:
    def __init__(
        self, books: Books, faults: Faults, *, folder: Path, own_id: str, partner_id: str
    ) -> None:
        self.books, self.faults = books, faults
        self.folder, self.own_id, self.partner_id = folder, own_id, partner_id

    def _envelope(self, at: datetime) -> Envelope:
        interchange = (self.books.count("isa") - 1) % CONTROL_NUMBERS + 1
        group = (self.books.count("gs") - 1) % CONTROL_NUMBERS + 1
        return Envelope(self.own_id, self.partner_id, interchange, group, at)

    def send(self, kind: str, bodies: Sequence[Sequence[Segment]], *, honest: bool = False) -> None:
        """Queue one file of sets. Unless `honest`, faults that were asked for are applied."""
        at = datetime.now(UTC)
        miscount = 0
        if not honest and kind == "945" and self.faults.take("wrong_counts"):
            miscount = 1
        if not honest and kind == "997" and self.faults.take("bad_997"):
            miscount = 1
        envelope = self._envelope(at)
        data = build(envelope, kind, bodies, miscount=miscount)
        truncated = not honest and kind == "945" and self.faults.take("truncated_file")
        if truncated:
            data = data[: len(data) * 2 // 3]
        damaged = truncated or bool(miscount)
        self._queue(kind, envelope, data, bodies=bodies if damaged else (), damaged=damaged)
        if not honest and kind != "997" and self.faults.take("duplicate_file"):
            self._queue(kind, envelope, data, suffix="_again")

    def _queue(
        self,
        kind: str,
        envelope: Envelope,
        data: bytes,
        *,
        bodies: Sequence[Sequence[Segment]] = (),
        damaged: bool = False,
        suffix: str = "",
    ) -> None:
        stamp = envelope.at.strftime("%Y%m%dT%H%M%S")
        name = f"{kind}_{self.partner_id}_{stamp}_{envelope.interchange_control:09d}{suffix}.edi"
        self.books.db.execute(
            "INSERT INTO outgoing (kind, group_control, file, data, bodies, damaged) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (kind, envelope.group_control, name, data, json.dumps(list(bodies)), damaged),
        )

    def refuse(self, header: Segment, note: str) -> None:
        """A TA1 for an interchange that cannot be taken at all."""
        envelope = self._envelope(datetime.now(UTC))
        self._queue("TA1", envelope, build_ta1(envelope, header, note))

    def write(self) -> None:
        """Write what is queued; a file appears under its own name only when it is whole."""
        sql = "SELECT id, file, data FROM outgoing WHERE written = 0 ORDER BY id"
        for number, name, data in self.books.rows(sql):
            temporary = self.folder / f"{name}.tmp"
            temporary.write_bytes(data)
            os.replace(temporary, self.folder / name)
            self.books.db.execute("UPDATE outgoing SET written = 1 WHERE id = ?", (number,))

    def resend_damaged(self) -> int:
        """Send every damaged file again, whole and under new control numbers; returns how many."""
        damaged = self.books.rows("SELECT id, kind, bodies FROM outgoing WHERE damaged = 1")
        for number, kind, bodies in damaged:
            self.books.db.execute("UPDATE outgoing SET damaged = 0 WHERE id = ?", (number,))
            self.send(kind, json.loads(bodies), honest=True)
        return len(damaged)

    def acknowledged(self, group_control: str, code: str) -> bool:
        """Note the partner's 997; False when no group of ours has that number."""
        sql = "UPDATE outgoing SET ack = ? WHERE group_control = ? AND kind != 'TA1' RETURNING id"
        return group_control.isdigit() and bool(self.books.rows(sql, (code, int(group_control))))
