"""The Tryton connector against a small ERP with Tryton's wire."""

import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from integrations.connectors import registry
from integrations.connectors.connection import Connection
from integrations.connectors.outbound import Outbound
from tests.connectors.answering import Answering
from tests.connectors.conformance import (
    HTTP_FAULTS,
    SECRET_MARK,
    Sample,
    client_of,
    connection,
    read_stream,
)
from tests.connectors.tryton.company import Company
from tests.connectors.tryton.server import Server

NAMESPACE = UUID("61f5a5d2-7f5e-4f0c-8a5b-0b7d7f1f5c55")
KEY = f"key-{SECRET_MARK}"
LONG_AGO = "2026-01-01T00:00:00"


def order(reference: str, **changes: Any) -> dict[str, Any]:
    """An order as the mapping hands it over."""
    line = {"product": "TENT-2P", "quantity": "2", "unit": "", "unit_price": "189.00"}
    return {
        "reference": reference,
        "description": "webshop",
        "party": "C-1",
        "status": "open",
        "currency": "USD",
        "ship_to": {"name": "Sam Reyes", "lines": ["5 Main St"], "city": "Reno", "region": "NV",
                    "postal_code": "89501", "country": "US"},
        "lines": [line],
        **changes,
    }  # fmt: skip


def outbound(document: dict[str, Any], *, kind: str = "order", **known: Any) -> Outbound:
    key = str(document.get("reference"))
    given = {"remote_id": None, "retried": False, **known}
    return Outbound(uuid5(NAMESPACE, f"{kind} {key}"), kind, f"webshop/{key}", document, **given)


class Harness:
    slug = "tryton"
    faults = HTTP_FAULTS
    streams = {"shipments": 3, "stock": 406, "invoices": 2, "products": 204, "customers": 120}

    def __init__(self) -> None:
        self.company = Company()
        self.server = Server(self.company, KEY)
        self.answering = Answering()
        self.connector = registry.get("tryton")
        for number in range(200):
            self.company.product(f"P-{number:03}")
        for number in range(118):
            self.company.customer(f"B-{number:03}", f"Buyer {number}")
        self._trade()

    def _trade(self) -> None:
        with client_of(self.connector, self.connection()) as client:
            for number in range(3):
                list(client.deliver([outbound(order(f"WEB-{number}"))]))
        for shipment in list(self.company.records["stock.shipment.out"]):
            for button in ("assign_try", "pick", "pack", "do"):
                self.company.press("stock.shipment.out", shipment, button)
        for number in (1, 2):
            invoice(self.company, number)

    def close(self) -> None:
        self.server.close()
        self.answering.close()

    def connection(self, **settings: Any) -> Connection:
        return self.connection_to(self.server.url, since=LONG_AGO, **settings)

    def connection_to(self, url: str, *, key: str = KEY, **settings: Any) -> Connection:
        entered = {"url": url, "database": "erp", **settings}
        return connection(self.connector, settings=entered, secrets={"key": key})

    def with_wrong_key(self) -> Connection:
        return self.connection_to(self.server.url, key=f"wrong-{SECRET_MARK}")

    def with_nobody_there(self) -> Connection:
        return self.connection_to("http://127.0.0.1:1")

    def meeting(self, fault: str) -> Connection:
        self.answering.meet(fault)
        return self.connection_to(self.answering.url)

    def samples(self) -> list[Sample]:
        found = []
        with client_of(self.connector, self.connection()) as client:
            for stream in self.streams:
                documents, _ = next(read_stream(client, stream, {}))
                first = documents[0]
                found.append(Sample(first.object_type, first.topic, first.body))
        return found

    def minimal(self) -> list[Sample]:
        stamp = {"__class__": "datetime", "year": 2026, "month": 3, "day": 2, "hour": 9, "minute": 0,
                 "second": 0, "microsecond": 0}  # fmt: skip
        day = {"__class__": "date", "year": 2026, "month": 3, "day": 2}
        unit, product = {"symbol": "u"}, {"code": "TENT-2P"}
        sale = {"id": 4, "number": "4", "shipment_state": "sent"}
        move = {"quantity": 1.0, "product": product, "unit": unit, "sale": sale}
        changed = {"create_date": stamp, "write_date": None}
        bodies: dict[str, Any] = {
            "shipment": {"id": 1, "number": "1", "reference": None, "effective_date": day,
                         "warehouse": {"code": "WH"}, "outgoing_moves": [move], **changed},
            "inventory": {"warehouse": {"id": 5, "code": "WH"}, "as_of": stamp,
                          "product": {"code": "TENT-2P", "default_uom": unit, "quantity": 0.0,
                                      "forecast_quantity": 0.0}},
            "invoice": {"id": 1, "number": "1", "state": "posted", "invoice_date": day, "sales": [],
                        "lines_to_pay": [], "lines": [], "currency": {"code": "USD"},
                        "amount_to_pay": None, "untaxed_amount": None, "tax_amount": None,
                        "total_amount": {"__class__": "Decimal", "decimal": "0.00"}, **changed},
            "product": {"id": 1, "code": "A", "active": 1, "salable": False, "default_uom": unit,
                        "template": {"name": "A", "list_price": None}, "identifiers": [], **changed},
            "customer": {"id": 1, "code": "A", "name": "A", "email": "", "phone": "", "addresses": [],
                         "customer_payment_term": None, **changed},
        }  # fmt: skip
        return [Sample(kind, "", json.dumps(body).encode()) for kind, body in bodies.items()]

    def with_unknown_fields(self) -> list[Sample]:
        return [sample._replace(body=_with_strangers(sample.body)) for sample in self.samples()]

    def order_like(self, *, name: str, lines: int) -> Sample:
        shipment = json.loads(self.samples()[0].body)
        shipment["delivery_address"]["party_name"] = name
        shipment["outgoing_moves"] = [shipment["outgoing_moves"][0]] * lines
        return Sample("shipment", "shipment.polled", json.dumps(shipment).encode())

    def outbound(self, *, key: str, retried: bool = False) -> Outbound:
        return outbound(order(key), retried=retried)

    def effects(self) -> int:
        return len(self.company.records["sale.sale"])


def invoice(company: Company, number: int, **values: Any) -> int:
    """A posted invoice of the sale with this id."""
    line = company.add(
        "account.invoice.line", type="line", product=company.products["TENT-2P"], description=None,
        quantity=2.0, unit=company.unit, unit_price=Decimal("189.0000"), amount=Decimal("378.00"),
    )  # fmt: skip
    due = company.add("account.move.line", maturity_date=date(2026, 4, 1))
    return company.add("account.invoice", **{
        "number": f"F-{number}", "state": "posted", "type": "out", "invoice_date": date(2026, 3, 2),
        "currency": 1, "untaxed_amount": Decimal("378.00"), "tax_amount": Decimal("37.80"),
        "total_amount": Decimal("415.80"), "amount_to_pay": Decimal("415.80"), "lines_to_pay": [due],
        "sales": [number], "party": company.party, "lines": [line], **values,
    })  # fmt: skip


def _with_strangers(body: bytes) -> bytes:
    document = json.loads(body)
    stranger = {"x_module": {"a": [1, 2.5, {"b": None}], "ü": "🏕️"}}
    holders = [document, *document.get("lines", []), *document.get("outgoing_moves", [])]
    for holder in holders:
        holder.update(stranger)
    return json.dumps(document).encode()
