"""What the ERP has, read in one statement each: stock, orders, lines of orders."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast, get_args

from integrations.connectors.snapshot import LevelSaid, LineSaid, OrderSaid, OrderStatus
from integrations.connectors.sql.polling import Rows
from integrations.connectors.sql.specification import Snapshots
from portal.core.errors import Permanent

_ASKED_AT_ONCE: Final = 1000
Read = Callable[[str, Mapping[str, Any]], Rows]


class SnapshotReader:
    """Asks the queries of a specification through `read`. Permanent where there is none for it."""

    def __init__(self, specification: Snapshots, read: Read) -> None:
        self._specification = specification
        self._read = read

    def levels(self) -> Iterator[LevelSaid]:
        """One statement is one moment, however many rows it gives."""
        for row in self._rows("stock", {}):
            yield LevelSaid(
                location=_text(row, "location"),
                item=_text(row, "item", wanted=True),
                quantity=_text(row, "quantity", wanted=True),
                uom=_text(row, "uom"),
                lot=_text(row, "lot"),
            )

    def orders(self, *, since: datetime) -> Iterator[OrderSaid]:
        for row in self._rows("orders", {"since": since.date().isoformat()}):
            yield OrderSaid(
                number=_text(row, "number", wanted=True),
                remote_id=_text(row, "id", wanted=True),
                status=self._status(_text(row, "status")),
                total=_text(row, "total") or None,
                pieces=_text(row, "pieces") or None,
            )

    def order_lines(self, remote_ids: Sequence[str]) -> dict[str, list[LineSaid]]:
        found: dict[str, list[LineSaid]] = {}
        for start in range(0, len(remote_ids), _ASKED_AT_ONCE):
            ids = list(remote_ids[start : start + _ASKED_AT_ONCE])
            for row in self._rows("lines", {"ids": ids}):
                line = LineSaid(
                    _text(row, "item", wanted=True),
                    _text(row, "quantity", wanted=True),
                    _text(row, "line_no"),
                )
                found.setdefault(_text(row, "id", wanted=True), []).append(line)
        return found

    def _rows(self, name: str, values: Mapping[str, Any]) -> Rows:
        statement = getattr(self._specification, name)
        if not statement:
            text = f"The settings have no query for {name} under What is compared. Enter one."
            raise Permanent(text, code="settings_invalid")
        return self._read(statement, values)

    def _status(self, word: str) -> OrderStatus:
        meant = self._specification.statuses.get(word, "unknown")
        return cast(OrderStatus, meant) if meant in get_args(OrderStatus) else "unknown"


def _text(row: Mapping[str, Any], name: str, *, wanted: bool = False) -> str:
    if wanted and name not in row:
        text = f"A query under What is compared gives no column {name}. Name it with AS {name}."
        raise Permanent(text, code="settings_invalid")
    value = row.get(name)
    return "" if value is None else format(value, "f") if hasattr(value, "as_tuple") else str(value)
