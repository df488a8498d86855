"""What Odoo has: the quantities in its warehouses, and its sales orders."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from integrations.connectors.connection import Connection
from integrations.connectors.odata.amounts import ZERO, text
from integrations.connectors.odoo.api import Api
from integrations.connectors.odoo.lists import OUR_STOCK, QUANT, Rows, numbers, references
from integrations.connectors.odoo.settings import CONFIRMED
from integrations.connectors.snapshot import LevelSaid, LineSaid, OrderSaid, OrderStatus
from portal.core.errors import Permanent

_SIZE: Final = 500
_MOST_PAGES: Final = 10_000
_STAMP: Final = "%Y-%m-%d %H:%M:%S"
_ARCHIVED_TOO: Final = {"active_test": False}


class SnapshotReader:
    """Reads lists behind the last id, which new records only make longer."""

    def __init__(self, api: Api, connection: Connection) -> None:
        self._api = api
        self._warehouses = frozenset(connection.lines("warehouses"))
        self._confirms = connection.settings["orders"] == CONFIRMED

    def levels(self) -> Iterator[LevelSaid]:
        """By warehouse, product and lot. Products without a code are nobody's here."""
        held: dict[tuple[str, str, str], Decimal] = {}
        for quants in self._pages("stock.quant", list(OUR_STOCK), QUANT):
            codes = self._named("product.product", quants, "product_id", "default_code")
            places = self._named("stock.location", quants, "location_id", "warehouse_id")
            warehouses = self._named(
                "stock.warehouse", list(places.values()), "warehouse_id", "code"
            )
            for quant in quants:
                place = places.get(_one(quant.get("location_id")), {})
                where = warehouses.get(_one(place.get("warehouse_id")), {}).get("code")
                code = codes.get(_one(quant.get("product_id")), {}).get("default_code")
                if not code or (self._warehouses and where not in self._warehouses):
                    continue
                key = (str(where or ""), str(code), _name(quant.get("lot_id")))
                held[key] = held.get(key, ZERO) + _number(quant.get("quantity"))
        for (where, code, lot), quantity in held.items():
            yield LevelSaid(where, code, text(quantity), lot=lot)

    def orders(self, *, since: datetime) -> Iterator[OrderSaid]:
        """Quotations are orders only where ours are left as such."""
        states = ["sale", "done", "cancel"]
        if not self._confirms:
            states += ["draft", "sent"]
        domain: list[Any] = [
            ["date_order", ">=", since.astimezone(UTC).strftime(_STAMP)],
            ["state", "in", states],
        ]
        wanted = (
            "name",
            "client_order_ref",
            "state",
            "date_order",
            "amount_total",
            "delivery_status",
        )
        for rows in self._pages("sale.order", domain, wanted):
            yield from map(_said, rows)

    def order_lines(self, remote_ids: Sequence[str]) -> dict[str, list[LineSaid]]:
        wanted = [int(one) for one in remote_ids if one.isascii() and one.isdigit()]
        found: dict[str, list[LineSaid]] = {}
        for start in range(0, len(wanted), _SIZE):
            ids = wanted[start : start + _SIZE]
            for row in self._api.search("sale.order", [["id", "in", ids]], ("id",)):
                found[str(row["id"])] = []
            domain: list[Any] = [["order_id", "in", ids], ["product_id", "!=", False]]
            for lines in self._pages(
                "sale.order.line", domain, ("order_id", "product_id", "product_uom_qty")
            ):
                codes = self._named("product.product", lines, "product_id", "default_code")
                for line in lines:
                    code = codes.get(_one(line.get("product_id")), {}).get("default_code")
                    quantity = text(_number(line.get("product_uom_qty")))
                    said = LineSaid(str(code or ""), quantity, str(line["id"]))
                    found.setdefault(str(_one(line.get("order_id"))), []).append(said)
        return found

    def _named(self, model: str, rows: Rows, name: str, wanted: str) -> dict[int, dict[str, Any]]:
        """The records that a field of these rows refers to, by their ids."""
        ids = numbers(rows, name)
        if not ids:
            return {}
        found = self._api.search(model, [["id", "in", ids]], (wanted,), context=_ARCHIVED_TOO)
        return {int(row["id"]): row for row in found}

    def _pages(self, model: str, domain: list[Any], wanted: Sequence[str]) -> Iterator[Rows]:
        last = 0
        for _ in range(_MOST_PAGES):
            behind = [*domain, ["id", ">", last]]
            rows = self._api.search(model, behind, wanted, limit=_SIZE)
            yield rows
            if len(rows) < _SIZE:
                return
            last = int(rows[-1]["id"])
        raise Permanent("Odoo's list never comes to an end", code="endless_list")


def _said(row: Mapping[str, Any]) -> OrderSaid:
    placed, total = row.get("date_order"), row.get("amount_total")
    return OrderSaid(
        number=str(row.get("client_order_ref") or row.get("name") or row["id"]),
        remote_id=str(row["id"]),
        status=_status(row),
        placed_at=datetime.fromisoformat(str(placed)).replace(tzinfo=UTC) if placed else None,
        total=None if total is None else text(_number(total)),
    )


def _status(row: Mapping[str, Any]) -> OrderStatus:
    state = row.get("state")
    if state == "cancel":
        return "cancelled"
    if row.get("delivery_status") == "full":
        return "shipped"
    return {"sale": "open", "done": "open", "draft": "on_hold", "sent": "on_hold"}.get(
        str(state), "unknown"
    )  # type: ignore[return-value]


def _number(value: Any) -> Decimal:
    return Decimal(str(value or 0))


def _one(value: Any) -> int:
    return next(iter(references(value)), 0)


def _name(value: Any) -> str:
    """The name of what a field refers to."""
    return str(value[1]) if references(value) and len(value) == 2 else ""
