"""A customer with an ERP that is a real database, a warehouse and a shop, which all agree at first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from integrations.models import Endpoint, LookupRow, LookupTable
from monitoring.domain import reconcile_define, reconcile_run
from monitoring.models import Break, Reconciliation, ReconRun
from portal.core import clock
from portal.customers.models import Customer
from sandbox.catalog import PRODUCTS, opening_stock
from tests import pipeline
from tests.connectors.sql.erp import Erp, sqlite_erp
from tests.monitoring.conftest import ana, ben
from tests.scenarios import target

__all__ = ["ana", "ben"]

ITEMS = {product.sku: product.erp_item for product in PRODUCTS}
TENT = ITEMS["TENT-2P"]
MORNING = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


class House:
    """The customer's systems, and what tests do to them."""

    def __init__(self, customer_id: int, erp: Erp, url: str) -> None:
        self.customer_id, self.erp = customer_id, erp
        self.customer = Customer.objects.get(pk=customer_id)
        _lookups(customer_id)
        self.shop = pipeline.endpoint(customer_id, "shop", label="Web shop", settings={})
        self.books = pipeline.endpoint(
            customer_id, "books", "sql", label="ERP", secrets={}, settings={"url": erp.url},
            rate_per_second=1000,
        )  # fmt: skip
        self.reno = pipeline.endpoint(
            customer_id, "reno", label="Northwind Reno", site="RNO1", settings={"url": url},
            rate_per_second=1000,
        )  # fmt: skip
        pipeline.flow(self.shop, self.books)
        pipeline.flow(self.shop, self.reno, routed=True)
        pipeline.flow(self.reno, self.books, "shipment")
        pipeline.flow(self.reno, self.books, "adjustment")
        self.product("TENT-2P", price="61.50", case="12")

    def product(self, sku: str, *, price: str = "10.00", case: str = "", **fields: Any) -> None:
        units = [{"uom": "EA", "factor": "1"}, *([{"uom": "CA", "factor": case}] if case else [])]
        body = {"sku": sku, "title": sku, "status": "active", "base_uom": "EA", "units": units,
                "price": price, **fields}  # fmt: skip
        self.arrive(self.books, body, "product", raw=True)

    def arrive(self, source: Endpoint, body: Any, object_type: str, *, raw: bool = False) -> None:
        """A document comes in. `raw`: canonical, though its source speaks otherwise."""
        if raw:
            source = self.shop
        pipeline.store(source, body, object_type=object_type)
        pipeline.run(self.customer_id)

    def count(self, changes: dict[str, int] | None = None, *, at: datetime | None = None) -> None:
        """The warehouse reports what it has: as the ERP began, with `changes` to some items."""
        as_of = (at or clock.now()).strftime("%Y-%m-%dT%H:%M:%SZ")
        changed = changes or {}
        for sku in ITEMS:
            quantity = opening_stock(sku, "RNO1") + changed.get(sku, 0)
            body = {
                "site": "RNO1",
                "sku": sku,
                "on_hand": str(quantity),
                "as_of": as_of,
                "uom": "EA",
            }
            pipeline.store(self.reno, body, object_type="inventory")
        pipeline.run(self.customer_id)

    def order(self, number: str, *lines: tuple[str, int], **fields: Any) -> None:
        """An order that goes to the ERP and to the warehouse."""
        bodies = [
            {"line_no": str(n), "sku": sku, "quantity": str(q), "uom": "EA", "unit_price": "61.50"}
            for n, (sku, q) in enumerate(lines, 1)
        ]
        placed = (clock.now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        goods = Decimal("61.50") * sum(q for _, q in lines)
        totals = {"lines": str(goods), "discount": "0", "shipping": "5.00", "tax": "0",
                  "total": str(goods + 5)}  # fmt: skip
        body = pipeline.order(number, lines=bodies, placed_at=placed, totals=totals, **fields)
        self.arrive(self.shop, body, "order")

    def ship(self, order: str, sku: str, quantity: int, *, number: str = "") -> None:
        """The warehouse reports that it sent some of an order."""
        body = {
            "number": number or f"SH-{order}",
            "site": "RNO1",
            "order_number": order,
            "shipped_at": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "status": "complete",
            "tracking": [f"1Z{order}"],
            "lines": [
                {"sku": sku, "shipped": str(quantity), "ordered": str(quantity), "uom": "EA"}
            ],
        }
        self.arrive(self.reno, body, "shipment")

    def erp_stock(self, item: str = TENT) -> int:
        (row,) = self.erp.rows(
            "SELECT on_hand FROM stock WHERE site = 'RNO1' AND item_no = :item", item=item
        )
        return row["on_hand"]

    def book(self, delta: int, item: str = TENT) -> None:
        """Somebody changes the stock in the ERP."""
        self.erp.rows(
            "UPDATE stock SET on_hand = on_hand + :delta WHERE site = 'RNO1' AND item_no = :item",
            delta=delta,
            item=item,
        )

    def define(
        self, kind: str = "inventory", *sides: dict[str, str], **content: Any
    ) -> Reconciliation:
        return reconcile_define.create(
            self.customer,
            label=f"{kind.capitalize()} of Reno",
            content={"kind": kind, "sides": list(sides) or self.sides, **content},
            actor="E. Ngineer",
        )

    sides = [
        {"role": "erp", "source": "live", "endpoint": "books"},
        {"role": "warehouse", "source": "hub", "endpoint": "reno"},
    ]


def _lookups(customer_id: int) -> None:
    for name, rows in (
        ("sku", {v: k for k, v in ITEMS.items()} | {k: k for k in ITEMS}),
        ("erp_item", ITEMS),
    ):
        table = LookupTable.objects.create(customer_id=customer_id, name=name)
        LookupRow.objects.bulk_create(
            LookupRow(table=table, code=code, value=value) for code, value in rows.items()
        )


@pytest.fixture
def sink() -> Iterator[target.Target]:
    with target.running() as server:
        yield server


@pytest.fixture
def house(kestrel, sink, tmp_path) -> Iterator[House]:
    with sqlite_erp(tmp_path) as erp:
        yield House(kestrel.harbor, erp, sink.url)


def run(one: Reconciliation, trigger: str = "person", **how: Any) -> ReconRun:
    """One run, all its steps."""
    made = reconcile_run.begin(one, trigger, **how)
    assert made is not None
    while reconcile_run.step(one.pk).done:
        pass
    made.refresh_from_db()
    return made


def twice(one: Reconciliation) -> ReconRun:
    """Two runs, so that what they agree on is told."""
    run(one)
    return run(one)


def only_break(one: Reconciliation) -> Break:
    (found,) = Break.objects.exclude(status="closed").filter(reconciliation=one)
    return found
