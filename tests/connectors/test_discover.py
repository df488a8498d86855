"""What a look at a system finds, against the sandbox store, warehouse and ERP."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from integrations.connectors import registry
from integrations.domain import discover as module
from integrations.domain.discover import discover, discover_from
from tests.connectors.conformance import client_of, connection
from tests.connectors.sql.erp import sqlite_erp
from tests.connectors.x12.test_warehouse import Warehouse

HTTP = registry.get("http")
WOO = registry.get("woocommerce")
GOLDEN = Path(__file__).parent / "http" / "golden"


@pytest.fixture(scope="module")
def shop(harnesses: Any) -> Any:
    return harnesses("woocommerce")


def test_a_store_shows_its_object_types_and_samples(shop: Any) -> None:
    before = shop.told()
    found = {f.stream: f for f in discover(WOO, shop.connection())}
    assert shop.told() == before
    assert {name: f.object_type for name, f in found.items()} == {
        "orders": "order",
        "products": "product",
        "customers": "customer",
        "refunds": "return",
    }
    assert [f.error for f in found.values()] == [""] * 4
    assert [len(f.documents) for f in found.values()] == [20, 20, 20, 2]
    assert [len(f.samples) for f in found.values()] == [3, 3, 3, 2]
    assert found["orders"].documents[0]["number"] == str(
        json.loads(found["orders"].samples[0])["number"]
    )


def test_fields_of_plug_ins_are_found_and_those_the_mapper_reads_are_not(shop: Any) -> None:
    order = json.loads(shop.samples()[0].body)
    order["gift_wrap"] = {"paper": "blue"}
    order["line_items"][0]["engraving"] = "For Sam"
    order["meta_data"] = [
        {"id": 1, "key": "_route", "value": "7B"},
        {"id": 2, "key": "po_number", "value": "PO-1"},
    ]
    [found] = discover_from(WOO, shop.connection(), "order", [json.dumps(order).encode()])
    fields = found.custom_fields
    assert {"gift_wrap", "line_items[].engraving", 'meta_data[key="_route"].value'} <= set(fields)
    # The mapper makes the canonical addresses and prices of these; a row reads the purchase order.
    read = {"shipping", "billing", "line_items[].subtotal", 'meta_data[key="po_number"].value'}
    assert not read & set(fields)


def test_a_plain_document_in_our_own_shapes_has_no_custom_fields() -> None:
    to = connection(HTTP, settings={}, secrets={})
    [found] = discover_from(HTTP, to, "order", [(GOLDEN / "order.json").read_bytes()])
    assert found.custom_fields == []
    assert found.documents[0]["number"]


def test_a_webhook_sender_is_known_by_the_bytes_it_sent() -> None:
    to = connection(HTTP, settings={}, secrets={})
    assert discover(HTTP, to) == []
    raw = [b'{"number":"1","zone":{"x":1}}', b"no JSON", b'{"number":"2","zone":{"y":2}}']
    [found] = discover_from(HTTP, to, "order", raw)
    assert [d["number"] for d in found.documents] == ["1", "2"]
    assert found.samples == raw
    assert (found.problems, found.custom_fields) == (1, ["zone"])


def test_an_erp_shows_its_columns_and_stays_as_it_was(tmp_path: Path) -> None:
    sql = registry.get("sql")
    with sqlite_erp(tmp_path) as erp:
        erp.rows("ALTER TABLE item ADD COLUMN hazmat_class text DEFAULT '9'")
        found = {
            f.stream: f
            for f in discover(sql, connection(sql, settings={"url": erp.url}, secrets={}))
        }
    assert [f.error for f in found.values()] == [""] * 5
    assert found["products"].object_type == "product"
    assert "hazmat_class" in found["products"].custom_fields
    assert "descr" not in found["products"].custom_fields


def test_a_stream_that_fails_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    sql = registry.get("sql")
    queries = """
products: {from: no_such_table, key: item_no, changed_at: changed_at}
customers: {from: customer, key: cust_no, changed_at: changed_at}
"""
    with sqlite_erp(tmp_path) as erp:
        to = connection(sql, settings={"url": erp.url, "queries": queries}, secrets={})
        found = {f.stream: f for f in discover(sql, to)}
    assert "no_such_table" in found["products"].error
    assert found["products"].object_type == "product"
    assert (len(found["customers"].documents), found["customers"].error) == (12, "")


def test_a_stream_that_hangs_is_given_up(shop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS_A_STREAM", 0.3)
    mapper = type("OneStream", (), {**vars(WOO.mapper), "STREAMS": {"orders": "order"}})
    shop.misbehave(slow={"n": 1, "seconds": 1.5})
    started = time.monotonic()
    [found] = discover(replace(WOO, mapper=mapper), shop.connection())
    assert found.error == "It gave nothing within 0.3 s."
    assert time.monotonic() - started < 1.2


def test_no_more_than_some_megabytes_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 40)
    to = connection(HTTP, settings={}, secrets={})
    [found] = discover_from(HTTP, to, "order", [b'{"number":"1"}'] * 5)
    assert len(found.documents) == 2


def test_the_sandbox_warehouse_passes_the_test_and_is_left_as_it_was(tmp_path: Path) -> None:
    house = Warehouse(tmp_path)
    try:
        lines = list(house.client.test_connection())
        assert [line.passed for line in lines] == [True, None, True, True, True]
        out = tmp_path / "files" / "out"
        house.tell("inventory")
        until = time.monotonic() + 5
        while not (before := files(out)) and time.monotonic() < until:
            time.sleep(0.05)
        assert len(before) == 1
        x12 = registry.get("x12")
        found = discover(x12, house.connection)
        assert files(out) == before
        assert [(f.object_type, f.error) for f in found] == [("inventory", "")]
        assert found[0].documents
    finally:
        house.client.close()
        house.process.terminate()
        house.process.wait(10)
        house.process.stdout.close()


def files(folder: Path) -> list[str]:
    """What is finished there: the warehouse writes beside, and renames."""
    found = (p for p in folder.rglob("*") if p.is_file() and p.suffix != ".tmp")
    return sorted(str(p.relative_to(folder)) for p in found)


def test_the_client_of_a_look_is_closed(shop: Any) -> None:
    closed: list[bool] = []

    class Watched(WOO.client):  # type: ignore[name-defined,misc]
        def close(self) -> None:
            closed.append(True)
            super().close()

    discover(replace(WOO, client=Watched), shop.connection())
    assert closed == [True]
    with client_of(WOO, shop.connection()) as client:
        assert not hasattr(client, "peek")
