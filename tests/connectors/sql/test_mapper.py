"""Rows to records and records to the ERP's documents, by the default mappings."""

import json
from pathlib import Path
from typing import Any

import pytest

from integrations.canonical.validation import validate
from integrations.connectors.sql import CONNECTOR, mapper, rows
from integrations.mapping import MISSING, compile_mapping
from integrations.mapping.compiled import Outcome
from tests.connectors.conformance import connection
from tests.connectors.x12.test_envelope import order

pytestmark = pytest.mark.pure
GOLDEN = Path(__file__).parent / "golden"
TO = connection(CONNECTOR, settings={"url": "sqlite://"}, secrets={})
READS = ("product", "customer", "price_list", "inventory", "invoice")


def run(object_type: str, direction: Any, document: Any, **tables: dict[str, str]) -> Outcome:
    mapping = compile_mapping(mapper.MAPPINGS[object_type, direction], name=object_type)
    return mapping.run(
        document,
        lookup=lambda table, code: tables.get(table, {}).get(code, code),
        binding=lambda kind, number: tables.get("bindings", {}).get(number, MISSING),
        context={"settings": dict(TO.settings), "version": 1},
    )


@pytest.mark.parametrize("object_type", READS)
def test_a_row_becomes_the_golden_record(object_type: str) -> None:
    body = (GOLDEN / f"{object_type}.in.row.json").read_bytes()
    [document] = mapper.read(object_type, "", body, TO).documents
    outcome = run(object_type, "in", document, sku={"10-00217": "TENT-2P"})
    assert outcome.problems == []
    assert outcome.body == json.loads((GOLDEN / f"{object_type}.in.json").read_text())
    assert validate(object_type, outcome.body) == []


def eaches_order(**changes: Any) -> dict[str, Any]:
    found = order(**changes)
    found["lines"] = [{**line, "uom": "EA"} for line in found["lines"]]
    return found


def test_an_order_becomes_the_golden_document() -> None:
    outcome = run("order", "out", eaches_order(), erp_item={"TENT-2P": "10-00217"})
    assert outcome.problems == []
    assert outcome.body == json.loads((GOLDEN / "order.out.json").read_text())


def test_a_shipment_becomes_the_golden_document() -> None:
    shipment = {
        "number": "SH-90077",
        "site": "RNO1",
        "order_number": "SO-10442",
        "tracking": ["1Z0001", "1Z0002"],
        "shipped_at": "2026-03-03",
        "status": "partial",
        "lines": [
            {"sku": "TENT-2P", "shipped": "24", "uom": "EA"},
            {"sku": "MUG-12", "shipped": "0", "uom": "EA"},
        ],
    }
    outcome = run("shipment", "out", shipment, bindings={"TENT-2P": "10-00217"})
    assert outcome.problems == []
    assert outcome.body == json.loads((GOLDEN / "shipment.out.json").read_text())


def test_an_order_in_cases_is_held_and_not_booked_as_eaches() -> None:
    outcome = run("order", "out", order())
    assert [(p.code, p.path) for p in outcome.problems] == [("mapping_error", "lines[1].qty")]
    assert "this line is in CA" in outcome.problems[0].text


def test_a_cancelled_shipment_is_held_and_not_booked() -> None:
    shipment = {"number": "SH-1", "order_number": "SO-1", "status": "cancelled", "lines": []}
    outcome = run("shipment", "out", shipment)
    assert "Nothing was shipped" in outcome.problems[0].text


def test_orders_go_on_the_house_account_or_on_their_own() -> None:
    body = eaches_order(customer={"account": "C10001"})
    assert run("order", "out", body).body["customer"] == "WEB"  # type: ignore[index]
    mapping = compile_mapping(mapper.MAPPINGS["order", "out"], name="order")
    outcome = mapping.run(
        body,
        lookup=lambda table, code: code,
        binding=lambda kind, number: MISSING,
        context={"settings": {**TO.settings, "house_account": ""}},
    )
    assert outcome.body is not None
    assert outcome.body["customer"] == "C10001"


@pytest.mark.parametrize(
    ("mark", "earlier"),
    [
        ("2026-03-02 13:58:04.123", "2026-03-02 13:57:04.123"),
        ("2026-03-02 13:58:04", "2026-03-02 13:57:04"),
        ("2026-03-02T13:58:04Z", "2026-03-02T13:57:04Z"),
        ("2026-03-02 00:00:30.5+00:00", "2026-03-01 23:59:30.5+00:00"),
        ("2026-03-02 13:58:04.123456", "2026-03-02 13:57:04.123456"),
        ("2026-03-02", "2026-03-01"),
        ("20260302", "20260302"),
        ("8812", "8812"),
        ("0x00A1", "0x00A1"),
        ("0001-01-01 00:00:00", "0001-01-01 00:00:00"),
    ],
)
def test_a_mark_is_set_back_in_its_own_notation(mark: str, earlier: str) -> None:
    assert rows.earlier(mark, 60) == earlier
