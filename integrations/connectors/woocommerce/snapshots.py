"""What the store has: its products' quantities, and its orders."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.inbound import Received
from integrations.connectors.snapshot import LevelSaid, LineSaid, OrderSaid, OrderStatus
from integrations.connectors.woocommerce import mapper, polling
from integrations.connectors.woocommerce.api import Api
from integrations.connectors.woocommerce.polling import PER_PAGE, Row
from integrations.connectors.woocommerce.settings import released, set_by_us
from portal.core.errors import Permanent

_MOST_PAGES: Final = 10_000
_HEADERS: Final = "id,number,status,date_created_gmt,date_modified_gmt,total,line_items"
_QUANTITY: Final = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,20})?", re.ASCII)
_STAMP: Final = "%Y-%m-%dT%H:%M:%S"


class SnapshotReader:
    """Reads lists page by page in the order of ids, which new rows only make longer."""

    def __init__(self, api: Api, connection: Connection) -> None:
        self._api = api
        self._connection = connection

    def levels(self) -> Iterator[LevelSaid]:
        """Products that the store counts, by SKU. A store knows no places."""
        for row in self._pages("/products", {}):
            quantity = row.entry.get("stock_quantity")
            if row.entry.get("sku") and quantity is not None:
                yield LevelSaid("", str(row.entry["sku"]), str(quantity))

    def orders(self, *, since: datetime) -> Iterator[OrderSaid]:
        wanted = {
            "after": since.astimezone(UTC).strftime(_STAMP),
            "dates_are_gmt": "true",
            "status": "any",
            "_fields": _HEADERS,
        }
        for row in self._pages("/orders", wanted):
            if row.entry.get("status") not in mapper.DRAFTS:
                yield self._said(row.entry)

    def _said(self, entry: dict[str, Any]) -> OrderSaid:
        placed = str(entry.get("date_created_gmt") or "")
        return OrderSaid(
            number=str(entry.get("number") or entry["id"]),
            remote_id=str(entry["id"]),
            status=self._status(entry.get("status")),
            placed_at=datetime.fromisoformat(placed).replace(tzinfo=UTC) if placed else None,
            total=str(entry["total"]) if entry.get("total") not in (None, "") else None,
            pieces=pieces(_lines(entry)),
        )

    def _status(self, native: Any) -> OrderStatus:
        if native in set_by_us(self._connection) - released(self._connection):
            return "shipped"
        found = mapper.status_of(native, self._connection)
        return {"open": "open", "cancelled": "cancelled"}.get(found, "on_hold")  # type: ignore[return-value]

    def order_lines(self, remote_ids: Sequence[str]) -> dict[str, list[LineSaid]]:
        found = {}
        for start in range(0, len(remote_ids), PER_PAGE):
            asked = {"include": ",".join(remote_ids[start : start + PER_PAGE]), "status": "any"}
            for row in self._pages("/orders", asked):
                found[str(row.entry["id"])] = _lines(row.entry)
        return found

    def fetch_order(self, remote_id: str) -> Received:
        """The order as the store has it now."""
        rows = polling.rows_of(self._api.get("/orders", {"include": remote_id, "status": "any"}))
        if not rows:
            raise Permanent(f"The store has no order {remote_id}.", code="not_found")
        return polling.received("order", "order.polled", rows[0])

    def _pages(self, path: str, query: dict[str, str]) -> Iterator[Row]:
        position = polling.BySweep()
        for _ in range(_MOST_PAGES):
            rows = polling.rows_of(self._api.get(path, query | position.params()))
            yield from rows
            position, more = position.move(rows)
            if not more:
                return
        raise Permanent("The store's list never comes to an end", code="endless_list")


def pieces(lines: Iterable[LineSaid]) -> str:
    """Their sum as decimal text; of quantities that are none the first, as the store says it."""
    total = Decimal(0)
    for line in lines:
        if not _QUANTITY.fullmatch(line.quantity):
            return line.quantity
        total += Decimal(line.quantity)
    return format(total, "f")


def _lines(entry: dict[str, Any]) -> list[LineSaid]:
    given: Iterable[dict[str, Any]] = entry.get("line_items") or []
    return [
        LineSaid(
            str(line.get("sku") or ""), str(line.get("quantity") or 0), str(line.get("id", ""))
        )
        for line in given
    ]
