"""mock-edi buys from us: it judges our answers, notices and invoices against what it ordered."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.domain import poll
from integrations.models import PollCursor, Record
from monitoring.models import ExceptionCase
from portal.core import clock
from tests import pipeline
from tests.connectors.x12.server import USER, Server
from tests.counterparts.mock_edi_running import Partner

pytestmark = [
    pytest.mark.counterpart(system="mock-edi", flow="a buyer's orders, answers, notices, invoices"),
    pytest.mark.db,
]

LINES = [
    {"sku": "TENT-2P", "quantity": "24", "uom": "EA", "price": "61.50"},
    {"sku": "MUG-12", "quantity": "2", "uom": "CA", "price": "54.00"},
]
SUPPLIERS = {
    "X12": {"dialect": "X12", "version": "004010"},
    "EDIFACT": {"dialect": "EDIFACT", "version": "D:96A:UN"},
}


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server("pw")
    yield made
    made.close()


@pytest.fixture
def buyer(server: Server) -> Iterator[Partner]:
    made = Partner(server)
    yield made
    made.close()


def endpoint(kestrel: Any, server: Server, syntax: str) -> Any:
    made = pipeline.endpoint(
        kestrel.harbor, "retailer", "edi", label="Mock", rate_per_second=1000,
        secrets={"password": "pw"}, channel={"share": 1},
        settings={
            "host": "127.0.0.1", "port": server.port, "user": USER, "host_key": server.host_key_line,
            "drop_folder": "in", "pick_up_folder": "out", "syntax": syntax, "usage": "T",
            "own_id": "NORTHWIND", "own_qualifier": "ZZ", "partner_id": "MOCKEDI",
            "partner_qualifier": "ZZ", "own_code": "NORTHWIND", "own_name": "Northwind",
            "partner_code": "MOCKEDI",
        },
    )  # fmt: skip
    PollCursor.objects.create(endpoint=made, stream="files", every_seconds=0, due_at=clock.now())
    return made


def trade(kestrel: Any, retailer: Any, buyer: Partner) -> None:
    """We take what the buyer put there, and the buyer what we put."""
    for _ in range(2):
        PollCursor.objects.update(due_at=clock.now())
        poll.poll(retailer.pk)
        pipeline.run(kestrel.harbor)
        buyer.ask("POST", "drop/scan")


SHIPMENT = {
    "number": "SH-1", "site": "RNO1", "order_number": "4500001001", "status": "complete",
    "shipped_at": "2026-10-14T16:10:00Z", "carrier": {"scac": "UPSN"},
    "lines": [
        {"sku": "TENT-2P", "shipped": "24", "uom": "EA", "sscc": "000123450000000010"},
        {"sku": "MUG-12", "shipped": "2", "uom": "CA", "sscc": "000123450000000027"},
    ],
}  # fmt: skip
INVOICE = {
    "number": "INV-1", "type": "invoice", "order_number": "4500001001", "issued_on": "2026-10-15",
    "currency": "USD", "status": "posted", "totals": {"freight": "12.50", "total": "1596.50"},
    "lines": [
        {"sku": "TENT-2P", "quantity": "24", "uom": "EA", "unit_price": "61.50", "total": "1476.00"},
        {"sku": "MUG-12", "quantity": "2", "uom": "CA", "unit_price": "54.00", "total": "108.00"},
    ],
}  # fmt: skip


@pytest.mark.parametrize("syntax", SUPPLIERS)
def test_a_purchase_is_answered_shipped_and_invoiced_without_a_disagreement(
    kestrel: Any, server: Server, buyer: Partner, syntax: str
) -> None:
    retailer = endpoint(kestrel, server, syntax)
    house = pipeline.endpoint(kestrel.harbor, "house", settings={})
    for object_type in ("shipment", "invoice"):
        pipeline.flow(house, retailer, object_type)
    buyer.ask("PATCH", "partners/NORTHWIND", SUPPLIERS[syntax])
    order = {"partner": "NORTHWIND", "po_number": "4500001001", "requested_on": "2026-10-15"}
    buyer.ask("POST", "purchase", {**order, "lines": LINES})

    trade(kestrel, retailer, buyer)
    taken = Record.objects.get(object_type="order")
    assert (taken.number, taken.body["totals"]["total"]) == ("4500001001", "1584")
    pipeline.store(house, SHIPMENT, object_type="shipment")
    trade(kestrel, retailer, buyer)
    pipeline.store(house, INVOICE, object_type="invoice")
    trade(kestrel, retailer, buyer)
    trade(kestrel, retailer, buyer)

    theirs = buyer.ask("GET", "orders/4500001001")
    lines = [(x["confirmed"], x["shipped"], x["invoiced"]) for x in theirs["lines"]]
    assert lines == [("24", "24", "24"), ("2", "2", "2")], theirs
    assert buyer.ask("GET", "disagreements?partner=NORTHWIND") == []
    out = {"direction": "out", "endpoint": retailer}
    assert pipeline.states(object_type="shipment", **out) == ["confirmed"], pipeline.story()
    assert pipeline.states(object_type="invoice", **out) == ["confirmed"]
    assert not ExceptionCase.objects.exists(), pipeline.story()
    assert list((server.root / "in" / "failed").glob("*")) == [], "it could not read what we wrote"
