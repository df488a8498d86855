"""What lies in each warehouse: of all products at first, then of those that moved.

Tryton keeps no level that could change: it adds up moves when it is asked, for the places and the day of the
context. So the first pass reads every product, and each later one those whose moves changed.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from integrations.connectors.described import rows
from integrations.connectors.inbound import Page, Received
from integrations.connectors.tryton import polling, wire
from integrations.connectors.tryton.api import Api, listed
from integrations.connectors.tryton.polling import PER_PAGE, Position
from integrations.transports.http import encode
from portal.core import clock

_PRODUCT: Final = ("code", "default_uom.symbol", "quantity", "forecast_quantity")
_GOODS: Final = (["template.type", "=", "goods"], ["code", "!=", None])
_MOVES: Final = ("product", "create_date", "write_date")


class StockReader:
    """Reads levels. `warehouses` gives those that are read, by id with their codes."""

    def __init__(self, api: Api, warehouses: Callable[[], Mapping[int, str]]) -> None:
        self._api, self._warehouses = api, warehouses

    def page(self, cursor: Mapping[str, Any], *, overlap: int, now: datetime) -> Page:
        """The levels of one page of products, or of those that one page of moves is about."""
        here = Position.of(cursor).begin(overlap=overlap, first=None)
        if here.since:
            return self._moved(here, now)
        answer = self._api.search(
            "product.product", ("id",), _GOODS, limit=PER_PAGE, after=here.after
        )
        ids = [one["id"] for one in listed(answer)]
        told = polling.told_of(answer.header("Date"), now)
        behind, more = here.move(ids, [], told=told)
        return Page(self._levels(dict.fromkeys(ids, ""), told), behind.cursor(), more)

    def levels(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The code of a warehouse, and each product it has some of, with its quantity."""
        for warehouse, code in self._warehouses().items():
            after: int | None = 0
            while after is not None:
                found = listed(self._ask(warehouse, clock.now(), after=after, limit=PER_PAGE))
                yield from ((code, one) for one in found if float(one["quantity"] or 0))
                after = found[-1]["id"] if len(found) == PER_PAGE else None

    def _moved(self, here: Position, now: datetime) -> Page:
        answer = self._api.search(
            "stock.move", _MOVES, here.changed([""]), limit=PER_PAGE, after=here.after
        )
        moves = listed(answer)
        told = polling.told_of(answer.header("Date"), now)
        changes = [polling.change_of(move, [""]) for move in moves]
        behind, more = here.move([move["id"] for move in moves], changes, told=told)
        # The newest change of each product: it tells a level from the same level some time ago.
        moved: dict[int, str] = {}
        for move, change in zip(moves, changes, strict=True):
            moved[move["product"]] = max(moved.get(move["product"], ""), change)
        return Page(self._levels(moved, told), behind.cursor(), more)

    def _levels(self, products: Mapping[int, str], told: datetime) -> list[Received]:
        if not products:
            return []
        return [
            _received(warehouse, code, row, change=products[row.entry["id"]], told=told)
            for warehouse, code in self._warehouses().items()
            for row in rows.read(self._ask(warehouse, told, ids=products).body, ()).rows
        ]

    def _ask(
        self,
        warehouse: int,
        told: datetime,
        *,
        ids: Iterable[int] | None = None,
        after: int | None = None,
        limit: int | None = None,
    ) -> Any:
        domain = [*_GOODS, *([] if ids is None else [["id", "in", sorted(ids)]])]
        context = {"locations": [warehouse], "stock_date_end": wire.day(told.date())}
        return self._api.search(
            "product.product", _PRODUCT, domain, limit=limit, after=after, context=context
        )


def _received(warehouse: int, code: str, row: rows.Row, *, change: str, told: datetime) -> Received:
    raw = row.raw.encode("utf-8", "surrogateescape")
    place = encode({"id": warehouse, "code": code})
    as_of = encode(wire.time(told))
    body = b'{"warehouse":%b,"as_of":%b,"product":%b}' % (place, as_of, raw)
    sha = hashlib.sha256(raw).hexdigest()[:32]
    key = f"stock:{warehouse}:{row.entry['id']}:{change}:{sha}"
    return Received("inventory", "stock.polled", body, key[:120])
