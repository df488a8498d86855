"""Streams of native documents, and both sides of an edit run over one of them."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from random import Random
from typing import Any, NamedTuple

from benchmarks import evidence_documents as documents
from integrations.canonical.problem import Problem
from integrations.canonical.validation import validate
from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.edi_files.x12_stock import native_levels
from integrations.connectors.sql import mappings as sql
from integrations.connectors.woocommerce import mapper as woocommerce
from integrations.connectors.woocommerce import mappings as shop
from integrations.connectors.x12 import mappings as warehouse
from integrations.connectors.x12.shipments import native_shipment
from integrations.evidence import DocumentChange, Result, compare, result_of
from integrations.mapping import MISSING, CompiledMapping, Row, compile_mapping
from integrations.routing import Rules, Site, compile_rules, decide

SEED, COUNT = 20260302, 200
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
SITES = (
    Site("RNO1", order=1, region="NV", stocked=False),
    Site("ATL2", order=2, region="GA", stocked=False),
)
RULES = [
    {"n": 1, "if": {"ship_to.region": ["GA", "MA", "NJ", "CT"]}, "then": {"force": "ATL2"}},
    {"n": 2, "if": {}, "then": {"rank": ["site_order"]}},
]
LOOKUPS: dict[tuple[str, str], Any] = {
    **{("sku", item[0]): item[0] for item in documents.ITEMS},
    **{("sku", f"ITM{n:04}"): f"ITM{n:04}" for n in range(COUNT)},
    **{("uom", unit): unit for unit in ("EA", "CA", "PC")},
    ("carrier", "UPSN"): "UPS",
    ("carrier", "FDEG"): "FedEx Ground",
    ("carrier", "RDWY"): "YRC Freight",
}


class Edit(NamedTuple):
    """A change of one configuration. In `rows`, None takes a row out; `rules` replace the routing's."""

    name: str
    stream: str
    harmful: bool
    rows: Mapping[str, str | None] = {}
    lookups: Mapping[tuple[str, str], Any] = {}
    rules: Sequence[Mapping[str, Any]] = ()


class Stream(NamedTuple):
    """`object_type` empty: what comes out is a target's own document, which no canonical schema is
    for."""

    object_type: str
    rows: Sequence[Row]
    natives: Callable[[], list[Any]]
    context: Mapping[str, Any] = {}


class Version(NamedTuple):
    """One side of an edit, ready to run."""

    stream: Stream
    mapping: CompiledMapping
    lookups: Mapping[tuple[str, str], Any]
    rules: Rules

    def run(self, native: Any) -> Result:
        def find(table: str, code: str) -> Any:
            return self.lookups.get((table, code), MISSING)

        outcome = self.mapping.run(
            native, lookup=find, binding=find, context=self.stream.context or None
        )
        problems = list(outcome.problems)
        kind = self.stream.object_type
        if not kind:
            key = str((outcome.body or {}).get("reference", ""))
            return Result(outcome.body, tuple(problems), key=key)
        problems = problems or validate(kind, outcome.body)
        target = "" if problems or kind != "order" else self._route(outcome.body or {})
        return result_of(kind, outcome.body, problems=problems, target=target)

    def _route(self, body: dict[str, Any]) -> str:
        found = decide(body, sites=SITES, rules=self.rules, stock={}, hazmat_skus=(), now=NOW)
        return found.chosen or ""


def versions(edit: Edit) -> tuple[Version, Version]:
    stream = STREAMS[edit.stream]
    rows = {row.target: row.source for row in stream.rows}
    changed = {**rows, **edit.rows}
    new = [Row(target, source) for target, source in changed.items() if source is not None]
    return (
        Version(stream, compile_mapping(stream.rows, name="old"), LOOKUPS, compile_rules(RULES)),
        Version(
            stream,
            compile_mapping(new, name="new"),
            {**LOOKUPS, **edit.lookups},
            compile_rules(edit.rules or RULES),
        ),
    )


def replay(edit: Edit) -> list[DocumentChange]:
    """Every document of the edit's stream through both versions."""
    old, new = versions(edit)
    return [
        compare(f"{edit.stream} {n}", old.run(native), new.run(native))
        for n, native in enumerate(natives(edit.stream), 1)
    ]


@cache
def natives(name: str) -> list[Any]:
    return STREAMS[name].natives()


def _connection(slug: str, **settings: Any) -> Connection:
    declared = registry.get(slug).settings
    defaults = {s.name: s.default for s in declared if not s.secret}
    return Connection(
        endpoint_id=1, slug="harbor-store", settings={**defaults, **settings}, secrets={}
    )


def _shop_orders() -> list[Any]:
    connection = _connection("woocommerce")
    raw = documents.orders(Random(SEED), COUNT)
    read = [
        woocommerce.read("order", "order.created", json.dumps(one).encode(), connection)
        for one in raw
    ]
    return [one for native in read for one in native.documents]


def _warehouse(make: Callable[..., list[Any]], raw: list[Any]) -> list[Any]:
    connection = _connection("x12", site="RNO1", time_zone="America/Los_Angeles")
    problems: list[Problem] = []
    found = [native for one in raw for native in make(one, connection, problems)]
    if problems:
        raise SystemExit(f"the documents are not read: {problems[:3]}")
    return found


def _canonical_orders() -> list[Any]:
    """Valid orders, as the hub would send them on."""
    mapping = compile_mapping(shop.ORDER_IN, name="orders")
    outcomes = [
        mapping.run(
            native, lookup=lambda t, c: LOOKUPS.get((t, c), MISSING), binding=lambda t, c: MISSING
        )
        for native in natives("shop orders")
    ]
    return [one.body for one in outcomes if not one.problems]


_ERP = {"settings": {"time_zone": "America/Chicago", "house_account": ""}}

STREAMS: dict[str, Stream] = {
    "shop orders": Stream("order", shop.ORDER_IN, _shop_orders),
    "ERP products": Stream(
        "product", sql.PRODUCT_IN, lambda: documents.products(Random(SEED), COUNT), _ERP
    ),
    "ERP invoices": Stream(
        "invoice", sql.INVOICE_IN, lambda: documents.invoices(Random(SEED), COUNT), _ERP
    ),
    "ERP prices": Stream(
        "price_list", sql.PRICE_LIST_IN, lambda: documents.price_lists(Random(SEED), COUNT), _ERP
    ),
    "shipments": Stream(
        "shipment",
        warehouse.SHIPMENT_IN,
        lambda: _warehouse(native_shipment, documents.shipments(Random(SEED), COUNT)),
        {"site": "RNO1"},
    ),
    "stock": Stream(
        "inventory",
        warehouse.INVENTORY_IN,
        lambda: _warehouse(native_levels, documents.levels(Random(SEED), COUNT)),
        {"site": "RNO1"},
    ),
    "orders to the ERP": Stream("", sql.ORDER_OUT, _canonical_orders, _ERP),
}
